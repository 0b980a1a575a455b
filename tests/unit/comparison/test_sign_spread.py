from __future__ import annotations

import math

import numpy as np
import pytest
from tests.unit.comparison.embedding_sets import random_rows

from biocapil.comparison.embedding_cascade import rounding_bound
from biocapil.comparison.packed_embeddings import rounding_of
from biocapil.comparison.reference import embeddings as twin
from biocapil.comparison.sign_spread import FEWEST_PAIRS, SignSpread, measure_sign_spreads


def test_random_rows_agree_in_half_of_their_signs_and_spread_as_their_freedom_says() -> None:
    wide = measure_sign_spreads(random_rows(1, 5000, 512)).every
    narrow = measure_sign_spreads(random_rows(2, 5000, 512, freedom=60)).every

    assert wide.share == pytest.approx(0.5, abs=0.002)
    assert wide.share_spread == pytest.approx(0.5 / math.sqrt(512), rel=0.05)
    assert narrow.share_spread > 1.8 * wide.share_spread
    assert narrow.residual == pytest.approx(wide.residual, rel=0.1)


def test_few_rows_are_taken_as_independent_signs() -> None:
    spread = measure_sign_spreads(random_rows(3, FEWEST_PAIRS - 1, 64)).every

    assert spread == SignSpread(residual=1 / 8, bias=0.0, share=0.5, share_spread=1 / 16)


def test_a_gallery_of_copies_still_has_a_spread() -> None:
    spread = measure_sign_spreads(np.repeat(random_rows(4, 1, 64), 500, axis=0)).every

    assert spread.share == 1.0
    assert min(spread.residual, spread.share_spread) > 0


def test_the_gate_rises_with_the_threshold_and_fewer_pass() -> None:
    spread = measure_sign_spreads(random_rows(5, 2000, 256)).every
    gates = [spread.gate(threshold) for threshold in (-1.0, 0.0, 0.3, 0.6, 0.9, 1.0)]
    passing = [spread.passing(spread.gate(threshold)) for threshold in (0.0, 0.3, 0.6)]

    assert gates == sorted(gates)
    assert gates[0] <= 0 < gates[-1] <= 1
    assert passing == sorted(passing, reverse=True)
    assert passing[0] > 0.99


def test_no_inner_product_moves_further_than_the_bound_on_rounding() -> None:
    rows = random_rows(6, 400, 32)
    rows[0] = 0
    rows[0, 0] = 1
    for scale in (40.0, 127.0, 300.0):
        steps = twin.steps_of(rows, scale)
        rounding = rounding_of(rows, steps.astype(np.int8), scale)
        off = np.abs(twin.inner_products(rows, rows) - steps @ steps.T / scale**2)

        assert off.max() <= rounding_bound(rounding, rounding) + 1e-6


def test_the_first_words_spread_more_the_fewer_they_are() -> None:
    spreads = measure_sign_spreads(random_rows(7, 5000, 200))

    assert len(spreads.first) == 4
    assert spreads.every == spreads.first[-1]
    residuals = [spread.residual for spread in spreads.first]
    assert residuals == sorted(residuals, reverse=True)
    assert residuals[0] == pytest.approx(1 / 8, rel=0.1)
    assert residuals[0] > 1.9 * residuals[-1]


@pytest.mark.parametrize("count", [FEWEST_PAIRS - 1, 5000])
def test_weighed_sums_of_random_rows_follow_the_similarity_as_theory_says(count: int) -> None:
    weighed = measure_sign_spreads(random_rows(8, count, 512)).weighed

    assert weighed.slope == pytest.approx(math.sqrt(2 / math.pi), rel=0.01)
    assert math.sqrt((1 - 2 / math.pi) / 512) * 0.95 < weighed.residual <= 1 / math.sqrt(512)
    assert -0.002 < weighed.bias <= 0
    mean, spread = weighed.expected(np.array([0.0, 0.5]))
    assert mean[1] - mean[0] == pytest.approx(weighed.slope / 2)
    assert spread.tolist() == [weighed.residual] * 2
