"""Drawn ridges with known minutiae, a network that says what it is told, and the rule that reads it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from biocapil.extraction.model_manifest import ModelManifest, read_model_manifest
from biocapil.extraction.seam import Extractor
from biocapil.sample import CapturedSample

PERIOD_UM = 460.0
MODEL_FOLDER = Path(__file__).resolve().parents[4] / "models" / "biocapil_models" / "leader"

Draw = Callable[..., CapturedSample]


def draw_ridges(
    places_um: Sequence[tuple[float, float]],
    *,
    turn_rad: float,
    ridge_ahead: bool = True,
    ppi: float = 500,
    side_um: float = 16_000,
) -> CapturedSample:
    """Parallel ridges along `turn_rad`, with one minutia at each place.

    The phase of the ridges winds once around each place, so that ahead of it, seen along `turn_rad`
    (counter-clockwise, y up), there is one stripe more than behind it: a ridge, so that the place is an
    ending, or, with `ridge_ahead` false, a valley, so that it is a bifurcation. Only the first place is
    sure to be of that kind: the others shift the phase a little.
    """
    count = round(side_um * ppi / 25_400)
    centres_um = (np.arange(count) + 0.5) * 25_400 / ppi
    x, y = np.meshgrid(centres_um, centres_um)
    along = np.array([np.cos(turn_rad), -np.sin(turn_rad)])
    across = np.array([-along[1], along[0]])
    x0, y0 = places_um[0]
    phase = 2 * np.pi * ((x - x0) * across[0] + (y - y0) * across[1]) / PERIOD_UM
    for place_x, place_y in places_um:
        right, down = x - place_x, y - place_y
        phase += np.arctan2(right * across[0] + down * across[1], right * along[0] + down * along[1])
    for place_x, place_y in places_um[1:]:
        right, down = x0 - place_x, y0 - place_y
        phase -= np.arctan2(right * across[0] + down * across[1], right * along[0] + down * along[1])
    grey = 128 - (100 if ridge_ahead else -100) * np.cos(phase)
    return CapturedSample(pixels=grey.astype(np.uint8), resolution_ppi=ppi)


@dataclass
class ToldNetwork:
    """Answers with minutiae at told pixels of the padded image: (row, column, score, angle, ending)."""

    minutiae: Sequence[tuple[int, int, float, float, float]] = ()
    seen: list[NDArray[np.float32]] = field(default_factory=list)

    def run(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        self.seen.append(image)
        maps = np.zeros((4, *image.shape[2:]), dtype=np.float32)
        for row, column, score, angle, ending in self.minutiae:
            maps[:, row, column] = score, np.cos(angle), np.sin(angle), ending
        return maps


@pytest.fixture
def draw() -> Draw:
    return draw_ridges


@pytest.fixture
def told_network() -> type[ToldNetwork]:
    return ToldNetwork


@pytest.fixture(scope="session")
def manifest() -> ModelManifest:
    """The shipped manifest with a rule that these tests own, so that tuning the shipped one is free."""
    shipped = read_model_manifest(MODEL_FOLDER)
    assert shipped.minutiae is not None
    rule = replace(
        shipped.minutiae,
        score_threshold=0.5,
        max_minutiae=60,
        min_distance_px=4,
        min_minutiae=2,
        min_side_mm=4.0,
        max_pixels=1_000_000,
        min_contrast=4.0,
    )
    return replace(shipped, minutiae=rule)


@pytest.fixture(scope="session")
def leader() -> Extractor:
    """The shipped extractor."""
    pytest.importorskip("onnxruntime", reason="the extra extract is not installed")
    from biocapil.extraction import load_extractor  # noqa: PLC0415  # after the check for the extra

    return load_extractor("leader")
