"""Cameras pass the suite that every driver must pass: on the emulator, and on a real RTSP stack."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import pytest

from biocapil_drivers.camera.bench import CameraBench
from biocapil_drivers.testing import CASES, Case, run_case

SOAKING = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
AT_ONCE = 5
"""Cases wait most of their time: five of them share a core."""


def bench() -> CameraBench:
    return CameraBench(thorough=SOAKING)


@pytest.fixture(scope="module")
def runs() -> Iterator[dict[str, Future[None]]]:
    """All cases under way."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {case.name: pool.submit(run_case, case, bench) for case in CASES}


@pytest.mark.soak
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_driver_conforms(case: Case, runs: dict[str, Future[None]]) -> None:
    runs[case.name].result()


ON_REAL_STACK = [
    case
    for case in CASES
    if case.on_any
    or case.name
    in {
        "captures_what_is_presented",
        "keeps_the_best_where_quality_is_never_reached",
        "is_taken_back_within_the_limit_at_any_moment",
        "works_again_after_it_was_taken_back",
        "says_that_there_is_nothing",
        "notices_the_plug_while_it_waits",
        "comes_back_as_the_same_device",
    }
]
"""Those that need no fault on the wire."""

IN_SHORT = {
    "says_what_it_is",
    "refuses_a_second_owner",
    "captures_what_is_presented",
    "works_again_after_it_was_taken_back",
    "says_that_there_is_nothing",
    "notices_the_plug_while_it_waits",
    "comes_back_as_the_same_device",
}
"""Each opening costs a process; the others are the same code as before the emulator."""


@pytest.mark.soak
@pytest.mark.parametrize(
    "case",
    [case for case in ON_REAL_STACK if SOAKING or case.name in IN_SHORT],
    ids=lambda case: case.name,
)
@pytest.mark.usefixtures("rtsp")
def test_the_driver_conforms_before_a_real_rtsp_server(case: Case) -> None:
    run_case(case, partial(CameraBench, rtsp=True))
