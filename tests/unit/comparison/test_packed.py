from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from tests.unit.comparison.strategies import MODEL, OTHER_MODEL, finger, gallery, template_of, templates

from biocapil.comparison import PackedTemplates, pack
from biocapil.comparison.layout import MASK_WORD, MAX_MINUTIAE, POSE_WORD
from biocapil.comparison.packed import by_worth, pack_template
from biocapil.errors import IncompatibleTemplates
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ModelId

EMPTY_WORDS = np.zeros((0, 8), np.uint64)


def sizes(packed: PackedTemplates) -> list[int]:
    return np.diff(packed.offsets).tolist()


def test_sizes_count_the_minutiae_that_enter_a_comparison() -> None:
    packed = pack([finger(1), finger(2, minutiae=90), finger(3, minutiae=0)])

    assert packed.sizes().tolist() == sizes(packed) == [36, MAX_MINUTIAE, 0]
    assert packed.sizes().dtype == np.int16


def test_the_pose_word_holds_what_the_layout_says() -> None:
    template = FingerprintTemplate(
        positions_um=np.array([[1_230.0, 400.0], [1_900.0, 900.0]], np.float32),
        angles_rad=np.array([np.pi / 2, np.pi], np.float32),
        kinds=np.array([2, 1], np.uint8),
        qualities=np.array([77, 5], np.uint8),
        extent_um=(2_000.0, 1_000.0),
        model_id=MODEL,
    )

    rows, kept = pack_template(template)
    pose = int(rows[0, POSE_WORD])

    assert kept.tolist() == [0, 1]
    assert (pose & 0xFFFF, pose >> 16 & 0xFFFF) == (123, 60)
    assert (pose >> 32 & 0xFF, pose >> 40 & 0xFF, pose >> 48 & 3, pose >> 50) == (64, 77, 2, 0)


def test_an_angle_just_below_a_full_turn_is_packed_as_none() -> None:
    almost = np.nextafter(np.float32(2 * np.pi), np.float32(0))
    template = template_of(np.array([[0.0, 0.0], [900.0, 0.0]]), np.zeros(2))
    turned = FingerprintTemplate(
        positions_um=template.positions_um,
        angles_rad=np.full(2, almost, np.float32),
        kinds=template.kinds,
        qualities=template.qualities,
        extent_um=template.extent_um,
        model_id=MODEL,
    )

    assert ((pack_template(turned)[0][:, POSE_WORD] >> np.uint64(32)) & np.uint64(255)).tolist() == [0, 0]


def test_the_best_minutiae_are_kept_in_order_of_falling_quality() -> None:
    template = finger(1, minutiae=90)

    rows, kept = pack_template(template)

    qualities = template.qualities[kept]
    assert len(rows) == MAX_MINUTIAE
    assert (np.diff(qualities.astype(int)) < 0).all()
    assert qualities.min() > np.delete(template.qualities, kept).max()


def test_among_equal_qualities_the_most_central_comes_first() -> None:
    places = np.array([[0.0, 0.0], [1_000.0, 0.0], [2_200.0, 0.0]])

    assert by_worth(template_of(places, np.zeros(3))).tolist() == [1, 0, 2]


def test_minutiae_that_are_not_kept_still_shape_the_others() -> None:
    template = finger(1, minutiae=60)
    kept = pack_template(template)[1]
    alone = template_of(template.positions_um[kept], template.angles_rad[kept], template.qualities[kept])

    assert (pack_template(template)[0][:, :POSE_WORD] != pack_template(alone)[0][:, :POSE_WORD]).any()


def test_a_minutia_that_no_other_stands_near_is_left_out() -> None:
    near = np.array([[20_000.0, 20_000.0], [21_000.0, 20_000.0], [0.0, 39_000.0]])

    rows, kept = pack_template(template_of(near, np.zeros(3), np.array([10, 20, 30])))

    assert kept.tolist() == [1, 0]
    assert rows.shape == (2, 8)


@pytest.mark.parametrize("minutiae", [0, 1])
def test_a_template_with_no_neighbours_packs_to_nothing(minutiae: int) -> None:
    packed = pack([finger(1), finger(2, minutiae=minutiae), finger(3)])

    assert sizes(packed) == [36, 0, 36]
    assert packed.rows(1).shape == (0, 8)


def test_255_minutiae_pack_to_the_most_that_a_template_holds() -> None:
    assert sizes(pack([finger(1, minutiae=255)])) == [MAX_MINUTIAE]


