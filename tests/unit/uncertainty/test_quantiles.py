import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from biocapil.uncertainty.quantiles import bisected, normal_quantile, normal_scores, student_quantile


@pytest.mark.parametrize("degrees", [1, 2, 9, 99, 100_000])
@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.999])
def test_student_quantiles_are_those_of_an_independent_library(degrees: int, confidence: float) -> None:
    expected = stats.t.ppf(0.5 + confidence / 2, degrees)
    assert student_quantile(confidence, degrees) == pytest.approx(expected, rel=1e-6)


def test_without_degrees_of_freedom_there_is_no_quantile() -> None:
    with pytest.raises(ValueError, match="degrees must be at least 1, got 0"):
        student_quantile(0.95, 0)


def test_the_normal_quantile_is_the_well_known_one() -> None:
    assert normal_quantile(0.95) == pytest.approx(1.959964, abs=1e-6)


@given(border=st.floats(1e-9, 0.99))
def test_the_border_is_found_wherever_it_lies(border: float) -> None:
    assert bisected(lambda rate: rate < border, 1e-12, 1.0) == pytest.approx(border, rel=1e-9)


@given(st.lists(st.one_of(st.integers(0, 9).map(float), st.just(-np.inf)), min_size=1, max_size=60))
def test_scores_are_the_deviates_of_mean_ranks(listed: list[float]) -> None:
    values = np.array(listed)
    ranks = stats.rankdata(values)
    expected = stats.norm.ppf((ranks - 0.5) / len(values))
    np.testing.assert_allclose(normal_scores(values), expected, atol=2e-4)


def test_scores_reach_far_into_the_tails() -> None:
    scores = normal_scores(np.arange(1_000_001.0))
    assert scores[0] == pytest.approx(stats.norm.ppf(0.5e-6), abs=1e-3)
    assert scores[500_000] == pytest.approx(0, abs=1e-6)
    assert scores[-1] == pytest.approx(-scores[0])
