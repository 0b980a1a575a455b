from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import biocapil_models.pelangi
from biocapil.extraction.iris.extractor import IrisExtractor
from biocapil.extraction.iris.loading import load_iris_extractor
from biocapil.extraction.model_manifest import ModelManifest, read_model_manifest
from biocapil.synthesis.iris import EyeConditions, SyntheticEye, make_iris_master, render_eye

FOLDER = Path(biocapil_models.pelangi.__file__).parent
OPEN = EyeConditions(upper_lid=0.9, lower_lid=0.95, noise=2.0)


class DrawnMaps:
    """A network that answers what it was given."""

    def __init__(self, maps: np.ndarray) -> None:
        self.maps = maps

    def run(self, image: np.ndarray) -> np.ndarray:
        rest = [image.shape[2 + axis] - self.maps.shape[1 + axis] for axis in (0, 1)]
        return np.pad(self.maps, [(0, 0), *((one // 2, one - one // 2) for one in rest)]).astype(np.float32)


def disc(shape: tuple[int, int], x: float, y: float, radius: float) -> np.ndarray:
    """A disc with a border one cell wide."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return np.clip(radius - np.hypot(columns - x, rows - y) + 0.5, 0, 1).astype(np.float32)


def eye_of(number: int, visit: int = 1, conditions: EyeConditions = OPEN) -> SyntheticEye:
    master = make_iris_master((51, number))
    return render_eye(master, conditions, np.random.default_rng((52, number, visit)))


def moved(conditions: EyeConditions = OPEN, **changes: float) -> EyeConditions:
    return replace(conditions, **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def manifest() -> ModelManifest:
    return read_model_manifest(FOLDER)


@pytest.fixture(scope="session")
def extractor() -> IrisExtractor:
    pytest.importorskip("onnxruntime", reason="the extra extract is not installed")
    return load_iris_extractor(FOLDER)
