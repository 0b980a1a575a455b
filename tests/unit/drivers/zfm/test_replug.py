"""Unplugged and plugged in again at random moments: capture works each time, and nothing is left over."""

from __future__ import annotations

import gc
import os
import random
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from tests.unit.left_over import files_beyond, open_files

from biocapil.capture import (
    CancelToken,
    Captured,
    CaptureRequest,
    CaptureResult,
    Deadline,
    Patience,
    Supervisor,
    SystemClock,
    ignore_events,
)
from biocapil_drivers.testing.plain_cases import took_back
from biocapil_drivers.zfm.bench import ZfmBench

pytest.importorskip("serial", reason="pyserial is not installed: pip install 'biocapil[devices]'")

SOAKING = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
REPLUGS = 1_000 if SOAKING else 6
CANCELS = 1_000 if SOAKING else 6
CLOCK = SystemClock()
QUICK = Patience(heartbeat_s=0.5, first_rest_s=0.02, longest_rest_s=0.2, look_s=0.02)
PAGE = os.sysconf("SC_PAGE_SIZE")


@pytest.fixture
def bench() -> Iterator[ZfmBench]:
    made = ZfmBench()
    yield made
    made.close()


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE


def capture(supervisor: Supervisor, seconds: float = 20.0) -> CaptureResult:
    deadline = Deadline.after(CLOCK, seconds)
    return supervisor.acquire(CaptureRequest(), ignore_events, CancelToken(), deadline)


def captured_in_the_end(bench: ZfmBench, supervisor: Supervisor) -> Captured:
    """A capture, although a timer of before may pull the plug once more."""
    while not isinstance(result := capture(supervisor, 2.0), Captured):
        bench.line.plug()
    return result


@pytest.mark.soak
def test_capture_works_after_every_replug_and_nothing_is_left_over(
    bench: ZfmBench, record_property: pytest.RecordProperty
) -> None:
    rng = random.Random(7)  # noqa: S311 - moments, no secrets
    supervisor = Supervisor(bench.open, is_there=bench.line.plugged.is_set, patience=QUICK)
    supervisor.start()
    assert isinstance(capture(supervisor), Captured)
    gc.collect()
    before = threading.active_count(), open_files(), resident_bytes()
    worked = 0
    for _ in range(REPLUGS):
        if rng.random() < 0.5:
            bench.line.faults.unplug_after(rng.randrange(5_500))
        else:
            threading.Timer(rng.uniform(0, 0.2), bench.line.unplug).start()
        capture(supervisor, 0.3)
        bench.line.unplug()
        bench.line.faults.clear()
        time.sleep(rng.uniform(0, 0.03))
        bench.line.plug()
        worked += bench.is_right(captured_in_the_end(bench, supervisor).samples[0])
    while any(isinstance(each, threading.Timer) for each in threading.enumerate()):
        time.sleep(0.01)
    captured_in_the_end(bench, supervisor)
    gc.collect()
    threads, beyond, resident = threading.active_count(), files_beyond(before[1]), resident_bytes()
    supervisor.stop()
    record_property("replugs", REPLUGS)
    record_property("grown_bytes", resident - before[2])
    assert worked == REPLUGS
    assert (threads, beyond) == (before[0], 0)
    assert resident - before[2] < 20e6


@pytest.mark.soak
def test_a_capture_is_taken_back_in_time_at_any_moment(
    bench: ZfmBench, record_property: pytest.RecordProperty
) -> None:
    rng = random.Random(8)  # noqa: S311 - moments, no secrets
    bench.keep_time()
    took = partial(took_back, bench)
    late_s = sorted(took(rng.uniform(0, 0.6)) for _ in range(CANCELS))
    record_property("p99_late_s", late_s[int(0.99 * (CANCELS - 1))])
    assert late_s[int(0.99 * (CANCELS - 1))] <= 0.3
