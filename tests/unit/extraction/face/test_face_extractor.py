from __future__ import annotations

import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from biocapil.embedding import Embedding
from biocapil.errors import LicenceRefused, ModelError
from biocapil.extraction import load_extractor
from biocapil.extraction.face.extractor import FaceExtractor
from biocapil.extraction.face.loading import load_face_detector, load_face_extractor
from biocapil.face_landmarks import FaceFound
from biocapil.outcomes import FailureToExtract
from biocapil.sample import CapturedSample
from biocapil.synthesis.face import FaceConditions, SyntheticFace, make_face_master, render_face
from biocapil.vocabulary import ExtractionFailure, Modality


def sample_of(pixels: np.ndarray) -> CapturedSample:
    return CapturedSample(pixels=np.ascontiguousarray(pixels), modality=Modality.FACE)


def found(extractor: FaceExtractor, sample: CapturedSample) -> FaceFound:
    face = extractor.find(sample)
    assert isinstance(face, FaceFound)
    return face


def embedded(extractor: FaceExtractor, pixels: np.ndarray) -> np.ndarray:
    made = extractor.extract(sample_of(pixels))
    assert isinstance(made, Embedding)
    return made.values


def reason(extractor: FaceExtractor, pixels: np.ndarray) -> ExtractionFailure:
    outcome = extractor.extract(sample_of(pixels))
    assert isinstance(outcome, FailureToExtract)
    return outcome.reason


def test_the_points_lie_near_the_true_ones(sface: FaceExtractor, album: list[list[SyntheticFace]]) -> None:
    for face in (each for photographs in album for each in photographs):
        seen = found(sface, face.sample)
        assert np.abs(seen.points_px - face.points_px).max() < 0.35 * seen.eye_distance_px
        assert seen.others == 0


@pytest.mark.parametrize("name", ["sface", "dlib_resnet"])
def test_photographs_of_one_person_are_closer_than_those_of_two(
    name: str, album: list[list[SyntheticFace]]
) -> None:
    extractor = load_face_extractor(name)
    rows = np.array([embedded(extractor, face.sample.pixels) for each in album for face in each])
    people = np.repeat(np.arange(len(album)), 3)
    alike = rows @ rows.T
    same = people[:, None] == people[None]
    other_pictures = ~np.eye(len(rows), dtype=bool)
    assert alike[same & other_pictures].min() > alike[~same].max()


def test_grey_and_colour_are_both_read_and_agree(sface: FaceExtractor, passport: SyntheticFace) -> None:
    colour = passport.sample.pixels
    grey = cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY)
    assert embedded(sface, colour) @ embedded(sface, grey) > 0.8


def test_a_large_photograph_is_scaled_for_detection_and_embedded_alike(
    sface: FaceExtractor, passport: SyntheticFace
) -> None:
    pixels = passport.sample.pixels
    large = cv2.resize(pixels, None, fx=8, fy=8, interpolation=cv2.INTER_CUBIC)
    small, big = found(sface, passport.sample), found(sface, sample_of(large))
    assert np.abs((big.points_px + 0.5) / 8 - 0.5 - small.points_px).max() < 0.1 * small.eye_distance_px
    assert embedded(sface, pixels) @ embedded(sface, large) > 0.95


def test_a_small_face_in_a_large_photograph_is_found_at_a_finer_look(sface: FaceExtractor) -> None:
    small = render_face(make_face_master(1), FaceConditions(head_px=16), rng=np.random.default_rng(0))
    photograph = np.full((4000, 4000, 3), 190, np.uint8)
    photograph[1800:2056, 1800:2056] = small.sample.pixels
    face = found(sface, sample_of(photograph))
    assert np.abs(face.points_px - 1800 - small.points_px).max() < 8


def test_a_picture_that_its_face_fills_is_read(sface: FaceExtractor, passport: SyntheticFace) -> None:
    x, y = passport.points_px.mean(axis=0).astype(int)
    tight = passport.sample.pixels[y - 58 : y + 58, x - 50 : x + 50]
    assert embedded(sface, tight) @ embedded(sface, passport.sample.pixels) > 0.6


def test_no_face_is_an_outcome(sface: FaceExtractor) -> None:
    assert reason(sface, np.full((200, 160), 128, np.uint8)) is ExtractionFailure.NO_FACE


def test_two_like_faces_are_an_outcome(sface: FaceExtractor, album: list[list[SyntheticFace]]) -> None:
    pair = np.hstack([album[0][0].sample.pixels, album[1][0].sample.pixels])
    assert reason(sface, pair) is ExtractionFailure.SEVERAL_FACES


