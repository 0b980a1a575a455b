from __future__ import annotations

import numpy as np
import pytest
from tests.unit.extraction.iris.conftest import FOLDER, DrawnMaps, disc, eye_of, moved

from biocapil.comparison import pack_codes, search_codes
from biocapil.errors import ModelError
from biocapil.extraction.iris.extractor import IrisExtractor
from biocapil.extraction.iris.loading import load_iris_extractor
from biocapil.extraction.model_manifest import ModelManifest
from biocapil.iris_code import IrisCode
from biocapil.outcomes import FailureToExtract
from biocapil.sample import CapturedSample
from biocapil.vocabulary import ExtractionFailure, Modality

SHAPE = (144, 192)


def drawn(radius: float = 40.0, valid: float = 1.0) -> np.ndarray:
    iris, pupil = disc(SHAPE, 96, 72, radius), disc(SHAPE, 95, 72, radius * 0.4)
    return np.stack([pupil, iris, np.ones(SHAPE, np.float32), (iris - pupil).clip(0) * valid])


def textured() -> CapturedSample:
    rng = np.random.default_rng(3)
    pixels = np.kron(rng.integers(60, 200, (60, 80)), np.ones((4, 4))).astype(np.uint8)
    return CapturedSample(pixels=pixels, modality=Modality.IRIS)


def failure(outcome: IrisCode | FailureToExtract) -> ExtractionFailure:
    assert isinstance(outcome, FailureToExtract)
    assert any(letter.isdigit() for letter in outcome.detail) or "open eye" in outcome.detail
    return outcome.reason


def test_borders_are_those_of_the_maps_in_pixels_of_the_sample(manifest: ModelManifest) -> None:
    traced = IrisExtractor(manifest=manifest, network=DrawnMaps(drawn())).trace(textured())
    found = traced.segmentation
    assert found is not None
    per_cell = 320 / 192
    assert found.limbus.center_x_px == pytest.approx(96.5 * per_cell - 0.5, abs=0.3)
    assert found.limbus.radius_px == pytest.approx(40 * per_cell, abs=0.5)
    assert found.pupil.radius_px == pytest.approx(16 * per_cell, abs=0.5)
    assert traced.unwrapped is not None
    assert traced.unwrapped.grey.shape == (64, 512)
    assert isinstance(traced.outcome, IrisCode)
    assert traced.outcome.geometry.bits == 16_384


def test_without_an_iris_there_is_no_code(manifest: ModelManifest) -> None:
    maps = drawn()
    maps[0] = 0
    extractor = IrisExtractor(manifest=manifest, network=DrawnMaps(maps))
    assert failure(extractor.extract(textured())) is ExtractionFailure.NO_IRIS


def test_a_covered_iris_gives_no_code(manifest: ModelManifest) -> None:
    extractor = IrisExtractor(manifest=manifest, network=DrawnMaps(drawn(valid=0.0)))
    assert failure(extractor.extract(textured())) in {
        ExtractionFailure.TOO_LITTLE_IRIS,
        ExtractionFailure.UNSURE_GEOMETRY,
    }


def test_a_far_iris_gives_no_code(manifest: ModelManifest) -> None:
    extractor = IrisExtractor(manifest=manifest, network=DrawnMaps(drawn(radius=10.0)))
    assert failure(extractor.extract(textured())) in {
        ExtractionFailure.TOO_LITTLE_IRIS,
        ExtractionFailure.UNSURE_GEOMETRY,
    }


def test_a_stamp_is_no_picture_of_an_eye(manifest: ModelManifest) -> None:
    tiny = CapturedSample(pixels=np.zeros((20, 200), np.uint8), modality=Modality.IRIS)
    extractor = IrisExtractor(manifest=manifest, network=DrawnMaps(drawn()))
    assert failure(extractor.extract(tiny)) is ExtractionFailure.IMAGE_TOO_SMALL


def test_a_finger_is_refused(manifest: ModelManifest) -> None:
    finger = CapturedSample(pixels=np.zeros((240, 320), np.uint8), resolution_ppi=500)
    with pytest.raises(ModelError, match="reads irises"):
        IrisExtractor(manifest=manifest, network=DrawnMaps(drawn())).extract(finger)


def test_sizes_of_code_have_ids_of_their_own(manifest: ModelManifest) -> None:
    full, short = manifest.iris_model_id("full"), manifest.iris_model_id("short")
    assert manifest.model_id == full != short
    assert IrisExtractor(manifest=manifest, network=DrawnMaps(drawn()), code="short").model_id == short
    with pytest.raises(ModelError, match="no iris code named 'long'"):
        IrisExtractor(manifest=manifest, network=DrawnMaps(drawn()), code="long")


def test_the_network_finds_the_borders_of_synthetic_eyes(extractor: IrisExtractor) -> None:
    """Within 5 % of the radius, where lids are open and the camera is good."""
    for number in range(6):
        eye = eye_of(number, conditions=moved(center_x_px=140 + 8 * number, radius_px=60 + 5 * number))
        found = extractor.segment(eye.sample)
        assert found is not None
        truth = eye.truth.contours.limbus_px
        center, radius = truth.mean(0), np.hypot(*(truth - truth.mean(0)).T).mean()
        error = (found.limbus.center_x_px - center[0], found.limbus.center_y_px - center[1])
        assert np.hypot(*error) < 0.06 * radius
        assert found.limbus.radius_px == pytest.approx(radius, rel=0.05)


@pytest.mark.parametrize("code", ["full", "short"])
def test_one_eye_is_like_itself_and_unlike_others(code: str) -> None:
    pytest.importorskip("onnxruntime", reason="the extra extract is not installed")
    extractor = load_iris_extractor(FOLDER, code=code)
    visits = (moved(tilt_rad=0.1, dilation=0.45), moved(radius_px=70.0, center_y_px=110.0))
    codes = [
        extractor.extract(eye_of(number, visit, visits[visit]).sample)
        for number in range(5)
        for visit in range(2)
    ]
    read = [one for one in codes if isinstance(one, IrisCode)]
    assert len(read) == len(codes)
    turns = read[0].geometry.columns // 20
    for number, found in enumerate(search_codes(read, pack_codes(read), turns=turns, limit=None)):
        distances = {one.row: one.dissimilarity for one in found}
        assert distances[number] == 0
        mate = distances.pop(number ^ 1)
        del distances[number]
        assert mate < 0.3 < min(distances.values())


def test_the_same_sample_gives_the_same_code(extractor: IrisExtractor) -> None:
    one, again = (extractor.extract(eye_of(2).sample) for _ in range(2))
    assert isinstance(one, IrisCode)
    assert isinstance(again, IrisCode)
    assert (one.code == again.code).all()
    assert (one.mask == again.mask).all()
    assert one.model_id == extractor.model_id


def test_a_picture_of_noise_gives_no_code(extractor: IrisExtractor) -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (240, 320)).astype(np.uint8)
    outcome = extractor.extract(CapturedSample(pixels=pixels, modality=Modality.IRIS))
    assert isinstance(outcome, FailureToExtract)
