from __future__ import annotations

from pathlib import Path

import pytest

from biocapil import threads
from biocapil.cli.machine import FEATURES, peak_memory_mb, read_cpu, read_threads

CPU_INFO = """\
processor\t: 0
model name\t: Some CPU  @ 2.00GHz
flags\t\t: fpu popcnt avx2 avx512f
processor\t: 1
model name\t: Another
flags\t\t: fpu
"""


def test_the_first_processor_is_named_with_its_features(tmp_path: Path) -> None:
    file = tmp_path / "cpuinfo"
    file.write_text(CPU_INFO, encoding="utf-8")
    cpu = read_cpu(file)
    assert cpu.name == "Some CPU  @ 2.00GHz"
    assert tuple(cpu.features) == FEATURES
    assert {name for name, has in cpu.features.items() if has} == {"popcnt", "avx2", "avx512f"}


@pytest.mark.parametrize("text", ["Features\t: asimd\n", None])
def test_a_machine_that_describes_itself_otherwise_has_unknown_features(
    tmp_path: Path, text: str | None
) -> None:
    file = tmp_path / "cpuinfo"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    cpu = read_cpu(file)
    assert cpu.name
    assert cpu.architecture
    assert cpu.features == {}


def test_the_budget_is_told_with_what_it_comes_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    quota = tmp_path / "cpu.max"
    quota.write_text("150000 100000", encoding="ascii")
    monkeypatch.setattr(threads, "CGROUP_QUOTA", quota)
    monkeypatch.setenv("BIOCAPIL_THREADS", "3")
    found = read_threads()
    assert (found.budget, found.quota, found.environment, found.problem) == (3, 2, "3", "")
    assert found.affinity >= 1


def test_a_wrong_budget_is_a_problem_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIOCAPIL_THREADS", "many")
    found = read_threads()
    assert found.budget == 0
    assert "BIOCAPIL_THREADS must be a whole number" in found.problem


def test_the_most_memory_held_is_that_of_a_python_process_and_never_falls() -> None:
    before = peak_memory_mb()
    held = bytearray(b"x") * 50_000_000
    assert 20 < before <= peak_memory_mb() < 100_000
    assert peak_memory_mb() >= len(held) / 1e6
