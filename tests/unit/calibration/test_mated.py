from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from biocapil.calibration.mated import false_non_match_rate, mated_density
from biocapil.calibration.root_scale import CELLS, SIZE_BANDS, STEP
from biocapil.labelled_scores import LabelledScores

ONE = np.ones(len(SIZE_BANDS))


def test_the_density_follows_the_pairs(many: LabelledScores) -> None:
    below = false_non_match_rate(mated_density([many], ONE))
    roots = np.sqrt(many.similarities[many.mated])
    for quantile in (0.1, 0.25, 0.5, 0.75, 0.9):
        cell = int(np.quantile(roots, quantile) / STEP)
        assert below[cell] == pytest.approx(quantile, abs=0.05)


def test_the_density_is_a_share_of_all(few: LabelledScores) -> None:
    density = mated_density([few], ONE)
    assert density.shape == (CELLS,)
    assert (density >= 0).all()
    assert density.sum() == pytest.approx(1.0)


def test_each_set_counts_the_same(few: LabelledScores) -> None:
    kept = np.flatnonzero(few.mated)
    high = few.similarities.copy()
    high[kept] = 100.0
    tiny = np.flatnonzero(~few.mated).tolist() + kept[:3].tolist()
    mixed = mated_density([few, _only(replace(few, similarities=high), np.array(tiny))], ONE)
    alone = mated_density([few], ONE)
    high_ones = slice(int(7 / STEP), None)
    assert mixed[high_ones].sum() - alone[high_ones].sum() / 2 == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("similarity", [0.0, 1e4, 1e12])
def test_no_pair_is_lost_at_the_ends_of_the_grid(few: LabelledScores, similarity: float) -> None:
    similarities = np.where(few.mated, similarity, few.similarities).astype(np.float32)
    density = mated_density([replace(few, similarities=similarities)], ONE)
    assert density.sum() == pytest.approx(1.0)
    near = slice(0, 10) if similarity == 0 else slice(CELLS - 300, CELLS)
    assert density[near].sum() > 0.9


def test_a_share_beyond_the_grid_stays_that_share(few: LabelledScores) -> None:
    kept = np.flatnonzero(few.mated)
    similarities = few.similarities.copy()
    similarities[kept] = 16.0
    similarities[kept[::4]] = 1e8
    density = mated_density([replace(few, similarities=similarities)], ONE)
    assert density[int(20 / STEP) :].sum() == pytest.approx(0.25, abs=0.03)


def test_the_false_non_match_rate_rises_from_zero(few: LabelledScores) -> None:
    rate = false_non_match_rate(mated_density([few], ONE))
    assert rate[0] == 0.0
    assert (np.diff(rate) >= 0).all()
    assert rate[-1] <= 1.0 + 1e-12


def test_sets_without_a_mated_pair_are_refused(few: LabelledScores) -> None:
    with pytest.raises(ValueError, match="no mated pair"):
        mated_density([_only(few, np.flatnonzero(~few.mated))], ONE)


def _only(scores: LabelledScores, places: np.ndarray) -> LabelledScores:
    return LabelledScores(
        dataset=scores.dataset,
        model_id=scores.model_id,
        similarities=scores.similarities[places],
        mated=scores.mated[places],
        first_subject=scores.first_subject[places],
        second_subject=scores.second_subject[places],
        sizes=scores.sizes[places],
        first_instance=scores.first_instance[places],
        second_instance=scores.second_instance[places],
    )
