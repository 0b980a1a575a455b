from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.comparison.strategies import OTHER_MODEL, finger, impression, moved, template_of

from biocapil.comparison import MergedImpressions, merge_impressions, pack
from biocapil.comparison.compare import compare_pairs
from biocapil.comparison.layout import MASK_WORD, MAX_MINUTIAE, POSE_WORD
from biocapil.comparison.packed import PackedTemplates, join_packed
from biocapil.errors import IncompatibleTemplates
from biocapil.template import FingerprintTemplate

SOURCE = finger(5, minutiae=60)


def part(template: FingerprintTemplate, kept: np.ndarray) -> FingerprintTemplate:
    return replace(
        template,
        positions_um=template.positions_um[kept],
        angles_rad=template.angles_rad[kept],
        kinds=template.kinds[kept],
        qualities=template.qualities[kept],
    )


def similarity(first: PackedTemplates, second: PackedTemplates) -> float:
    return float(compare_pairs(join_packed([first, second]), np.array([[0, 1]]))[0])


def qualities_of(merged: MergedImpressions) -> list[int]:
    return ((merged.packed.words[:, POSE_WORD] >> np.uint64(40)) & np.uint64(255)).tolist()


def test_one_impression_stays_as_it_is() -> None:
    merged = merge_impressions([SOURCE])
    np.testing.assert_array_equal(merged.packed.words, pack([SOURCE]).words)
    assert merged.used == (0,)


def test_the_impression_of_the_best_minutiae_is_the_anchor() -> None:
    poor = replace(SOURCE, qualities=(SOURCE.qualities // 2).astype(np.uint8))
    assert merge_impressions([poor, SOURCE]).used == (1, 0)
    assert merge_impressions([SOURCE, poor]).used == (0, 1)


def test_the_same_impression_twice_keeps_its_places_and_bits() -> None:
    turned, _ = moved(SOURCE, turn_rad=0.4, shift_um=(900, -700))
    merged = merge_impressions([SOURCE, turned])
    plain = pack([SOURCE])
    assert merged.used == (0, 1)
    assert len(merged.packed.words) == MAX_MINUTIAE
    x, y = ((plain.words[:, POSE_WORD] >> np.uint64(shift)) & np.uint64(0xFFFF) for shift in (0, 16))
    order = np.argsort(x, kind="stable")
    found = merged.packed.words
    at = np.argsort(found[:, POSE_WORD] & np.uint64(0xFFFF), kind="stable")
    for shift, wanted in ((0, x), (16, y)):
        places = (found[at, POSE_WORD] >> np.uint64(shift)) & np.uint64(0xFFFF)
        np.testing.assert_allclose(places.astype(float), wanted[order].astype(float), atol=8)
    missing = plain.words[order, : MASK_WORD + 1] & ~found[at, : MASK_WORD + 1]
    assert not missing.any()


def test_two_halves_make_a_finger_that_either_is_found_by() -> None:
    small = finger(6, minutiae=40)
    across = small.positions_um[:, 0]
    left = part(small, np.flatnonzero(across < np.quantile(across, 0.65)))
    right = part(small, np.flatnonzero(across > np.quantile(across, 0.35)))
    merged = merge_impressions([left, moved(right, turn_rad=-0.3, shift_um=(500, 300))[0]])
    assert len(merged.used) == 2
    for shown, enrolled in ((left, right), (right, left)):
        probe = pack([impression(shown, 9)])
        assert similarity(probe, merged.packed) > 2 * similarity(probe, pack([enrolled]))


def test_what_an_impression_covers_and_does_not_show_counts_for_less() -> None:
    """A minutia of quality 90 that only the first shows stands behind those that both do."""
    base = replace(SOURCE, qualities=np.full(len(SOURCE), 80, np.uint8))
    middle = base.positions_um.mean(axis=0)
    alone = template_of(
        np.concatenate([base.positions_um, [middle + 5.0]]),
        np.concatenate([base.angles_rad, [3.0]]),
        np.concatenate([base.qualities, [90]]),
    )
    assert int(qualities_of(merge_impressions([alone]))[0]) == 90
    kept = qualities_of(merge_impressions([alone, base]))
    assert kept == [80] * (MAX_MINUTIAE - 1) + [45]


def test_an_impression_of_another_finger_is_left_out_and_told() -> None:
    stranger = finger(77, minutiae=60)
    merged = merge_impressions([SOURCE, stranger, impression(SOURCE, 3)])
    assert 1 not in merged.used or merged.used == (1,)
    assert sorted(merge_impressions([SOURCE, impression(SOURCE, 3)]).used) == [0, 1]
    ours = similarity(merged.packed, pack([impression(SOURCE, 4)]))
    theirs = similarity(merged.packed, pack([impression(stranger, 4)]))
    assert min(ours, theirs) < 8 < max(ours, theirs)


def test_minutiae_outside_the_anchors_frame_shift_the_frame() -> None:
    corner = template_of(
        SOURCE.positions_um - SOURCE.positions_um.min(axis=0), SOURCE.angles_rad, SOURCE.qualities
    )
    few = part(corner, np.flatnonzero(corner.positions_um[:, 0] > 2_000))
    few = replace(few, positions_um=few.positions_um - few.positions_um.min(axis=0), qualities=few.qualities)
    whole = replace(SOURCE, qualities=np.minimum(SOURCE.qualities, 50).astype(np.uint8))
    merged = merge_impressions([replace(few, qualities=np.full(len(few), 100, np.uint8)), whole])
    assert len(merged.used) == 2
    assert similarity(merged.packed, pack([impression(SOURCE, 6)])) > 30


def test_a_merged_reference_is_no_larger_and_shows_nothing() -> None:
    merged = merge_impressions([impression(SOURCE, seed) for seed in range(4)])
    assert len(merged.packed) == 1
    assert len(merged.packed.words) <= MAX_MINUTIAE
    assert (
        repr(merged)
        == f"MergedImpressions({len(merged.used)} impressions, {len(merged.packed.words)} minutiae)"
    )


def test_nothing_and_different_models_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one impression"):
        merge_impressions([])
    with pytest.raises(IncompatibleTemplates, match="other@2"):
        merge_impressions([SOURCE, finger(5, model=OTHER_MODEL)])
    empty = part(SOURCE, np.empty(0, np.intp))
    assert merge_impressions([empty, empty]).used == (0,)
    assert len(merge_impressions([empty]).packed.words) == 0
