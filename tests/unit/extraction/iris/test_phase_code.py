from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from biocapil.extraction.iris.phase_code import PhaseCoder
from biocapil.extraction.model_manifest import ModelManifest
from biocapil.iris_code import IrisCode
from biocapil.iris_segmentation import UnwrappedIris
from biocapil.vocabulary import ModelId

ID = ModelId("test@1")


@pytest.fixture
def coder(manifest: ModelManifest) -> PhaseCoder:
    assert manifest.iris is not None
    return PhaseCoder(manifest.iris, manifest.iris_code_rule(None))


def waves(columns: int = 512) -> np.ndarray:
    rng = np.random.default_rng(5)
    spectrum = np.fft.rfft(rng.normal(size=(64, columns)), axis=1)
    spectrum[:, 40:] = 0
    return (100 + 8 * np.fft.irfft(spectrum, columns, axis=1)).astype(np.float32)


def encode(coder: PhaseCoder, grey: np.ndarray, mask: np.ndarray | None = None) -> IrisCode:
    seen = np.ones(grey.shape, np.bool_) if mask is None else mask
    return coder.encode(UnwrappedIris(grey=grey, mask=seen), model_id=ID)


def share_of_differing(one: IrisCode, other: IrisCode) -> float:
    both = one.mask & other.mask
    return float(np.bitwise_count((one.code ^ other.code) & both).sum() / np.bitwise_count(both).sum())


def test_light_and_contrast_change_nothing(coder: PhaseCoder) -> None:
    grey = waves()
    assert share_of_differing(encode(coder, grey), encode(coder, grey * 1.4 + 20)) < 1e-3


def test_a_turned_iris_has_a_turned_code(coder: PhaseCoder) -> None:
    grey = waves()
    turned = encode(coder, np.roll(grey, -10, axis=1))
    assert share_of_differing(turned, encode(coder, grey).turned(5)) < 1e-3
    assert share_of_differing(turned, encode(coder, grey)) > 0.2


def test_a_fifth_of_the_bits_is_weak(coder: PhaseCoder) -> None:
    code = encode(coder, waves())
    assert code.valid_bits / code.geometry.bits == pytest.approx(0.8, abs=0.01)


def test_masked_places_give_no_bits_and_do_not_leak(coder: PhaseCoder) -> None:
    grey, mask = waves(), np.ones((64, 512), np.bool_)
    mask[:, 200:300] = False
    spoilt = grey.copy()
    spoilt[:, 200:300] = 255
    one, other = encode(coder, grey, mask), encode(coder, spoilt, mask)
    assert (one.code == other.code).all()
    columns = one.geometry.columns_of(one.mask)
    assert not columns[105:145].any()
    assert columns[:80].any()


def test_nothing_seen_gives_no_bits(coder: PhaseCoder) -> None:
    assert encode(coder, waves(), np.zeros((64, 512), np.bool_)).valid_bits == 0


def test_without_weak_bits_all_covered_ones_count(manifest: ModelManifest) -> None:
    assert manifest.iris is not None
    coder = PhaseCoder(replace(manifest.iris, weakest=0.0), manifest.iris_code_rule("short"))
    code = encode(coder, waves())
    assert code.valid_bits == code.geometry.bits == 2048
