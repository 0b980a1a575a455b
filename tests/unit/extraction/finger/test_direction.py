from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.extraction.finger.direction import angles_from_directions
from biocapil.sample import CapturedSample
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import MinutiaType

PLACES_UM = ((8000.0, 8000.0), (4000.0, 4000.0), (11_500.0, 5000.0), (5000.0, 12_000.0), (12_000.0, 11_500.0))
SETS = {"fvc2002_db1_b": 500.0, "fvc2004_db3_b": 512.0}


def _dark_stripes(sample: CapturedSample, *, turn_rad: float, distance_um: float) -> int:
    """Dark stripes on a line across the ridges, some way ahead of the middle of the picture."""
    ahead = np.array([np.cos(turn_rad), -np.sin(turn_rad)])
    across = np.array([-ahead[1], ahead[0]])
    steps = np.linspace(-7000, 7000, 2000)
    points = np.array([8000, 8000]) + distance_um * ahead + steps[:, None] * across
    columns, rows = (points / sample.um_per_px).astype(int).T
    dark = sample.pixels[rows, columns] < 128
    return int(np.count_nonzero(dark[1:] & ~dark[:-1]))


def _grey_ahead_minus_behind(sample: CapturedSample, template: FingerprintTemplate) -> np.ndarray[Any, Any]:
    """For each minutia: mean grey 5 to 8 px along its direction less the mean against it."""
    pixels = np.pad(sample.pixels.astype(np.float64), 12, mode="edge")
    ahead = np.stack([np.cos(template.angles_rad), -np.sin(template.angles_rad)], axis=1)
    centres = template.positions_um / sample.um_per_px + 12

    def grey(distance: int) -> np.ndarray[Any, Any]:
        columns, rows = (centres + distance * ahead).astype(int).T
        return pixels[rows, columns]

    return np.mean([grey(d) - grey(-d) for d in (5, 6, 7, 8)], axis=0)


@pytest.mark.parametrize("ridge_ahead", [True, False])
@pytest.mark.parametrize("turn_deg", [0, 77, 200, 305])
def test_the_drawing_has_one_stripe_more_ahead_than_behind(
    draw: Any, turn_deg: int, *, ridge_ahead: bool
) -> None:
    turn = np.radians(turn_deg)
    sample = draw([(8000, 8000)], turn_rad=turn, ridge_ahead=ridge_ahead)
    valleys = CapturedSample(pixels=255 - sample.pixels, resolution_ppi=500)
    ridges = sample if ridge_ahead else valleys
    ahead = _dark_stripes(ridges, turn_rad=turn, distance_um=900)
    assert ahead == _dark_stripes(ridges, turn_rad=turn, distance_um=-900) + 1


@pytest.mark.parametrize("ridge_ahead", [True, False])
@pytest.mark.parametrize("turn_deg", [0, 77, 200, 305])
def test_a_drawn_minutia_points_where_the_extra_ridge_or_valley_lies(
    draw: Any, leader: Any, turn_deg: int, *, ridge_ahead: bool
) -> None:
    sample = draw(PLACES_UM, turn_rad=np.radians(turn_deg), ridge_ahead=ridge_ahead)
    template = leader.extract(sample)
    for place in PLACES_UM:
        distances = np.hypot(*(template.positions_um - place).T)
        nearest = distances.argmin()
        assert distances[nearest] < 150
        turned = np.exp(1j * (template.angles_rad[nearest] - np.radians(turn_deg)))
        assert abs(np.degrees(np.angle(turned))) < 12
    first = np.hypot(*(template.positions_um - PLACES_UM[0]).T).argmin()
    assert template.kinds[first] == (MinutiaType.ENDING if ridge_ahead else MinutiaType.BIFURCATION)


@pytest.mark.lent
@pytest.mark.parametrize("dataset", sorted(SETS))
def test_on_real_prints_an_ending_looks_at_its_ridge_and_a_bifurcation_into_its_valley(
    lent_data: Path, leader: Any, dataset: str
) -> None:
    endings, bifurcations = [], []
    for finger in (101, 103, 105):
        sample = _lent_sample(lent_data, dataset, f"{finger}_1")
        template = leader.extract(sample)
        rise = _grey_ahead_minus_behind(sample, template)
        endings.append(rise[template.kinds == MinutiaType.ENDING])
        bifurcations.append(rise[template.kinds == MinutiaType.BIFURCATION])
    assert np.mean(np.concatenate(endings) < 0) > 0.8
    assert np.mean(np.concatenate(bifurcations) > 0) > 0.6


