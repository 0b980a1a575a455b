from __future__ import annotations

import numpy as np
import pytest

from biocapil.extraction.iris.confidence import MEASURES, confidence_measures, confidence_of
from biocapil.extraction.iris.contour import Disc, find_disc
from biocapil.extraction.model_manifest import ModelManifest

SHAPE = (120, 160)


def disc(x: float, y: float, radius: float) -> np.ndarray:
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    return np.clip(radius - np.hypot(columns - x, rows - y) + 0.5, 0, 1).astype(np.float32)


def maps() -> dict[str, np.ndarray]:
    pupil, iris = disc(80, 60, 14), disc(79, 60, 36)
    return {"pupil": pupil, "iris": iris, "valid": (iris - pupil).clip(0), "opening": np.ones_like(iris)}


def found(share: np.ndarray) -> Disc:
    border = find_disc(share, waves=2)
    assert border is not None
    return border


def told(changed: dict[str, np.ndarray]) -> dict[str, float]:
    everything = {**maps(), **changed}
    values = confidence_measures(found(everything["pupil"]), found(everything["iris"]), everything)
    return dict(zip(MEASURES, values, strict=True))


def test_clean_discs_agree_with_their_maps() -> None:
    clean = told({})
    assert clean["pupil_overlap"] > 0.9
    assert clean["iris_overlap"] > 0.94
    assert clean["rays"] > 0.99
    assert clean["visible"] > 0.9
    assert clean["offset"] == pytest.approx(1 / 36, abs=0.01)
    assert clean["dilation"] == pytest.approx(abs(14 / 36 - 0.4), abs=0.01)


def test_a_torn_map_agrees_less(manifest: ModelManifest) -> None:
    torn = maps()["iris"]
    torn[:40] *= 0.4
    torn[80:, :70] = 0
    worse, clean = told({"iris": torn, "pupil": disc(95, 66, 14)}), told({})
    assert worse["iris_overlap"] < clean["iris_overlap"] - 0.05
    assert worse["iris_blur"] > clean["iris_blur"]
    assert manifest.iris is not None
    sure, unsure = (confidence_of(tuple(one.values()), manifest.iris.confidence) for one in (clean, worse))
    assert unsure < manifest.iris.min_confidence < 0.95 < sure


def test_weights_and_measures_must_fit() -> None:
    with pytest.raises(ValueError, match="9 weights"):
        confidence_of(tuple(told({}).values()), (1.0, 2.0))


def test_no_sum_is_too_large_for_a_probability() -> None:
    assert confidence_of((1.0,), (0.0, 1e6)) == pytest.approx(1.0)
    assert confidence_of((1.0,), (0.0, -1e6)) == pytest.approx(0.0, abs=1e-9)
