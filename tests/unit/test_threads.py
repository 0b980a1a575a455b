"""The thread budget: affinity, cgroup quota, and the variable that overrides both."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from biocapil import threads
from biocapil.threads import map_in_order, thread_budget, worker_pool


@pytest.fixture(autouse=True)
def free_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine of eight cores without a quota and without an override; the quota file to be written."""
    monkeypatch.delenv(threads.ENVIRONMENT, raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(8)))
    monkeypatch.setattr(threads, "CGROUP_QUOTA", tmp_path / "cpu.max")
    return tmp_path / "cpu.max"


def test_without_a_quota_every_core_of_the_affinity_counts() -> None:
    assert thread_budget() == 8


@pytest.mark.parametrize(
    ("written", "budget"),
    [
        ("200000 100000\n", 2),
        ("150000 100000\n", 2),
        ("100000 100000\n", 1),
        ("1000 100000\n", 1),
        ("9900000 100000\n", 8),
        ("max 100000\n", 8),
    ],
)
def test_a_quota_is_rounded_up_and_never_widens_the_affinity(
    free_machine: Path, written: str, budget: int
) -> None:
    free_machine.write_text(written, encoding="ascii")
    assert thread_budget() == budget


@pytest.mark.parametrize("written", ["", "max", "200000", "a b", "200000 0", "200000 -5", "1 2 3", "\xff"])
def test_a_quota_file_that_says_nothing_sound_counts_as_no_quota(free_machine: Path, written: str) -> None:
    free_machine.write_bytes(written.encode("latin-1"))
    assert thread_budget() == 8


def test_the_environment_overrides_affinity_and_quota(
    free_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free_machine.write_text("100000 100000", encoding="ascii")
    monkeypatch.setenv(threads.ENVIRONMENT, " 13 ")
    assert thread_budget() == 13


def test_an_empty_override_is_no_override(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(threads.ENVIRONMENT, "  ")
    assert thread_budget() == 8


@pytest.mark.parametrize("value", ["0", "-1", "2.5", "many", "1e3"])
def test_an_override_that_is_no_count_is_refused_with_its_value(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv(threads.ENVIRONMENT, value)
    with pytest.raises(ValueError, match=f"BIOCAPIL_THREADS must be a whole number.*{value!r}"):
        thread_budget()


def test_where_the_system_knows_no_affinity_the_core_count_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 5)
    assert thread_budget() == 5
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert thread_budget() == 1


def test_the_pool_has_the_budgeted_number_of_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(threads.ENVIRONMENT, "3")
    together = threading.Barrier(3, timeout=10)
    with worker_pool() as pool:
        assert sorted(pool.map(lambda _: together.wait(), range(3))) == [0, 1, 2]
        assert pool._max_workers == 3


def test_the_pool_takes_an_explicit_number_of_workers() -> None:
    with worker_pool(2) as pool:
        names = set(pool.map(lambda _: threading.current_thread().name, range(20)))
        assert pool._max_workers == 2
    assert names <= {"biocapil_0", "biocapil_1"}


def test_results_come_in_the_order_of_the_items() -> None:
    assert list(map_in_order(lambda item: item * item, range(50), workers=3)) == [n * n for n in range(50)]
    assert list(map_in_order(str, [])) == []


def test_only_a_few_items_are_taken_ahead_and_none_after_the_caller_stops() -> None:
    begun: list[int] = []
    results = map_in_order(lambda item: begun.append(item) or item, range(10_000), workers=2)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    results.close()
    assert len(begun) <= 3 + 2 * threads.AHEAD_PER_WORKER


def test_an_error_in_a_task_reaches_the_caller() -> None:
    results = map_in_order(lambda item: 1 // item, [1, 0, 1], workers=1)
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)