@pytest.mark.lent
@pytest.mark.parametrize("kind", [MinutiaType.ENDING, MinutiaType.BIFURCATION])
def test_minutiae_point_as_those_of_another_makers_iso_records(
    lent_data: Path, leader: Any, kind: MinutiaType
) -> None:
    differences = []
    for name in ("101_1", "102_1", "103_3"):
        record = _secugen_record(lent_data / "vectors/fmr_secugen_fvc/fvc2004_db3_b" / f"{name}.iso")
        template = leader.extract(_lent_sample(lent_data, "fvc2004_db3_b", name))
        differences.append(_paired_turns(template, record, kind))
    turns = np.concatenate(differences)
    assert len(turns) >= 12
    assert abs(np.degrees(np.angle(np.exp(1j * turns).mean()))) < 10
    assert np.degrees(np.median(np.abs(turns))) < 15


def _lent_sample(lent_data: Path, dataset: str, name: str) -> CapturedSample:
    image = pytest.importorskip("PIL.Image")
    with image.open(lent_data / dataset / f"{name}.tif") as picture:
        pixels = np.asarray(picture.convert("L"))
    return CapturedSample(pixels=pixels, resolution_ppi=SETS[dataset])


def _secugen_record(path: Path) -> np.ndarray[Any, Any]:
    """x and y in pixels, angle in radians, kind of each minutia of an ISO/IEC 19794-2:2005 record.

    Read here in five lines, not by `biocapil.formats`, so that two mistakes cannot hide each other.
    """
    data = path.read_bytes()
    assert data.startswith(b"FMR\x00")
    rows = np.frombuffer(data, dtype=">u2,>u2,u1,u1", count=data[27], offset=28)
    x, y = rows["f0"] & 0x3FFF, rows["f1"] & 0x3FFF
    return np.stack([x, y, rows["f2"] * (2 * np.pi / 256), rows["f0"] >> 14], axis=1).astype(np.float64)


def _paired_turns(
    template: FingerprintTemplate, record: np.ndarray[Any, Any], kind: MinutiaType
) -> np.ndarray[Any, Any]:
    """Turn from each record minutia of a kind to ours at the same place.

    The maker moved each picture into a frame of 300 × 400 before it looked, so the shift is found first,
    as the one on which most pairs agree; angles have no say in it.
    """
    ours = template.positions_um / (25_400 / 500)
    shifts = (ours[:, None] - record[None, :, :2]).reshape(-1, 2)
    votes = (np.hypot(*(shifts[:, None] - shifts[None]).transpose(2, 0, 1)) < 6).sum(axis=1)
    near = np.hypot(*(shifts - shifts[votes.argmax()]).T) < 6
    distances = np.hypot(
        *(ours[:, None] - (record[None, :, :2] + shifts[near].mean(axis=0))).transpose(2, 0, 1)
    )
    nearest = distances.argmin(axis=0)
    paired = (distances.min(axis=0) < 8) & (record[:, 3] == kind)
    turns = template.angles_rad[nearest[paired]] - record[paired, 2]
    return np.angle(np.exp(1j * turns))


@settings(max_examples=50, deadline=None)
@given(angle=st.floats(-50, 50), length=st.floats(1e-3, 10))
def test_angles_lie_in_one_turn_and_keep_the_direction(angle: float, length: float) -> None:
    cos = np.array([length * np.cos(angle)], np.float32)
    sin = np.array([length * np.sin(angle)], np.float32)
    found = angles_from_directions(cos, sin)
    assert found.dtype == np.float32
    assert 0 <= found[0] < np.float32(2 * np.pi)
    assert abs(np.angle(np.exp(1j * (float(found[0]) - angle)))) < 1e-5


def test_a_direction_a_hair_below_the_x_axis_is_zero_not_a_whole_turn() -> None:
    found = angles_from_directions(np.array([1], np.float32), np.array([-1e-12], np.float32))
    assert found.tolist() == [0]
