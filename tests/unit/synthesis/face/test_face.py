from __future__ import annotations

import numpy as np
import pytest

from biocapil.sample import Origin
from biocapil.synthesis.face import FaceConditions, draw_face_conditions, make_face_master, render_face
from biocapil.vocabulary import Modality

pytest.importorskip("cv2", reason="the extra extract is not installed")


def test_the_same_seeds_make_the_same_picture() -> None:
    pictures = []
    for _ in range(2):
        rng = np.random.default_rng(4)
        face = render_face(make_face_master((1, 2)), draw_face_conditions(rng), rng=rng)
        pictures.append(face.sample.pixels)
    assert np.array_equal(*pictures)


def test_two_seeds_make_two_faces() -> None:
    conditions = FaceConditions()
    one, other = (
        render_face(make_face_master(seed), conditions, rng=np.random.default_rng(0)).sample.pixels
        for seed in (1, 2)
    )
    assert np.abs(one.astype(float) - other).mean() > 10


def test_the_sample_is_a_synthetic_face_of_the_size_that_was_asked_for() -> None:
    conditions = FaceConditions(rows_px=120, columns_px=100, head_px=30)
    sample = render_face(make_face_master(3), conditions, rng=np.random.default_rng(0)).sample
    assert (sample.modality, sample.origin) == (Modality.FACE, Origin.SYNTHETIC)
    assert sample.pixels.shape == (120, 100, 3)


def test_a_picture_without_colours_is_grey() -> None:
    conditions = FaceConditions(coloured=False)
    assert render_face(make_face_master(3), conditions, rng=np.random.default_rng(0)).sample.pixels.ndim == 2


@pytest.mark.parametrize(("changes", "axis", "sign"), [({"yaw_rad": 0.4}, 0, 1), ({"pitch_rad": 0.3}, 1, 1)])
def test_a_turned_head_moves_its_points(changes: dict[str, float], axis: int, sign: int) -> None:
    master = make_face_master(5)
    straight, turned = (
        render_face(master, conditions, rng=np.random.default_rng(0)).points_px
        for conditions in (FaceConditions(), FaceConditions(**changes))  # type: ignore[arg-type]
    )
    assert (sign * (turned - straight)[:, axis] > 5).all()


def test_a_tilted_head_turns_clockwise() -> None:
    points = render_face(
        make_face_master(5), FaceConditions(roll_rad=0.3), rng=np.random.default_rng(0)
    ).points_px
    right = points[1] - points[0]
    assert np.arctan2(right[1], right[0]) == pytest.approx(0.3, abs=0.02)


def test_more_light_makes_a_brighter_face() -> None:
    master = make_face_master(6)
    dark, bright = (
        render_face(
            master, FaceConditions(exposure=exposure), rng=np.random.default_rng(0)
        ).sample.pixels.mean()
        for exposure in (0.5, 1.0)
    )
    assert dark < 0.7 * bright


def test_conditions_without_a_size_and_a_wrong_difficulty_are_refused() -> None:
    with pytest.raises(ValueError, match="picture and head have a size"):
        FaceConditions(head_px=0)
    with pytest.raises(ValueError, match=r"difficulty must lie between 0 and 1, got 2"):
        draw_face_conditions(np.random.default_rng(0), difficulty=2)
