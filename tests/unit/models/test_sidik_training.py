"""What training is fed with; the loop itself runs where PyTorch is installed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from biocapil_models.rows.network import EPSILON, folded_weights
from biocapil_models.rows.training import TrainingPlan
from biocapil_models.sidik import train
from biocapil_models.sidik.build import build_graph
from biocapil_models.sidik.structure import INPUT, STRUCTURE
from biocapil_models.sidik.train import loop
from biocapil_models.sidik.train.crops import CROP_PX, SPREAD_PX, answer_maps, cut_crop
from biocapil_models.sidik.train.network import first_network
from biocapil_models.sidik.train.prints import LabelledPrint, PrintRecipe, render_prints

RECIPE = PrintRecipe(seed=5, fingers=2, impressions=2)
NEEDS_TORCH = "training needs PyTorch: requirements/train.txt"


@pytest.fixture(scope="module")
def prints() -> list[LabelledPrint]:
    return list(render_prints(RECIPE, workers=1))


def test_prints_are_the_same_for_the_same_recipe(prints: list[LabelledPrint]) -> None:
    again = list(render_prints(RECIPE, workers=2))
    assert len(again) == len(prints) >= 3
    for one, other in zip(prints, again, strict=True):
        assert (one.pixels == other.pixels).all()
        assert (one.minutiae == other.minutiae).all()


def test_labels_lie_on_the_print(prints: list[LabelledPrint]) -> None:
    for each in prints:
        rows, columns = each.pixels.shape
        x, y, angle = each.minutiae.T
        assert ((x > -1) & (x < columns) & (y > -1) & (y < rows)).all()
        assert ((angle >= 0) & (angle < 2 * np.pi + 1e-6)).all()


def test_a_minutia_is_marked_where_it_is_with_its_direction() -> None:
    maps = answer_maps(np.array([[50.0, 80.0, 1.0], [53.0, 80.0, 2.0]], np.float32))
    assert maps.shape == (3, CROP_PX, CROP_PX)
    assert maps[0, 80, 50] == 1
    assert maps[0, 80, 48] == pytest.approx(np.exp(-4 / (2 * SPREAD_PX**2)))
    assert maps[1, 80, 50] == pytest.approx(np.cos(1.0))
    assert maps[2, 80, 54] == pytest.approx(np.sin(2.0))
    assert maps[:, 100:].any() == 0


def test_crops_have_one_size_and_hold_minutiae_most_of_the_time(prints: list[LabelledPrint]) -> None:
    rng = np.random.default_rng(1)
    crops = [cut_crop(rng, prints[0]) for _ in range(30)]
    for crop in crops:
        assert crop.pixels.shape == (CROP_PX, CROP_PX)
        assert crop.pixels.dtype == np.float32
        assert 0 <= crop.pixels.min() <= crop.pixels.max() <= 255
        assert (crop.maps[0].max() > 0.9) == (crop.count > 0) or crop.count <= 2
    assert sum(crop.count > 0 for crop in crops) > 20


def test_a_mirrored_crop_has_mirrored_directions() -> None:
    """Ridges that end at one place: each crop shows the end where its label says, pointing into the ridge."""
    pixels = np.full((CROP_PX, CROP_PX), 230, np.uint8)
    pixels[90:96, 100:] = 20
    source = LabelledPrint(pixels=pixels, minutiae=np.array([[100.0, 92.5, 0.0]], np.float32))
    rng = np.random.default_rng(2)
    sides = set()
    for _ in range(20):
        crop = cut_crop(rng, source)
        if crop.maps[0].max() < 1 or not 20 < np.argmax(crop.maps[0].max(0)) < CROP_PX - 20:
            continue
        row, column = np.unravel_index(crop.maps[0].argmax(), crop.maps[0].shape)
        towards = round(float(crop.maps[1, row, column]))
        sides.add(towards)
        assert crop.pixels[row, column + 8 * towards] < crop.pixels[row, column - 8 * towards]
    assert sides == {-1, 1}


def test_a_few_steps_give_weights_that_the_recipe_takes(prints: list[LabelledPrint]) -> None:
    pytest.importorskip("torch", reason=NEEDS_TORCH)
    pytest.importorskip("onnx", reason="the recipe's tools are not installed")
    told: list[int] = []
    weights = loop.train(
        prints,
        TrainingPlan(seed=1, steps=4, threads=1),
        on_progress=lambda step, _parts: told.append(step),
    )
    assert told == [4]
    assert {f"{row.name}.kernel" for row in STRUCTURE if row.learnt} <= set(weights)
    assert build_graph(weights)


def test_the_graph_answers_as_the_network_did() -> None:
    torch = pytest.importorskip("torch", reason=NEEDS_TORCH)
    runtime = pytest.importorskip("onnxruntime", reason="the extra extract is not installed")
    network = first_network(3)
    image = torch.rand(1, 1, 64, 80, generator=torch.Generator().manual_seed(1)) * 255
    with torch.no_grad():
        before = {name: value.clone() for name, value in network.statistics.items()}
        answers = network.answer(image).numpy()
    batch = {
        name: (network.statistics[name] - 0.95 * before[name]) / 0.05 for name in before
    }  # statistics of this one batch
    pixels = {row.name: 64 * 80 / 4 for row in STRUCTURE}
    for row in STRUCTURE:
        if row.active and row.learnt:
            size = {"half": 2, "quarter": 4, "eighth": 8, "sixteenth": 16}.get(row.name.split("_")[0], 2)
            pixels[row.name] = 64 * 80 / size**2
            unbiased = batch[f"{row.name}.variance"]
            batch[f"{row.name}.variance"] = unbiased * (pixels[row.name] - 1) / pixels[row.name]
    arrays = {name: value.detach().contiguous().numpy() for name, value in network.parameters.items()}
    weights = folded_weights(STRUCTURE, arrays, {name: value.numpy() for name, value in batch.items()})
    session = runtime.InferenceSession(build_graph(weights), providers=["CPUExecutionProvider"])
    (maps,) = session.run(None, {INPUT: image.numpy()})
    assert EPSILON < 1e-4
    means = answers[0, 1:].reshape(2, 32, 2, 40, 2).mean(axis=(2, 4))
    assert np.abs(maps[0, 1:, ::2, ::2] - means).max() < 1e-3
    assert (maps[0, 1:, ::2, ::2] == maps[0, 1:, 1::2, 1::2]).all()


def test_the_record_of_training_names_the_model_that_ships() -> None:
    folder = Path(train.__file__).parents[1]
    record = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    manifest = (folder / "manifest.toml").read_text(encoding="utf-8")
    assert record["model_sha256"] in manifest
    assert record["plan"]["steps"] == record["losses"][-1]["step"]
