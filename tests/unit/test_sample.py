"""`CapturedSample` cannot exist without a resolution, in a bad shape, or writable."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil import CapturedSample, EyePosition, FingerPosition, Modality, Origin, ResolutionUnknown
from biocapil.sample import MAX_PPI, MIN_PPI
from biocapil.vocabulary import Position


def grey(rows: int = 4, columns: int = 6) -> np.ndarray:
    return np.arange(rows * columns, dtype=np.uint8).reshape(rows, columns)


def test_a_sample_knows_what_later_steps_must_not_guess() -> None:
    sample = CapturedSample(pixels=grey(), resolution_ppi=508.0, position=FingerPosition.LEFT_THUMB)
    assert sample.um_per_px == 50.0
    assert (sample.modality, sample.origin) == (Modality.FINGER, Origin.FILE)


def test_pixels_are_held_read_only_and_the_callers_array_stays_writable() -> None:
    pixels = grey()
    sample = CapturedSample(pixels=pixels, resolution_ppi=500)
    with pytest.raises(ValueError, match="read-only"):
        sample.pixels[0, 0] = 1
    pixels[0, 0] = 99


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((4, 6), dtype=np.float32),
        np.zeros((4, 6), dtype=np.int8),
        np.zeros((4, 6, 3), dtype=np.uint8),
        np.zeros(24, dtype=np.uint8),
        np.zeros((0, 6), dtype=np.uint8),
        np.zeros((4, 0), dtype=np.uint8),
    ],
)
def test_pixels_of_another_shape_or_type_are_refused(pixels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="pixels must be a non-empty uint8 array"):
        CapturedSample(pixels=pixels, resolution_ppi=500)


@pytest.mark.parametrize("ppi", [0, -500, 49.99, 4000.01, float("nan"), float("inf")])
def test_a_resolution_no_scanner_has_is_refused_with_its_value(ppi: float) -> None:
    with pytest.raises(ValueError, match=r"between 50 and 4000, got "):
        CapturedSample(pixels=grey(), resolution_ppi=ppi)


@given(st.floats(MIN_PPI, MAX_PPI))
def test_pixel_width_and_resolution_say_the_same(ppi: float) -> None:
    sample = CapturedSample(pixels=grey(), resolution_ppi=ppi)
    assert sample.um_per_px * ppi == pytest.approx(25_400)


def test_the_repr_tells_size_and_resolution_but_no_pixel() -> None:
    sample = CapturedSample(
        pixels=grey(), resolution_ppi=500, position=FingerPosition.RIGHT_INDEX, origin=Origin.SYNTHETIC
    )
    assert repr(sample) == "CapturedSample(finger, RIGHT_INDEX, 6x4 px, 500 ppi, synthetic)"


def test_a_sample_is_frozen_and_equal_only_to_itself() -> None:
    sample = CapturedSample(pixels=grey(), resolution_ppi=500)
    with pytest.raises(AttributeError):
        sample.resolution_ppi = 1000.0  # type: ignore[misc] # what a test of frozenness does
    assert sample == sample  # noqa: PLR0124 - identity is the point
    assert sample != CapturedSample(pixels=grey(), resolution_ppi=500)


def test_a_face_may_have_colours_and_no_resolution() -> None:
    sample = CapturedSample(pixels=np.zeros((4, 6, 3), np.uint8), modality=Modality.FACE)
    assert repr(sample) == "CapturedSample(face, UNKNOWN, 6x4 px, no resolution, file)"
    with pytest.raises(ResolutionUnknown, match="modality face has no known resolution"):
        _ = sample.um_per_px


def test_an_iris_is_of_an_eye_and_a_finger_of_a_finger() -> None:
    iris = CapturedSample(pixels=grey(), modality=Modality.IRIS)
    assert iris.position is EyePosition.UNKNOWN
    with pytest.raises(TypeError, match="modality iris shows no finger"):
        _ = iris.finger
    assert CapturedSample(pixels=grey(), resolution_ppi=500, position=FingerPosition.LEFT_RING).finger == 9


@pytest.mark.parametrize(
    ("modality", "position"),
    [
        (Modality.FINGER, EyePosition.LEFT),
        (Modality.IRIS, FingerPosition.LEFT_RING),
        (Modality.FACE, FingerPosition.LEFT_RING),
        (Modality.FACE, EyePosition.LEFT),
    ],
)
def test_a_position_of_another_modality_is_refused(modality: Modality, position: Position) -> None:
    with pytest.raises(ValueError, match=f"modality {modality.value} has no position left"):
        CapturedSample(pixels=grey(), resolution_ppi=500, modality=modality, position=position)


def test_an_iris_has_no_colours() -> None:
    with pytest.raises(ValueError, match="pixels must be"):
        CapturedSample(pixels=np.zeros((4, 6, 3), np.uint8), modality=Modality.IRIS)
