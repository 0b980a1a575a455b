"""The closed sets carry the standards' codes, and finger positions read as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil import FingerPosition, ImpressionType, MinutiaType
from biocapil.vocabulary import EyePosition, Instance, Modality


@given(st.sampled_from(FingerPosition))
def test_every_position_reads_back_from_its_name_and_its_code(position: FingerPosition) -> None:
    assert FingerPosition.parse(position.name) is position
    assert FingerPosition.parse(str(int(position))) is position


@pytest.mark.parametrize(
    "text",
    ["left_index", "Left Index", "LEFT-INDEX", "left-index-finger", "  left   index  ", "left_index_", "7"],
)
def test_spellings_of_one_finger_mean_the_same(text: str) -> None:
    assert FingerPosition.parse(text) is FingerPosition.LEFT_INDEX


@pytest.mark.parametrize("text", ["", "  ", "finger", "_", "0", "unknown"])
def test_no_words_mean_an_unknown_finger(text: str) -> None:
    assert FingerPosition.parse(text) is FingerPosition.UNKNOWN


@pytest.mark.parametrize("text", ["11", "-1", "left", "left_toe", "7 8", "index_left", "²"])
def test_a_word_that_names_no_finger_is_refused_and_the_known_ones_are_told(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"names no finger position; use 0 to 10 or one of: unknown, right_thumb"
    ):
        FingerPosition.parse(text)


@given(st.text(max_size=20))
def test_no_text_does_anything_but_name_a_finger_or_be_refused(text: str) -> None:
    try:
        position = FingerPosition.parse(text)
    except ValueError:
        return
    assert position in FingerPosition


def test_codes_are_those_of_iso_19794_2() -> None:
    assert [int(p) for p in FingerPosition] == list(range(11))
    assert (FingerPosition.RIGHT_THUMB, FingerPosition.LEFT_LITTLE) == (1, 10)
    assert (MinutiaType.OTHER, MinutiaType.ENDING, MinutiaType.BIFURCATION) == (0, 1, 2)
    assert [int(i) for i in ImpressionType] == [0, 1, 2, 3, 7, 8, 9]


def test_instances_are_named_and_sorted_by_modality_then_position() -> None:
    made = [
        Instance(modality=Modality.IRIS, position=EyePosition.LEFT),
        Instance(modality=Modality.FACE),
        Instance(modality=Modality.IRIS),
        Instance(modality=Modality.FINGER, position=FingerPosition.RIGHT_INDEX),
    ]
    assert [each.name for each in sorted(made)] == ["right_index", "face", "unknown_eye", "left_eye"]
    assert len(set(made) | {Instance(modality=Modality.FACE)}) == 4


@pytest.mark.parametrize("text", ["left", " L ", "Left Eye", "left-iris", "2"])
def test_an_eye_is_read_as_people_write_it(text: str) -> None:
    assert EyePosition.parse(text) is EyePosition.LEFT


@pytest.mark.parametrize("text", ["", "eye", "unknown", "0"])
def test_an_unnamed_eye_is_unknown(text: str) -> None:
    assert EyePosition.parse(text) is EyePosition.UNKNOWN


@pytest.mark.parametrize("text", ["3", "left right", "thumb", "-1"])
def test_what_is_no_eye_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="names no eye; use 0 to 2"):
        EyePosition.parse(text)
