from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil.calibration import Calibration, FittedSet
from biocapil.errors import IncompatibleTemplates
from biocapil.vocabulary import ModelId

similarities = st.floats(0, 1e9)
sizes = st.integers(0, 300)


@pytest.fixture(scope="module")
def calibration(fitted: Calibration) -> Calibration:
    return replace(fitted, units=(0.6, 0.8, 0.9, 1.0))


@given(similarities, similarities, sizes)
def test_more_similarity_is_never_less_evidence_nor_a_higher_rate(
    calibration: Calibration, first: float, second: float, size: int
) -> None:
    low, high = sorted((first, second))
    evidence = calibration.evidence(np.array([low, high]), np.array([size, size]))
    assert evidence[0] <= evidence[1]
    rates = [calibration.false_match_rate(similarity, size) for similarity in (low, high)]
    assert rates[0].value >= rates[1].value
    assert rates[0].interval.high >= rates[1].interval.high
    assert rates[1].interval.contains(rates[1].value)


def test_the_same_similarity_says_more_between_small_templates(calibration: Calibration) -> None:
    evidence = calibration.evidence(np.full(4, 4.0), np.array([10, 25, 33, 60]))
    assert (np.diff(evidence) < 0).all()


def test_a_rate_beyond_what_was_counted_is_marked(calibration: Calibration) -> None:
    edge = calibration.table.measured_to**2
    assert not calibration.false_match_rate(edge * 0.999, 60).extrapolated
    assert calibration.false_match_rate(edge * 1.001, 60).extrapolated


def test_similarity_beyond_the_table_is_told_as_its_end(calibration: Calibration) -> None:
    beyond = calibration.evidence(np.array([1e20, np.inf], np.float64), np.array([60, 60]))
    np.testing.assert_array_equal(beyond, calibration.table.llr[-1])


@pytest.mark.parametrize(("similarity", "size"), [(-1.0, 40), (math.nan, 40), (1.0, -1)])
def test_what_is_no_score_is_refused(calibration: Calibration, similarity: float, size: int) -> None:
    with pytest.raises(ValueError, match="at least 0"):
        calibration.evidence(np.array([similarity]), np.array([size]))
    with pytest.raises(ValueError, match="at least 0"):
        calibration.false_match_rate(similarity, size)


def test_scores_and_sizes_must_be_as_many(calibration: Calibration) -> None:
    with pytest.raises(ValueError, match=r"share a shape, got \(2,\) and \(1,\)"):
        calibration.evidence(np.zeros(2), np.zeros(1, int))


def test_no_pairs_give_no_evidence(calibration: Calibration) -> None:
    assert calibration.evidence(np.zeros(0), np.zeros(0, int)).shape == (0,)


def test_another_model_or_comparator_is_refused_with_a_way_out(calibration: Calibration) -> None:
    calibration.require(calibration.model_id, calibration.comparator)
    with pytest.raises(IncompatibleTemplates, match="these were made by other@1: make one"):
        calibration.require(ModelId("other@1"), calibration.comparator)
    with pytest.raises(IncompatibleTemplates, match="these come from other/2: fit it anew"):
        calibration.require(calibration.model_id, "other/2")


@pytest.mark.parametrize("units", [(1.0,), (1.0, 1.0, 1.0, 0.0), (1.0, 1.0, 1.0, 10.0), (math.nan,) * 4])
def test_units_that_cannot_be_are_refused(calibration: Calibration, units: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="units must be 4 numbers between 0 and 10"):
        replace(calibration, units=units)


@pytest.mark.parametrize("dependence", [-0.1, 1.1, math.nan])
def test_a_dependence_that_is_no_correlation_is_refused(calibration: Calibration, dependence: float) -> None:
    with pytest.raises(ValueError, match="dependence must lie in"):
        replace(calibration, dependence=dependence)


@pytest.mark.parametrize("name", ["subjects", "mated", "nonmated"])
def test_a_set_of_fewer_than_none_is_refused(name: str) -> None:
    sound = FittedSet(dataset="", subjects=0, mated=0, nonmated=0)
    with pytest.raises(ValueError, match=f"{name} must be at least 0, got -1"):
        replace(sound, **{name: -1})


def test_it_is_named_by_its_identifier_alone(calibration: Calibration) -> None:
    assert repr(calibration) == f"Calibration({calibration.calibration_id!r})"
