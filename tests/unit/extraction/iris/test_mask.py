from __future__ import annotations

import numpy as np

from biocapil.extraction.iris.mask import trusted_places
from biocapil.extraction.model_manifest import ModelManifest


def rings(rng: np.random.Generator) -> np.ndarray:
    smooth = rng.normal(size=(64, 512)).astype(np.float32) * 3
    return 100 + np.linspace(0, 30, 64, dtype=np.float32)[:, None] + smooth


def test_lashes_and_reflections_are_masked(manifest: ModelManifest) -> None:
    assert manifest.iris is not None
    grey = rings(np.random.default_rng(1))
    grey[30:60, 380:384] -= 60
    grey[20:26, 100:106] = 250
    mask = trusted_places(grey, np.ones_like(grey), rule=manifest.iris)
    assert not mask[32:58, 381:383].any()
    assert not mask[21:25, 101:105].any()
    assert mask.mean() > 0.9


def test_what_the_network_did_not_see_is_never_trusted(manifest: ModelManifest) -> None:
    assert manifest.iris is not None
    grey = rings(np.random.default_rng(2))
    seen = np.ones_like(grey)
    seen[:, 300:400] = 0
    mask = trusted_places(grey, seen, rule=manifest.iris)
    assert not mask[:, 300:400].any()


def test_a_hidden_iris_stays_hidden(manifest: ModelManifest) -> None:
    assert manifest.iris is not None
    grey = rings(np.random.default_rng(3))
    assert not trusted_places(grey, np.zeros_like(grey), rule=manifest.iris).any()
