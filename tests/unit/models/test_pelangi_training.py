"""What training is fed with; the loop itself runs where PyTorch is installed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biocapil.synthesis.iris import EyeConditions, make_iris_master, render_eye
from biocapil_models.pelangi import train
from biocapil_models.pelangi.build import build_graph
from biocapil_models.pelangi.structure import STRIDE_PX, STRUCTURE
from biocapil_models.pelangi.train import loop
from biocapil_models.pelangi.train.batches import BATCH, by_size, draw_batch
from biocapil_models.pelangi.train.eyes import (
    LONGEST_PX,
    EyeRecipe,
    KnownEye,
    answer_maps,
    at_most_320,
    known_eye,
    padded,
    render_eyes,
)
from biocapil_models.rows.training import TrainingPlan

NEEDS_TORCH = "training needs PyTorch: requirements/train.txt"


@pytest.fixture(scope="module")
def eyes() -> list[KnownEye]:
    return [known_eye(5, number) for number in range(30)]


def test_eyes_are_the_same_for_the_same_recipe(eyes: list[KnownEye]) -> None:
    again = list(render_eyes(EyeRecipe(seed=5, eyes=3), workers=1))
    for one, other in zip(eyes, again, strict=False):
        assert (one.pixels == other.pixels).all()
        assert (one.maps == other.maps).all()


def test_eyes_have_the_size_that_the_network_reads(eyes: list[KnownEye]) -> None:
    for eye in eyes:
        assert eye.pixels.shape[1] == LONGEST_PX
        assert eye.pixels.shape[0] % STRIDE_PX == 0
        assert eye.maps.shape == (4, *eye.pixels.shape)


def test_the_pupil_lies_in_the_iris_and_the_texture_outside_the_pupil(eyes: list[KnownEye]) -> None:
    for eye in eyes:
        pupil, iris, _, valid = (one.astype(int) for one in eye.maps)
        assert (pupil <= iris + 130).all()
        if iris.any():
            assert (valid + pupil <= 255 + 130).all()


def test_nothing_is_asked_for_of_a_shut_eye() -> None:
    shut = EyeConditions(upper_lid=-0.8, lower_lid=0.8)
    made = render_eye(make_iris_master(1), shut, np.random.default_rng(1))
    pupil, iris, opening, valid = answer_maps(made.truth)
    assert not any(one.any() for one in (pupil, iris, opening, valid))


def test_a_larger_picture_is_the_same_visit() -> None:
    large = EyeConditions(rows=480, columns=640, center_x_px=300, center_y_px=220, radius_px=120)
    small = at_most_320(large)
    assert (small.rows, small.columns, small.radius_px) == (240, 320, 60)
    assert at_most_320(small) == replace(small)


def test_padding_repeats_the_edge() -> None:
    wide = padded(np.arange(5 * 16, dtype=np.uint8).reshape(5, 16))
    assert wide.shape == (16, 16)
    assert (wide[0] == wide[5]).all()


def test_a_batch_holds_pictures_of_one_size(eyes: list[KnownEye]) -> None:
    groups = by_size(eyes)
    assert groups
    batch = draw_batch(np.random.default_rng(1), groups)
    assert batch.pixels.shape[:2] == (BATCH, 1)
    assert batch.maps.shape == (BATCH, 4, *batch.pixels.shape[2:])
    assert batch.pixels.dtype == batch.maps.dtype == np.float32
    assert 0 <= batch.pixels.min() < batch.pixels.max() <= 255
    assert 0 <= batch.maps.min() < batch.maps.max() <= 1


def test_rarer_sizes_are_left_out(eyes: list[KnownEye]) -> None:
    assert by_size(eyes[: BATCH - 1]) == []


def test_a_few_steps_give_weights_that_the_recipe_takes(eyes: list[KnownEye]) -> None:
    pytest.importorskip("torch", reason=NEEDS_TORCH)
    pytest.importorskip("onnx", reason="the recipe's tools are not installed")
    told: list[int] = []
    weights = loop.train(
        eyes,
        TrainingPlan(seed=1, steps=3, threads=1),
        on_progress=lambda step, _parts: told.append(step),
    )
    assert told == [3]
    assert {f"{row.name}.kernel" for row in STRUCTURE if row.learnt} <= set(weights)
    assert build_graph(weights)


def test_the_record_of_training_names_the_model_that_ships() -> None:
    folder = Path(train.__file__).parents[1]
    record = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    manifest = (folder / "manifest.toml").read_text(encoding="utf-8")
    assert record["model_sha256"] in manifest
    assert record["plan"]["steps"] == record["losses"][-1]["step"]
