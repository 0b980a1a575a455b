"""`FingerprintTemplate` holds sound minutiae, read-only, and shows none of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil import FingerPosition, FingerprintTemplate, ModelId
from biocapil.template import MAX_EXTENT_UM

ARRAYS = ("positions_um", "angles_rad", "kinds", "qualities")


def template(count: int = 3, **changed: Any) -> FingerprintTemplate:
    """A sound template of some minutiae, with some attributes changed."""
    rng = np.random.default_rng(7)
    attributes: dict[str, Any] = {
        "positions_um": rng.uniform(0, 8_000, (count, 2)).astype(np.float32),
        "angles_rad": rng.uniform(0, 6, count).astype(np.float32),
        "kinds": rng.integers(0, 3, count).astype(np.uint8),
        "qualities": rng.integers(0, 101, count).astype(np.uint8),
        "extent_um": (10_000.0, 8_000.0),
        "model_id": ModelId("leader@0123456789ab"),
    }
    return FingerprintTemplate(**(attributes | changed))


@pytest.mark.parametrize("count", [0, 1, 255])
def test_its_length_is_the_number_of_minutiae(count: int) -> None:
    assert len(template(count)) == count


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_are_read_only_and_the_callers_stay_writable(name: str) -> None:
    made = template()
    array = getattr(made, name).copy()
    again = template(**{name: array})
    with pytest.raises(ValueError, match="read-only"):
        getattr(again, name)[0] = 0
    array[0] = 0


@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_of_another_type_is_refused_by_name(name: str) -> None:
    wrong = getattr(template(), name).astype(np.int64)
    with pytest.raises(ValueError, match=f"{name} must be .* got int64"):
        template(**{name: wrong})


@pytest.mark.parametrize("name", ["positions_um", "kinds", "qualities"])
def test_an_array_of_another_length_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must be .* of shape"):
        template(**{name: getattr(template(4), name)})


def test_angles_of_two_axes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"angles_rad must be float32 of shape \(3,\)"):
        template(angles_rad=np.zeros((3, 1), dtype=np.float32))


@pytest.mark.parametrize(
    "extent", [(0.0, 8_000.0), (10_000.0, 0.0), (-1.0, 1.0), (MAX_EXTENT_UM * 1.01, 1.0), (float("nan"), 1.0)]
)
def test_an_impossible_extent_is_refused(extent: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="extent_um must lie in"):
        template(0, extent_um=extent)


@pytest.mark.parametrize("point", [(-0.5, 10), (10, -0.5), (10_001, 10), (10, 8_001), (float("nan"), 10)])
def test_a_minutia_outside_the_image_is_refused(point: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="inside the extent"):
        template(1, positions_um=np.array([point], dtype=np.float32))


@pytest.mark.parametrize("angle", [-0.001, 2 * np.pi, 7.0, float("nan")])
def test_an_angle_outside_one_turn_is_refused(angle: float) -> None:
    with pytest.raises(ValueError, match=r"\[0, 2π\)"):
        template(1, angles_rad=np.array([angle], dtype=np.float32))


def test_codes_outside_the_standard_are_refused_with_their_value() -> None:
    with pytest.raises(ValueError, match="kinds must be 0, 1 or 2, got 3"):
        template(1, kinds=np.array([3], dtype=np.uint8))
    with pytest.raises(ValueError, match=r"0\.\.100, got 101"):
        template(1, qualities=np.array([101], dtype=np.uint8))


@given(st.integers(0, 40), st.sampled_from(FingerPosition))
def test_the_repr_counts_minutiae_and_shows_none(count: int, position: FingerPosition) -> None:
    assert repr(template(count, position=position)) == (
        f"FingerprintTemplate({count} minutiae, {position.name}, model leader@0123456789ab)"
    )


def test_border_values_are_sound() -> None:
    made = template(
        2,
        positions_um=np.array([[0, 0], [10_000, 8_000]], dtype=np.float32),
        angles_rad=np.array([0, np.nextafter(np.float32(2 * np.pi), np.float32(0))], dtype=np.float32),
        kinds=np.array([0, 2], dtype=np.uint8),
        qualities=np.array([0, 100], dtype=np.uint8),
    )
    assert len(made) == 2