def test_a_bystander_is_passed_over_and_counted(sface: FaceExtractor, passport: SyntheticFace) -> None:
    bystander = render_face(make_face_master(2), FaceConditions(head_px=40), rng=np.random.default_rng(0))
    both = np.full((256, 768, 3), 190, np.uint8)
    both[:, 256:512] = passport.sample.pixels
    both[:, 512:] = bystander.sample.pixels
    face = found(sface, sample_of(both))
    assert face.others == 1
    assert np.abs(face.points_px - (256, 0) - passport.points_px).max() < 10


def test_a_face_that_is_too_small_is_an_outcome(sface: FaceExtractor) -> None:
    tiny = render_face(make_face_master(1), FaceConditions(head_px=11), rng=np.random.default_rng(0))
    assert reason(sface, tiny.sample.pixels) is ExtractionFailure.FACE_TOO_SMALL


def test_the_extractor_is_loaded_by_its_modality(sface: FaceExtractor, passport: SyntheticFace) -> None:
    extractor = load_extractor(modality=Modality.FACE)
    assert (extractor.model_id, extractor.modality) == (sface.model_id, Modality.FACE)
    assert isinstance(extractor.extract(passport.sample), Embedding)


def test_a_finger_is_refused(sface: FaceExtractor) -> None:
    finger = CapturedSample(pixels=np.zeros((9, 9), np.uint8), resolution_ppi=500)
    with pytest.raises(ModelError, match="reads faces, but the sample is finger"):
        sface.extract(finger)


def test_the_licence_policy_covers_network_and_detector() -> None:
    assert load_face_extractor("dlib_resnet", allow_licences={"CC0-1.0", "MIT"})
    assert load_face_extractor("sface", allow_licences=iter(["Apache-2.0", "MIT"]))
    with pytest.raises(LicenceRefused, match=r"sface is under Apache-2.0"):
        load_face_extractor("sface", allow_licences={"CC0-1.0", "MIT"})
    with pytest.raises(LicenceRefused, match="yunet is under MIT"):
        load_face_extractor("dlib_resnet", allow_licences={"CC0-1.0"})


def test_a_detector_makes_no_embeddings_and_a_network_finds_no_faces() -> None:
    with pytest.raises(ModelError, match="face_detection, but face_embedding"):
        load_face_extractor("yunet")
    with pytest.raises(ModelError, match="face_embedding, but face_detection"):
        load_face_detector("sface")


OWN = """
schema = 1
name = "own"
title = "Grey values of a small face"
task = "face_embedding"
file = "own.onnx"
sha256 = "{sha256}"

[input]
name = "in"
channels = 1
resolution_ppi = 0
stride_px = 1

[output]
name = "out"

[embedding]
colour_order = "grey"
mean = [127.5]
scale = [0.0078125]
rows_px = 16
columns_px = 16
template_px = [4, 5, 12, 5, 8, 9, 5, 13, 11, 13]
dimensions = 256
mirrored = {mirrored}
detector = "{detector}"
min_eye_distance_px = 8

[licence]
spdx = "MIT"
file = "LICENSE"
commercial_use = true
training_data = "none"
training_data_verified = true
"""


def own_folder(folder: Path, *, mirrored: str = "true", detector: str = "") -> Path:
    onnx_graph = pytest.importorskip("biocapil_models.onnx_graph")
    pytest.importorskip("onnx", reason="the recipe's tools are not installed")
    graph = onnx_graph.Graph()
    graph.add("Flatten", ["in"], "out")
    data = graph.serialize_ends(
        name="own", reads=("in", [1, 1, 16, 16]), delivers=("out", [1, 256]), facts={}
    )
    (folder / "own.onnx").write_bytes(data)
    text = OWN.format(
        sha256=hashlib.sha256(data).hexdigest(),
        mirrored=mirrored,
        detector=detector or load_face_detector("yunet").model_id,
    )
    (folder / "manifest.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_network_of_ones_own_runs_by_its_manifest_alone(tmp_path: Path, passport: SyntheticFace) -> None:
    extractor = load_face_extractor(own_folder(tmp_path))
    one = embedded(extractor, passport.sample.pixels)
    assert one.shape == (256,)
    picture = one.reshape(16, 16)
    assert np.allclose(picture, picture[:, ::-1], atol=1e-6)


def test_without_its_mirror_image_an_embedding_is_of_the_picture_alone(
    tmp_path: Path, passport: SyntheticFace
) -> None:
    extractor = load_face_extractor(own_folder(tmp_path, mirrored="false"))
    picture = embedded(extractor, passport.sample.pixels).reshape(16, 16)
    assert not np.allclose(picture, picture[:, ::-1], atol=1e-3)


def test_points_of_another_detector_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"aligned by points of yunet@000000000000, got yunet@"):
        load_face_extractor(own_folder(tmp_path, detector="yunet@000000000000"))
