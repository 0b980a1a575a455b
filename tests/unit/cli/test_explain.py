from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from biocapil.cli.main import main
from biocapil.synthesis import make_impression, make_master
from biocapil.synthesis.face import FaceConditions, make_face_master, render_face
from biocapil.synthesis.iris import EyeConditions, make_iris_master, render_eye
from biocapil.vocabulary import Modality

pytest.importorskip("onnxruntime", reason="the extra extract is not installed")


def pixels_of(modality: Modality, visit: int) -> np.ndarray:
    rng = np.random.default_rng((82, visit))
    if modality is Modality.FACE:
        return render_face(make_face_master(1), FaceConditions(), rng=rng).sample.pixels
    if modality is Modality.IRIS:
        return render_eye(make_iris_master((71, 1)), EyeConditions(), rng).sample.pixels
    return make_impression(make_master(3), visit, difficulty=0.1).pixels


def files_of(folder: Path, modality: Modality) -> list[str]:
    files = [folder / f"{visit}.png" for visit in (1, 2)]
    for visit, file in enumerate(files):
        Image.fromarray(pixels_of(modality, visit)).save(file, dpi=(500, 500))
    return [str(file) for file in files]


@pytest.mark.parametrize(
    ("modality", "mark"),
    [(Modality.FINGER, "paired minutiae"), (Modality.FACE, "<circle"), (Modality.IRIS, "bits differ")],
)
def test_a_mated_pair_is_told_and_drawn(
    modality: Modality, mark: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "deep" / "pair.svg"
    files = files_of(tmp_path, modality)
    assert main(["explain", *files, "--modality", modality.value, "--picture", str(picture)]) == 0
    line: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert line["modality"] == modality.value
    assert line["llr"] > 0
    assert line["false_match"]["low"] <= line["false_match"]["value"] <= line["false_match"]["high"] < 0.01
    assert {each["presentation_attack"]["finding"] for each in line["samples"]} == {"not_assessed"}
    assert mark in picture.read_text(encoding="utf-8")


def test_a_sample_without_a_template_is_a_no_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = files_of(tmp_path, Modality.FACE)
    Image.new("RGB", (300, 300), (120, 120, 120)).save(files[1])
    assert main(["explain", *files, "--modality", "face"]) == 1
    line = json.loads(capsys.readouterr().out)
    assert line["similarity"] is None
    assert [each["failure"] and each["failure"]["reason"] for each in line["samples"]] == [None, "no_face"]
