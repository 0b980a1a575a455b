from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from biocapil.errors import LicenceRefused, ModelError, ModelNotFound
from biocapil.extraction import DEFAULT_MODEL, list_models, load_extractor, load_model

pytest.importorskip("onnxruntime", reason="the extra extract is not installed")


def test_the_shipped_extractor_is_named_by_its_manifest() -> None:
    manifest = next(model.manifest for model in list_models() if model.name == DEFAULT_MODEL)
    assert manifest is not None
    assert load_extractor().model_id == manifest.model_id


def test_a_folder_of_ones_own_is_loaded_by_its_path() -> None:
    import biocapil_models.leader as package  # noqa: PLC0415  # only this test needs the folder

    folder = Path(package.__file__).parent
    assert load_extractor(folder).model_id == load_model(folder).manifest.model_id


def test_a_face_model_extracts_no_fingers(model_folder: Any) -> None:
    with pytest.raises(ModelError, match="face_embedding, but finger_minutiae"):
        load_extractor(model_folder("faces", task="face_embedding"))


def test_the_licence_policy_is_obeyed() -> None:
    assert load_extractor("leader", allow_licences={"MIT"})
    with pytest.raises(LicenceRefused):
        load_extractor("leader", allow_licences={"Apache-2.0"})


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ModelNotFound, match="'leadr'"):
        load_extractor("leadr")


def test_importing_the_package_loads_neither_the_runtime_nor_opencv() -> None:
    code = "import sys, biocapil.extraction; print(*{'onnxruntime', 'cv2', 'numba'} & set(sys.modules))"
    command = [sys.executable, "-c", code]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  # own interpreter
    assert shown.stdout.strip() == ""
