"""The conformance suite: what every driver must do when all goes well, and when it does not.

A driver brings a `Bench`: its emulator with the faults, the plug and the person in the test's hand. Then:

    import pytest
    from biocapil_drivers.testing import CASES, run_case

    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
    def test_conforms(case):
        run_case(case, MyBench)
"""

from biocapil_drivers.testing.bench import Bench, Device, Line, Violation
from biocapil_drivers.testing.cases import CASES, Case, run_case
from biocapil_drivers.testing.suite import CaseResult, run_suite

__all__ = [
    "CASES",
    "Bench",
    "Case",
    "CaseResult",
    "Device",
    "Line",
    "Violation",
    "run_case",
    "run_suite",
]
