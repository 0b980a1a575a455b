from __future__ import annotations

import numpy as np
import pytest

from biocapil.errors import ModelError
from biocapil.extraction import extract_samples, load_extractor
from biocapil.sample import CapturedSample
from biocapil.synthesis import make_impression, make_master
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ExtractionFailure, Modality

pytest.importorskip("onnxruntime", reason="the extra extract is not installed")


@pytest.fixture(scope="module")
def batch() -> list[CapturedSample]:
    """Two prints of other sizes and, between them, a picture of nothing."""
    prints = [make_impression(make_master(seed), 1, difficulty=0.2) for seed in (1, 2)]
    nothing = CapturedSample(pixels=np.full((300, 300), 200, np.uint8), resolution_ppi=500)
    return [prints[0], nothing, prints[1]]


def test_a_batch_has_one_outcome_a_sample_in_order_for_any_number_of_workers(
    batch: list[CapturedSample],
) -> None:
    extractor = load_extractor()
    one, nothing, other = extract_samples(batch, extractor, workers=1)
    assert isinstance(one, FingerprintTemplate)
    assert isinstance(other, FingerprintTemplate)
    assert not isinstance(nothing, FingerprintTemplate)
    assert nothing.reason is ExtractionFailure.NO_CONTRAST
    again, _, _ = extract_samples(batch, extractor, workers=3)
    assert isinstance(again, FingerprintTemplate)
    np.testing.assert_array_equal(again.positions_um, one.positions_um)
    alone = extractor.extract(batch[2])
    assert isinstance(alone, FingerprintTemplate)
    np.testing.assert_array_equal(alone.positions_um, other.positions_um)


def test_an_empty_batch_has_no_outcomes() -> None:
    assert list(extract_samples([], load_extractor())) == []


def test_no_workers_are_refused(batch: list[CapturedSample]) -> None:
    with pytest.raises(ValueError, match="workers must be at least 1, got 0"):
        list(extract_samples(batch, load_extractor(), workers=0))


def test_a_face_among_fingers_is_an_error() -> None:
    face = CapturedSample(
        pixels=np.full((300, 300), 200, np.uint8), resolution_ppi=500, modality=Modality.FACE
    )
    with pytest.raises(ModelError, match="reads fingers, but the sample is face"):
        list(extract_samples([face], load_extractor()))
