"""The client passes the suite that every driver must pass, over our own service over the emulated sensor."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

pytest.importorskip("serial", reason="pyserial is not installed: pip install 'biocapil[devices]'")

from biocapil_drivers.sbi.bench import SbiBench, authority
from biocapil_drivers.testing import CASES, Case, run_case

SOAKING = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
AT_ONCE = 2
"""Cases wait most of their time: two of them share a core."""


def bench() -> SbiBench:
    return SbiBench(thorough=SOAKING)


@pytest.fixture(scope="module")
def runs() -> Iterator[dict[str, Future[None]]]:
    """All cases under way; keys are made before, as that takes a core for a while."""
    authority()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {case.name: pool.submit(run_case, case, bench) for case in CASES}


@pytest.mark.soak
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_driver_conforms(case: Case, runs: dict[str, Future[None]]) -> None:
    runs[case.name].result()
