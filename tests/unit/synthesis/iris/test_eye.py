from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from biocapil.synthesis import iris as room
from biocapil.synthesis.iris import (
    EyeConditions,
    IrisMaster,
    SyntheticEye,
    draw_conditions,
    make_iris_master,
    render_eye,
)
from biocapil.synthesis.iris.conditions import SIZES
from biocapil.vocabulary import Modality

OPEN = EyeConditions(upper_lid=1.4, lower_lid=1.4, lash_length=0.05, spots=0, noise=0.0)


@pytest.fixture(scope="module")
def master() -> IrisMaster:
    return make_iris_master((3, 1))


def eye(master: IrisMaster, conditions: EyeConditions = OPEN, seed: int = 1) -> SyntheticEye:
    return render_eye(master, conditions, np.random.default_rng(seed))


def test_public_names_are_sorted_and_exist() -> None:
    assert room.__all__ == sorted(room.__all__)
    assert all(hasattr(room, name) for name in room.__all__)


def test_the_same_seed_gives_the_same_picture(master: IrisMaster) -> None:
    again = make_iris_master((3, 1))
    one, other = eye(master, seed=4), eye(again, seed=4)
    assert (one.sample.pixels == other.sample.pixels).all()
    assert (one.truth.valid == other.truth.valid).all()
    assert (eye(master, seed=5).sample.pixels != one.sample.pixels).any()


def test_a_sample_is_an_iris_without_a_resolution(master: IrisMaster) -> None:
    sample = eye(master).sample
    assert sample.modality is Modality.IRIS
    assert sample.resolution_ppi == 0
    assert sample.pixels.shape == (240, 320)


def test_the_truth_has_the_radii_that_were_asked_for(master: IrisMaster) -> None:
    truth = eye(master, replace(OPEN, radius_px=70, dilation=0.5)).truth
    assert np.sqrt(truth.iris.sum() / np.pi) == pytest.approx(70, rel=0.02)
    assert np.sqrt(truth.pupil.sum() / np.pi) == pytest.approx(35, rel=0.05)
    assert truth.contours.limbus_px.mean(0) == pytest.approx([160, 120], abs=6)


def test_a_pupil_is_darker_than_an_iris_and_an_iris_than_the_white(master: IrisMaster) -> None:
    made = eye(master)
    truth, grey = made.truth, made.sample.pixels.astype(float)
    around = truth.opening & ~truth.iris
    assert grey[truth.pupil].mean() + 5 < grey[truth.valid].mean() < grey[around].mean() - 5


def test_what_is_valid_lies_on_the_iris_between_the_lids(master: IrisMaster) -> None:
    truth = eye(master, replace(OPEN, upper_lid=0.3, glares=2, glasses=True, lashes_down=True)).truth
    assert truth.valid.any()
    assert not (truth.valid & ~(truth.iris & truth.opening & ~truth.pupil)).any()


def test_lids_lashes_and_glare_take_iris_away(master: IrisMaster) -> None:
    free = eye(master).truth.valid.sum()
    for worse in (
        replace(OPEN, upper_lid=0.3),
        replace(OPEN, lashes_down=True, lash_length=0.8, upper_lid=0.6),
        replace(OPEN, glares=2),
    ):
        assert eye(master, worse).truth.valid.sum() < 0.97 * free


def test_an_eye_that_looks_aside_is_an_ellipse(master: IrisMaster) -> None:
    limbus = eye(master, replace(OPEN, gaze_rad=0.5)).truth.contours.limbus_px
    width, height = np.ptp(limbus, axis=0)
    assert width / height == pytest.approx(np.cos(0.5), abs=0.02)


def test_the_border_may_cut_an_iris(master: IrisMaster) -> None:
    made = eye(master, replace(OPEN, center_x_px=10))
    assert made.truth.contours.limbus_px.min() < -60
    assert made.truth.iris[:, 0].any()
    outside = eye(master, replace(OPEN, center_x_px=-300))
    assert not outside.truth.iris.any()


def test_the_camera_blurs_shifts_rows_and_packs(master: IrisMaster) -> None:
    sharp = eye(master).sample.pixels.astype(float)
    rough = np.abs(np.diff(sharp, axis=1)).mean()
    for setting in (replace(OPEN, defocus_px=3.0), replace(OPEN, motion_px=9.0)):
        assert np.abs(np.diff(eye(master, setting).sample.pixels.astype(float), axis=1)).mean() < 0.8 * rough
    woven = eye(master, replace(OPEN, interlace_px=4.0)).sample.pixels.astype(float)
    assert np.abs(np.diff(woven, axis=0)).mean() > 1.2 * np.abs(np.diff(sharp, axis=0)).mean()
    packed = eye(master, replace(OPEN, jpeg_quality=20)).sample.pixels
    assert (packed != sharp).any()


@pytest.mark.parametrize("size", SIZES)
def test_conditions_are_drawn_for_every_size(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(2)
    for difficulty in (0.0, 1.0):
        drawn = [draw_conditions(rng, difficulty=difficulty, size=size) for _ in range(30)]
        assert {(one.rows, one.columns) for one in drawn} == {size}
        assert all(45 <= one.radius_px <= 135 for one in drawn)
    assert any(one.glasses for one in drawn)
    assert any(one.lashes_down for one in drawn)


@pytest.mark.parametrize(
    "wrong", [{"rows": 0}, {"radius_px": 0.0}, {"dilation": 0.95}, {"gaze_rad": -0.1}, {"gaze_rad": 1.2}]
)
def test_impossible_conditions_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        EyeConditions(**wrong)  # type: ignore[arg-type]


def test_a_difficulty_lies_between_0_and_1() -> None:
    with pytest.raises(ValueError, match="difficulty"):
        draw_conditions(np.random.default_rng(1), difficulty=1.5)
