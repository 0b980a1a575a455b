from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from biocapil.calibration.root_scale import (
    CELLS,
    MOST_UNIT,
    SIZE_BANDS,
    STEP,
    band_of,
    band_units,
    cell_starts,
    cells_of,
    scaled_roots,
)
from biocapil.labelled_scores import LabelledScores


def test_a_band_begins_with_the_size_that_names_it() -> None:
    np.testing.assert_array_equal(
        band_of(np.array([0, 19, 20, 29, 30, 36, 37, 200])), [0, 0, 1, 1, 2, 2, 3, 3]
    )


def test_one_band_alone_has_the_common_unit(many: LabelledScores) -> None:
    np.testing.assert_array_equal(band_units([many]), np.ones(len(SIZE_BANDS)))


def test_a_band_whose_scores_reach_half_as_far_has_nearly_half_the_unit(many: LabelledScores) -> None:
    small = np.arange(len(many.sizes)) % 2 == 0
    halved = replace(
        many,
        sizes=np.where(small, 10, 40).astype(np.int16),
        similarities=np.where(small & ~many.mated, many.similarities / 4, many.similarities),
    )
    units = band_units([halved])
    assert units[0] / units[3] == pytest.approx(0.5, rel=0.05)
    roots = scaled_roots(halved.similarities[halved.nonmated], halved.sizes[halved.nonmated], units)
    of_small = halved.sizes[halved.nonmated] == 10
    reach = [np.quantile(roots[chosen], 0.95) for chosen in (of_small, ~of_small)]
    assert reach[0] == pytest.approx(reach[1], rel=0.05)


def test_a_band_of_few_pairs_is_drawn_to_the_common_unit(few: LabelledScores) -> None:
    sizes = few.sizes.copy()
    sizes[:30] = 10
    similarities = few.similarities.copy()
    similarities[:30] *= 100
    unit = band_units([replace(few, sizes=sizes, similarities=similarities)])[0]
    assert 1.0 < unit < 1.3


def test_a_unit_stays_within_bounds_however_odd_the_scores(many: LabelledScores) -> None:
    odd = np.arange(len(many.sizes)) < 2000
    sizes = np.where(odd, 10, 40).astype(np.int16)
    scores = replace(many, sizes=sizes, similarities=np.where(odd, 1e6, many.similarities).astype(np.float32))
    assert 0 < band_units([scores])[0] <= MOST_UNIT


def test_scores_that_are_nearly_all_zero_leave_the_common_unit(many: LabelledScores) -> None:
    zeros = replace(many, similarities=np.zeros_like(many.similarities))
    np.testing.assert_array_equal(band_units([zeros]), np.ones(len(SIZE_BANDS)))


def test_all_beyond_the_grid_is_in_the_last_cell() -> None:
    roots = np.array([0.0, STEP * 1.5, CELLS * STEP, 1e6, 1e19])
    np.testing.assert_array_equal(cells_of(roots), [0, 1, CELLS - 1, CELLS - 1, CELLS - 1])


def test_cells_begin_one_step_after_another() -> None:
    starts = cell_starts()
    assert starts.shape == (CELLS,)
    assert starts[0] == 0
    np.testing.assert_allclose(np.diff(starts), STEP)
