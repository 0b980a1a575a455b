from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from biocapil.errors import ModelError
from biocapil.face_landmarks import FaceFound
from biocapil.quality import assess_face
from biocapil.quality.face.assess import shipped_weights
from biocapil.quality.face.components import COMPONENTS
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.synthesis.face import FaceConditions, SyntheticFace, make_face_master, render_face
from biocapil.vocabulary import FaceReason, Modality

LIT = FaceConditions(light=(0.0, -0.3, 1.0), rows_px=512, columns_px=512, head_px=120, blur_px=0.8)


def photograph(**changes: object) -> SyntheticFace:
    conditions = replace(LIT, **changes)  # type: ignore[arg-type]
    return render_face(make_face_master(4), conditions, rng=np.random.default_rng(0))


def face_of(taken: SyntheticFace, **changes: object) -> FaceFound:
    x, y = taken.points_px.mean(axis=0).tolist()
    size = 2.2 * float(np.linalg.norm(taken.points_px[1] - taken.points_px[0]))
    face = FaceFound(
        left_px=x - size / 2,
        top_px=y - 0.65 * size,
        width_px=size,
        height_px=1.25 * size,
        points_px=taken.points_px,
        confidence=0.93,
    )
    return replace(face, **changes)  # type: ignore[arg-type]


def report(**changes: object) -> QualityReport:
    taken = photograph(**changes)
    return assess_face(taken.sample, face_of(taken))


def component(made: QualityReport, name: str) -> int:
    return next(each.score for each in made.components if each.name == name)


def test_a_good_photograph_has_nothing_to_mend() -> None:
    made = report()
    assert made.reasons == ()
    assert made.score > 60
    assert [each.name for each in made.components] == [each.name for each in COMPONENTS]


@pytest.mark.parametrize(
    ("changes", "reason", "name"),
    [
        ({"exposure": 0.2}, FaceReason.TOO_DARK, "not_dark"),
        ({"blur_px": 9.0}, FaceReason.BLURRED, "sharpness"),
        ({"roll_rad": 0.5}, FaceReason.HEAD_TILTED, "not_tilted"),
        ({"head_px": 20.0}, FaceReason.TOO_SMALL, "eye_distance"),
        ({"centre": (0.12, 0.5)}, FaceReason.CROPPED, "cropping"),
        ({"light": (-3.0, 0.0, 0.25), "ambient": 0.1}, FaceReason.UNEVEN_LIGHT, "light_evenness"),
        ({"exposure": 3.0}, FaceReason.TOO_BRIGHT, "not_burnt"),
    ],
)
def test_what_is_wrong_is_named_and_costs_its_component(
    changes: dict[str, object], reason: FaceReason, name: str
) -> None:
    made = report(**changes)
    assert reason in made.reasons
    assert component(made, name) < component(report(), name)


def test_a_nose_far_from_the_middle_tells_a_turned_head() -> None:
    taken = photograph()
    points = taken.points_px.copy()
    points[2, 0] += 0.45 * (points[1, 0] - points[0, 0])
    made = assess_face(taken.sample, face_of(taken, points_px=points))
    assert FaceReason.HEAD_TURNED in made.reasons
    assert component(made, "not_turned") < component(report(), "not_turned")


def test_further_faces_are_named() -> None:
    taken = photograph()
    assert FaceReason.SEVERAL_FACES in assess_face(taken.sample, face_of(taken, others=2)).reasons


def test_a_restless_wall_is_named() -> None:
    taken = photograph()
    noise = np.random.default_rng(1).integers(0, 255, (128, 128, 3)).astype(np.uint8)
    wall = cv2.resize(noise, (512, 512), interpolation=cv2.INTER_NEAREST)
    mask = np.zeros((512, 512, 1), bool)
    mask[120:, 120:392] = True
    sample = replace(taken.sample, pixels=np.where(mask, taken.sample.pixels, wall))
    assert FaceReason.BUSY_BACKGROUND in assess_face(sample, face_of(taken)).reasons


def test_without_a_face_the_score_is_0_and_the_components_are_the_same() -> None:
    made = assess_face(photograph().sample, None)
    assert (made.score, made.reasons) == (0, (FaceReason.NO_FACE,))
    assert len(made.components) == len(COMPONENTS)


def test_grey_pictures_are_measured_as_coloured_ones_are() -> None:
    taken = photograph()
    grey = replace(taken.sample, pixels=cv2.cvtColor(taken.sample.pixels, cv2.COLOR_RGB2GRAY))
    assert abs(assess_face(grey, face_of(taken)).score - report().score) <= 1


def test_weights_add_up_to_one_and_none_is_negative() -> None:
    _, weights, floor = shipped_weights()
    assert sum(weights.values()) == pytest.approx(1, abs=1e-3)
    assert min(weights.values()) >= 0
    assert 0 <= floor < 100


def test_a_finger_is_refused() -> None:
    finger = CapturedSample(pixels=np.zeros((9, 9), np.uint8), resolution_ppi=500)
    with pytest.raises(ModelError, match="modality finger"):
        assess_face(finger, None)


def test_no_reason_is_named_twice() -> None:
    made = report(exposure=4.0)
    assert made.reasons.count(FaceReason.TOO_BRIGHT) == 1
    assert Modality.FACE is photograph().sample.modality
