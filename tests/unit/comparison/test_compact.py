from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from tests.unit.comparison.strategies import MODEL, finger, gallery, impression, template_of, templates

from biocapil.comparison import CompactTemplates, PackedTemplates, compact, pack
from biocapil.comparison.compact import COMPACT_COMPARATOR, COMPACT_WORDS, coarse
from biocapil.comparison.layout import MASK_WORD, MAX_MINUTIAE, POSE_WORD
from biocapil.comparison.parameters import COMPARATOR
from biocapil.comparison.reference import compact as twin
from biocapil.template import FingerprintTemplate

NO_WORDS = np.zeros((0, COMPACT_WORDS), np.uint64)


@given(template=templates())
@settings(max_examples=60, deadline=None)
def test_three_layers_the_mask_and_the_whole_pose_come_back(template: FingerprintTemplate) -> None:
    packed = pack([template])
    again = compact(packed).expanded()
    for word in (0, 2, 4, MASK_WORD, POSE_WORD):
        np.testing.assert_array_equal(again.words[:, word], packed.words[:, word])
    for word in (1, 3, 5):
        np.testing.assert_array_equal(again.words[:, word], packed.words[:, word - 1])
    np.testing.assert_array_equal(again.offsets, packed.offsets)


@given(template=templates())
@settings(max_examples=40, deadline=None)
def test_the_kernels_do_what_their_twin_says(template: FingerprintTemplate) -> None:
    packed = pack([template])
    made = compact(packed)
    np.testing.assert_array_equal(made.words, twin.compacted(packed.words))
    np.testing.assert_array_equal(made.expanded().words, twin.expanded(made.words))


def test_every_pose_bit_that_a_finger_can_have_survives() -> None:
    rng = np.random.default_rng(3)
    packed = gallery()
    words = packed.words.copy()
    pose = rng.integers(0, 1 << 14, (2, len(words)), np.uint64)
    rest = rng.integers(0, 1 << 18, len(words), np.uint64)
    words[:, POSE_WORD] = pose[0] | (pose[1] << np.uint64(16)) | (rest << np.uint64(32))
    odd = PackedTemplates(words=words, offsets=packed.offsets, model_id=packed.model_id)
    np.testing.assert_array_equal(compact(odd).expanded().words[:, POSE_WORD], words[:, POSE_WORD])


def test_the_corner_cells_are_those_that_no_mask_can_hold() -> None:
    wide = template_of(
        np.array([[0, 0], [40_000, 0], [0, 40_000], [40_000, 40_000], [20_000, 20_000], [20_500, 20_500]]),
        np.zeros(6),
        np.array([1, 1, 1, 1, 90, 89]),
    )
    mask = int(pack([wide]).words[0, MASK_WORD])
    assert [cell for cell in range(64) if not mask >> cell & 1] == twin.corner_cells().tolist()


def test_making_coarse_twice_changes_nothing_more() -> None:
    once = coarse(gallery())
    np.testing.assert_array_equal(coarse(once).words, once.words)


def test_a_full_template_takes_at_most_1200_bytes() -> None:
    made = compact(pack([finger(1, minutiae=60)]))
    assert made.sizes().tolist() == [MAX_MINUTIAE]
    assert made.template_bytes().tolist() == [MAX_MINUTIAE * 32 + 8]
    assert made.template_bytes()[0] <= 1200


def test_templates_are_taken_and_expanded_by_stretches() -> None:
    packed = gallery()
    made = compact(packed)
    rows = np.array([5, 0, 5])
    np.testing.assert_array_equal(made.take(rows).expanded().words, coarse(packed.take(rows)).words)
    stretch = made.expanded(3, 7)
    np.testing.assert_array_equal(stretch.words, coarse(packed).stretch(3, 7).words)
    np.testing.assert_array_equal(stretch.offsets, packed.stretch(3, 7).offsets)
    assert len(made.expanded(2, 2)) == 0


def test_a_print_too_wide_for_a_finger_is_refused() -> None:
    places = np.array([[100.0, 100.0], [1_000.0, 100.0], [163_850.0, 100.0], [163_840.0, 900.0]])
    wide = replace(
        template_of(np.zeros((4, 2)), np.zeros(4)),
        positions_um=places.astype(np.float32),
        extent_um=(200_000.0, 40_000.0),
    )
    with pytest.raises(ValueError, match=r"at most 163.83 mm .* got 163.85 mm"):
        compact(pack([wide]))


@pytest.mark.parametrize(
    ("words", "offsets", "text"),
    [
        (np.zeros((0, 8), np.uint64), np.zeros(1, np.int64), "words must be uint64"),
        (np.zeros((0, 4), np.int64), np.zeros(1, np.int64), "words must be uint64"),
        (np.zeros(4, np.uint64), np.zeros(1, np.int64), "words must be uint64"),
        (NO_WORDS, np.zeros(1, np.int32), "offsets must be int64"),
        (NO_WORDS, np.zeros(0, np.int64), "offsets must be int64"),
        (NO_WORDS, np.zeros((1, 1), np.int64), "offsets must be int64"),
        (NO_WORDS, np.array([0, 1]), "offsets must rise"),
        (NO_WORDS, np.array([1, 0]), "offsets must rise"),
        (NO_WORDS, np.array([0, 1, 0]), "offsets must rise"),
    ],
)
def test_unfitting_arrays_are_refused(words: np.ndarray, offsets: np.ndarray, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        CompactTemplates(words=words, offsets=offsets, model_id=MODEL)


def test_nothing_of_a_finger_is_shown_and_nothing_can_be_changed() -> None:
    made = compact(pack([finger(1), impression(finger(1), 2)]))
    assert repr(made) == f"CompactTemplates(2 templates, {made.words.nbytes} bytes, model made@1)"
    assert not made.words.flags.writeable
    assert not made.offsets.flags.writeable


def test_the_score_has_a_version_of_its_own() -> None:
    assert COMPACT_COMPARATOR.startswith(COMPARATOR)
    assert COMPACT_COMPARATOR != COMPARATOR
