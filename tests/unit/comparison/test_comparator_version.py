"""A calibration speaks of one version of the score, so scores that change need a new version.

Where a number here no longer holds: raise COMPARATOR, fit the calibrations of the models anew, and only then
pin the new numbers.
"""

from __future__ import annotations

import pytest
from tests.unit.comparison.strategies import finger, impression

from biocapil.comparison import COMPARATOR, compare

PINNED = (
    ("mated", finger(1), impression(finger(1), 11), 66.773621),
    (
        "mated, half of it",
        finger(2, minutiae=60),
        impression(finger(2, minutiae=60), 12, keep=0.5),
        31.413807,
    ),
    ("two impressions", impression(finger(3), 13), impression(finger(3), 14), 32.246113),
    ("small", finger(4, minutiae=12), impression(finger(4, minutiae=12), 15), 27.010429),
    ("crowded", finger(5, minutiae=150), impression(finger(5, minutiae=150), 16), 73.999153),
    ("itself", finger(6), finger(6), 109.26363),
    ("non-mated", finger(7), finger(8), 0.030282367),
    ("non-mated, crowded", finger(9, minutiae=150), finger(10, minutiae=150), 0.0041615414),
)


def test_the_scores_of_this_version_are_what_its_calibrations_were_fitted_to() -> None:
    scores = {name: compare(probe, reference) for name, probe, reference, _ in PINNED}

    assert COMPARATOR == "cascade/2"
    assert scores == pytest.approx({name: similarity for name, _, _, similarity in PINNED}, rel=1e-4)
