from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from biocapil.errors import ChecksumMismatch, ModelError
from biocapil.extraction.model_manifest import read_model_manifest
from biocapil_models.leader import build, structure, weights
from biocapil_models.leader.blocks import BLOCKS

FOLDER = Path(build.__file__).parent
ENVIRONMENT = "BIOCAPIL_PYFING_WHEEL"


@pytest.fixture(scope="module")
def random_weights() -> weights.Weights:
    """Arrays of the right shapes, small enough that nothing saturates."""
    rng = np.random.default_rng(11)
    return {
        name: [rng.normal(0, 0.05, shape).astype(np.float32) for shape in shapes]
        for name, shapes in weights.layer_shapes().items()
    }


@pytest.fixture(scope="module")
def random_graph(random_weights: weights.Weights) -> bytes:
    pytest.importorskip("onnx", reason="the recipe's tools are not installed: requirements-build.txt")
    return build.build_graph(random_weights)


def _write_h5(path: Path, values: weights.Weights) -> None:
    h5py = pytest.importorskip("h5py", reason="the recipe's tools are not installed: requirements-build.txt")
    places = weights._places()
    with h5py.File(path, "w") as file:
        for name, arrays in values.items():
            for index, array in enumerate(arrays):
                file[f"{places[name]['group']}/vars/{index}"] = array


def test_the_layer_map_has_the_94_layers_184_arrays_and_948114_numbers_of_the_publication() -> None:
    shapes = weights.layer_shapes()
    assert len(shapes) == 94
    assert sum(len(each) for each in shapes.values()) == 184
    assert sum(int(np.prod(shape)) for each in shapes.values() for shape in each) == 948_114


def test_every_row_reads_what_an_earlier_row_delivers() -> None:
    known = {structure.INPUT}
    for row in structure.STRUCTURE:
        assert row.block in BLOCKS
        assert set(row.reads) <= known
        assert row.name not in known
        known.add(row.name)
    assert structure.STRUCTURE[-1].name == structure.OUTPUT


def test_the_manifest_names_the_ends_of_the_structure() -> None:
    manifest = read_model_manifest(FOLDER)
    assert manifest.input.name == structure.INPUT
    assert manifest.output.name == structure.OUTPUT
    assert manifest.output.channels == structure.OUTPUT_CHANNELS


def test_the_folder_carries_licence_notice_and_card() -> None:
    assert "Copyright (c) 2023 Raffaele Cappelli" in (FOLDER / "LICENSE").read_text(encoding="utf-8")
    assert "Raffaele Cappelli" in (FOLDER / "NOTICE").read_text(encoding="utf-8")
    card = (FOLDER / "CARD.md").read_text(encoding="utf-8")
    for heading in ("Input", "Output", "Training data", "Measured", "Intended use", "Limits"):
        assert f"## {heading}" in card


def test_two_builds_are_the_same_bytes(random_weights: weights.Weights, random_graph: bytes) -> None:
    assert build.build_graph(random_weights) == random_graph


def test_the_graph_uses_every_array(random_weights: weights.Weights, random_graph: bytes) -> None:
    onnx = pytest.importorskip("onnx")
    held = onnx.load_from_string(random_graph).graph.initializer
    sums = {round(float(np.abs(onnx.numpy_helper.to_array(tensor)).sum()), 3) for tensor in held}
    for arrays in random_weights.values():
        for array in arrays:
            assert round(float(np.abs(array).sum()), 3) in sums


@pytest.mark.parametrize(("height", "width"), [(32, 32), (96, 64)])
def test_the_graph_runs_at_any_multiple_of_its_stride(random_graph: bytes, height: int, width: int) -> None:
    runtime = pytest.importorskip("onnxruntime")
    session = runtime.InferenceSession(random_graph, providers=["CPUExecutionProvider"])
    image = np.random.default_rng(3).uniform(0, 255, (1, 1, height, width)).astype(np.float32)
    (maps,) = session.run([structure.OUTPUT], {structure.INPUT: image})
    score, _, _, ending = maps[0]
    assert maps.shape == (1, 4, height, width)
    assert np.isfinite(maps).all()
    assert ((ending > 0) & (ending < 1)).all()
    assert 0 < np.count_nonzero(score) < score.size / 4


def test_the_weights_come_back_out_of_the_file(tmp_path: Path, random_weights: weights.Weights) -> None:
    _write_h5(tmp_path / "w.h5", random_weights)
    found = weights.read_weights((tmp_path / "w.h5").read_bytes())
    assert found.keys() == random_weights.keys()
    for name, arrays in random_weights.items():
        for array, other in zip(arrays, found[name], strict=True):
            np.testing.assert_array_equal(array, other)


def test_a_layer_of_another_shape_is_refused(tmp_path: Path, random_weights: weights.Weights) -> None:
    changed = {**random_weights, "stem0_conv": [np.zeros((3, 3, 1, 8), np.float32), np.zeros(8, np.float32)]}
    _write_h5(tmp_path / "w.h5", changed)
    with pytest.raises(ModelError, match=r"layer stem0_conv: expected shapes \[\[5, 5, 1, 8\], \[8\]\]"):
        weights.read_weights((tmp_path / "w.h5").read_bytes())


def test_a_missing_layer_is_refused(tmp_path: Path, random_weights: weights.Weights) -> None:
    _write_h5(tmp_path / "w.h5", {name: v for name, v in random_weights.items() if name != "stem1_ln"})
    with pytest.raises(ModelError, match="layer stem1_ln: the weights file has no group"):
        weights.read_weights((tmp_path / "w.h5").read_bytes())


def test_the_command_builds_from_a_weights_file(
    tmp_path: Path, random_weights: weights.Weights, random_graph: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    _write_h5(tmp_path / "w.h5", random_weights)
    out = tmp_path / "out.onnx"
    assert build.main(["--weights", str(tmp_path / "w.h5"), "--out", str(out)]) == 0
    assert out.read_bytes() == random_graph
    assert capsys.readouterr().out == f"{hashlib.sha256(random_graph).hexdigest()}  out.onnx\n"


def test_only_the_pinned_wheel_is_opened(tmp_path: Path) -> None:
    wheel = tmp_path / "pyfing.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(weights.WEIGHTS_IN_WHEEL, b"the weights")
    with pytest.raises(ChecksumMismatch, match=r"pyfing\.whl: expected sha256 4e11f7ab"):
        build.main(["--wheel", str(wheel), "--out", str(tmp_path / "out.onnx")])
    sha256 = hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert weights.weights_file_from_wheel(wheel, sha256=sha256) == b"the weights"


def test_the_published_wheel_gives_the_committed_file_byte_for_byte(tmp_path: Path) -> None:
    wheel = os.environ.get(ENVIRONMENT)
    if not wheel:
        pytest.skip(f"set {ENVIRONMENT} to the wheel that requirements-weights.txt pins")
    pytest.importorskip("onnx")
    pytest.importorskip("h5py")
    out = tmp_path / "leader.onnx"
    assert build.main(["--wheel", wheel, "--out", str(out)]) == 0
    assert out.read_bytes() == (FOLDER / "leader.onnx").read_bytes()
