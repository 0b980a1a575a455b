"""The fit of the fingerprint score does what it says, step by step, and the kernels hold its outcome."""

from __future__ import annotations

import json

import numpy as np
import pytest

from biocapil.comparison.kernels import cascade
from finger_score.logistic import fit
from finger_score.measures import error_rates
from finger_score.pairs import draw_pairs, mated
from finger_score.prints import PrintSet, crop, flow_of
from finger_score.terms import TERMS, linear, product, terms_of
from fit_finger_score import RESULTS


def prints(fingers: int = 20, impressions: int = 3, minutiae: int = 40) -> PrintSet:
    """Impressions of random minutiae, shaken by 0.1 mm."""
    rng = np.random.default_rng(1)
    count = fingers * impressions
    places = np.repeat(rng.uniform(3e3, 17e3, (fingers, 1, minutiae, 2)), impressions, axis=1)
    angles = np.repeat(rng.uniform(0, 6.28, (fingers, 1, minutiae)), impressions, axis=1)
    owners = np.repeat(np.arange(fingers), impressions)
    return PrintSet(
        positions_um=(places + rng.normal(0, 100, places.shape)).reshape(-1, 2).astype(np.float32),
        angles_rad=angles.ravel().astype(np.float32),
        kinds=np.ones(count * minutiae, np.uint8),
        qualities=rng.integers(1, 100, count * minutiae).astype(np.uint8),
        sizes=np.full(count, minutiae),
        heights_um=np.full(count, 2e4),
        fingers=owners,
        flows=np.array([flow_of(int(owner)) for owner in owners]),
    )


def test_the_kernels_hold_the_weights_that_the_fit_wrote_down() -> None:
    weights = json.loads(RESULTS.read_text(encoding="utf-8"))["weights"]

    held = {
        "mass": cascade.MASS_WEIGHT,
        "fraction": cascade.FRACTION_WEIGHT,
        "consistency": cascade.CONSISTENCY_WEIGHT,
        "misfit": cascade.MISFIT_WEIGHT,
        "spread": cascade.SPREAD_WEIGHT,
        "size": cascade.SIZE_WEIGHT,
        "offset": cascade.SCORE_OFFSET,
    }
    assert held == weights


def test_the_learned_score_ranks_as_the_kernels_do() -> None:
    packed = prints().packed()
    pairs = np.stack(np.triu_indices(len(packed), 1))
    bent = terms_of(packed, pairs)
    weights = np.array(
        [
            cascade.MASS_WEIGHT,
            cascade.FRACTION_WEIGHT,
            cascade.CONSISTENCY_WEIGHT,
            cascade.MISFIT_WEIGHT,
            cascade.SPREAD_WEIGHT,
            cascade.SIZE_WEIGHT,
            cascade.SCORE_OFFSET,
        ]
    )
    found = np.zeros((pairs.shape[1], cascade.TERMS), np.float32)
    cascade.terms_of_pairs(packed.words, packed.offsets, pairs, found)

    evidence = linear(bent, TERMS, weights)

    root = (evidence + np.sqrt(evidence**2 + 4)) / 2
    assert found[:, cascade.SIMILARITY] == pytest.approx(cascade.SCORE_UNIT * root**2, rel=1e-3, abs=1e-6)
    worth = found[:, cascade.MATCHED_MASS] * found[:, cascade.MATCHED_FRACTION] ** 2
    assert product(bent) == pytest.approx(worth * found[:, cascade.CONSISTENCY], rel=1e-3, abs=1e-6)


def test_a_fit_finds_the_weights_that_made_the_labels() -> None:
    rng = np.random.default_rng(0)
    bent = rng.normal(3, 1, (200_000, len(TERMS))).astype(np.float32)
    chance = 1 / (1 + np.exp(-(2 * bent[:, 0] - 1 * bent[:, 3] - 4)))
    same = rng.random(len(bent)) < chance

    weights = fit(bent, same, ("mass", "misfit"), nonmated_per_mated=float(np.sum(~same) / np.sum(same)))

    prior = np.log(np.sum(same) / np.sum(~same))
    assert weights == pytest.approx([2, -1, -4 - prior], abs=0.05)


def test_a_weight_of_the_wrong_sign_is_refused() -> None:
    rng = np.random.default_rng(0)
    bent = rng.normal(3, 1, (1000, len(TERMS))).astype(np.float32)

    with pytest.raises(ValueError, match=r"must follow .*spread the other way"):
        fit(bent, bent[:, TERMS.index("spread")] < 3, ("mass", "spread"), nonmated_per_mated=1.0)


def test_rates_of_scores_that_overlap_by_hand() -> None:
    scores = np.array([1, 2, 3, 4, 3, 5, 6, 7])
    same = np.arange(8) >= 4

    rates = error_rates(scores, same, (0.25, 0.0))

    assert rates == {"eer": 0.25, "fnmr_at_0.25": 0.25, "fnmr_at_0": 0.25}


def test_pairs_are_all_of_one_flow_and_as_many_others_as_asked_for() -> None:
    made = prints()

    pairs = draw_pairs(made, others=5000, rng=np.random.default_rng(0))

    alike = made.flows[pairs[0]] == made.flows[pairs[1]]
    assert alike.sum() == 16 * 3 + 2 * 15  # 16 fingers of their own flow, two pairs of look-alikes
    assert mated(made, pairs).sum() == 20 * 3
    assert 4000 < (~alike).sum() < 5000


def test_a_crop_leaves_minutiae_that_lie_together() -> None:
    made = prints()

    cropped = crop(made, 1.0, np.random.default_rng(0))

    assert (cropped.sizes <= made.sizes).all()
    assert (cropped.sizes >= 1).all()
    assert cropped.sizes.sum() == len(cropped.angles_rad) < len(made.angles_rad)
    first = cropped.positions_um[: cropped.sizes[0]]
    assert np.hypot(*(first - first.mean(axis=0)).T).max() < 18_000
    assert crop(made, 0.0, np.random.default_rng(0)).sizes.tolist() == made.sizes.tolist()
