from __future__ import annotations

import json
from dataclasses import replace

import pytest

from biocapil.cli import diagnosis
from biocapil.cli.diagnosis import diagnose
from biocapil.cli.installation import read_models, read_parts


def test_a_whole_installation_is_ready_and_says_so_in_json() -> None:
    found = diagnose()
    assert found.missing == ()
    told = json.loads(json.dumps(found.as_json()))
    assert told["ready"] is True
    leader = next(model for model in told["models"] if model["name"] == "leader")
    assert leader["licence"] == "MIT"
    assert leader["commercial_use"] is True
    assert leader["problem"] == ""
    assert leader["training_data_verified"] is False
    assert {"numpy", "numba", "onnxruntime"} <= {part["package"] for part in told["parts"]}


def test_a_missing_needed_part_is_named_with_the_line_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [replace(part, version=None) if part.module in {"cv2", "wsq"} else part for part in read_parts()]
    monkeypatch.setattr(diagnosis, "read_parts", lambda: tuple(parts))
    found = diagnose()
    assert found.missing == ("opencv-python-headless is not installed: pip install 'biocapil[extract]'",)
    assert found.as_json()["ready"] is False


def test_every_problem_of_the_main_job_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "extraction_problem", lambda: "model broken")
    monkeypatch.setattr(diagnosis, "comparison_problem", lambda: "")
    monkeypatch.setenv("BIOCAPIL_THREADS", "0")
    monkeypatch.setenv("BIOCAPIL_KEY_FILE", "/dev/null/biocapil/store.key")
    missing = diagnose().missing
    assert missing[0] == "model broken"
    assert "BIOCAPIL_THREADS" in missing[1]
    assert "not writable" in missing[2]
    assert len(missing) == 3


def test_a_model_without_a_manifest_is_told_with_its_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = replace(read_models()[0], manifest=None, problem="cannot be imported")
    monkeypatch.setattr(diagnosis, "read_models", lambda: (broken,))
    (model,) = diagnose().as_json()["models"]
    assert model == {"name": broken.name, "package": broken.package, "problem": "cannot be imported"}