@settings(max_examples=40)
@given(templates())
def test_bits_are_set_in_valid_cells_only(template: FingerprintTemplate) -> None:
    rows = pack_template(template)[0]

    assert not (rows[:, :MASK_WORD] & ~rows[:, MASK_WORD, None]).any()
    assert rows[:, :MASK_WORD].any(axis=1).all()


def test_template_after_template_stands_in_the_order_given() -> None:
    alone = [finger(seed) for seed in range(4)]

    packed = pack(alone)

    assert len(packed) == 4
    for index, template in enumerate(alone):
        assert (packed.rows(index) == pack_template(template)[0]).all()


def test_progress_is_told_after_each_template() -> None:
    told: list[tuple[int, int]] = []

    pack([finger(1), finger(2)], on_progress=lambda done, total: told.append((done, total)))

    assert told == [(1, 2), (2, 2)]


def test_packing_nothing_needs_a_model() -> None:
    assert len(pack([], model_id=MODEL)) == 0
    assert pack([], model_id=MODEL).words.shape == (0, 8)
    with pytest.raises(ValueError, match="needs model_id"):
        pack([])


@pytest.mark.parametrize("model_id", [None, MODEL])
def test_templates_of_two_models_are_refused_by_number(model_id: ModelId | None) -> None:
    with pytest.raises(IncompatibleTemplates, match=r"template 1 was made by other@2, the others by made@1"):
        pack([finger(1), finger(2, model=OTHER_MODEL)], model_id=model_id)


def test_taken_templates_stand_in_their_new_order_and_may_repeat() -> None:
    packed = pack([finger(1), finger(2, minutiae=0), finger(3, minutiae=20)])

    taken = packed.take(np.array([2, 0, 1, 2]))

    assert sizes(taken) == [20, 36, 0, 20]
    for row, source in enumerate([2, 0, 1, 2]):
        assert (taken.rows(row) == packed.rows(source)).all()
    assert len(packed.take(np.zeros(0, np.int64))) == 0


def test_a_template_takes_64_bytes_a_minutia_and_its_offset() -> None:
    packed = pack([finger(1), finger(2, minutiae=0)])

    assert packed.template_bytes().tolist() == [36 * 64 + 8, 8]
    assert gallery().template_bytes().sum() == gallery().words.nbytes + 8 * len(gallery())


def test_arrays_are_read_only_views() -> None:
    words = np.ones((2, 8), np.uint64)
    packed = PackedTemplates(words=words, offsets=np.array([0, 2]), model_id=MODEL)

    assert np.shares_memory(packed.words, words)
    assert words.flags.writeable
    for array in (packed.words, packed.offsets, packed.rows(0), pack_template(finger(1))[0]):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0


def test_words_are_laid_out_row_after_row() -> None:
    packed = PackedTemplates(
        words=np.ones((2, 8), np.uint64, order="F"), offsets=np.array([0, 2]), model_id=MODEL
    )

    assert packed.words.flags.c_contiguous


def test_the_representation_shows_no_features() -> None:
    packed = pack([finger(1)])

    assert repr(packed) == "PackedTemplates(1 templates, 2304 bytes, model made@1)"


@pytest.mark.parametrize(
    ("words", "offsets", "message"),
    [
        (np.zeros((0, 8), np.int64), np.array([0]), r"words must be uint64 .* got int64 of shape \(0, 8\)"),
        (np.zeros((1, 7), np.uint64), np.array([0, 1]), r"got uint64 of shape \(1, 7\)"),
        (np.zeros(8, np.uint64), np.array([0, 1]), r"got uint64 of shape \(8,\)"),
        (EMPTY_WORDS, np.array([0.0]), r"offsets must be int64 .* got float64"),
        (EMPTY_WORDS, np.array([[0]]), r"of shape \(1, 1\)"),
        (EMPTY_WORDS, np.zeros(0, np.int64), r"of shape \(0,\)"),
        (np.zeros((2, 8), np.uint64), np.array([1, 2]), "rise from 0"),
        (np.zeros((2, 8), np.uint64), np.array([0, 1]), "rise from 0"),
        (np.zeros((2, 8), np.uint64), np.array([0, 2, 1, 2]), "rise from 0"),
        (np.zeros((38, 8), np.uint64), np.array([0, 38]), "at most 37 minutiae, got 38"),
    ],
)
def test_packed_templates_of_a_bad_shape_cannot_exist(
    words: np.ndarray, offsets: np.ndarray, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        PackedTemplates(words=words, offsets=offsets, model_id=MODEL)
