"""The wheel check finds each kind of fault."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent


def load_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_wheel", REPOSITORY / "tools" / "check_wheel.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = load_tool()
INFO = "biocapil-1.0.dist-info"
SOUND = {
    "biocapil/py.typed",
    "biocapil_drivers/py.typed",
    "biocapil_models/py.typed",
    *(
        f"biocapil_models/{model}/{file}"
        for model in TOOL.MODELS
        for file in (f"{model}.onnx", "manifest.toml", "CARD.md", "LICENSE", "NOTICE")
    ),
    *(f"biocapil_models/{model}/calibration.json" for model in TOOL.EXTRACTORS),
    "biocapil/quality/face/face_quality.json",
    "biocapil/quality/finger/finger_fields.json",
    "biocapil/quality/finger/finger_quality.json",
    "biocapil/quality/iris/iris_quality.json",
    "biocapil/segmentation/slap_flow.json",
    "biocapil/reporting/templates/page.html",
}
RECORDS = {
    f"{INFO}/entry_points.txt",
    f"{INFO}/licenses/LICENSE",
    *(
        f"{INFO}/licenses/models/biocapil_models/{model}/{file}"
        for model in TOOL.MODELS
        for file in ("LICENSE", "NOTICE")
    ),
}


def complaints(packaged: set[str], committed: set[str], content: bytes = b"") -> list[str]:
    names = packaged | RECORDS
    found: list[str] = TOOL.complaints(names, committed, dict.fromkeys(names, content))
    return found


def test_a_sound_wheel_has_no_fault() -> None:
    assert complaints(SOUND, SOUND) == []


def test_a_committed_file_that_is_left_out_is_found() -> None:
    assert complaints(SOUND, SOUND | {"biocapil/sample.py"}) == ["missing: biocapil/sample.py"]


def test_a_file_that_nobody_committed_is_found() -> None:
    assert complaints(SOUND | {"biocapil/notes.txt"}, SOUND) == [
        "not under version control: biocapil/notes.txt"
    ]


@pytest.mark.parametrize("lost", sorted(SOUND))
def test_every_required_file_is_asked_for(lost: str) -> None:
    found = complaints(SOUND - {lost}, SOUND - {lost})
    assert len(found) == 1
    assert found[0].startswith("nothing like ")


def test_samples_and_tests_do_not_belong_in_a_wheel() -> None:
    extra = {"biocapil/prints/101_1.tif", "biocapil/test_sample.py"}
    assert complaints(SOUND | extra, SOUND | extra) == [
        "does not belong in a wheel: biocapil/prints/101_1.tif",
        "tests in the wheel: biocapil/test_sample.py",
    ]


def test_a_path_of_the_building_machine_is_found() -> None:
    found = complaints(SOUND, SOUND, f"from {REPOSITORY}/src".encode())
    assert len(found) == len(SOUND | RECORDS)
    assert found[0].startswith("a path of this machine is in ")


def test_a_folder_without_exactly_one_wheel_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert TOOL.main(tmp_path) == 2
    assert "0 wheels" in capsys.readouterr().err


def test_faults_are_listed_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(TOOL, "committed_files", lambda: SOUND)
    with zipfile.ZipFile(tmp_path / "biocapil-1.0-py3-none-any.whl", "w") as wheel:
        for name in SOUND | RECORDS:
            wheel.writestr(name, "")
    assert TOOL.main(tmp_path) == 0
    with zipfile.ZipFile(tmp_path / "biocapil-1.0-py3-none-any.whl", "a") as wheel:
        wheel.writestr("biocapil/notes.txt", "")
    assert TOOL.main(tmp_path) == 1
    shown = capsys.readouterr()
    assert f"{len(SOUND | RECORDS) + 1} files" in shown.out
    assert "1 faults" in shown.out
    assert "notes.txt" in shown.err


def test_committed_files_are_named_as_the_wheel_names_them() -> None:
    committed = TOOL.committed_files()
    assert {"biocapil/py.typed", "biocapil_drivers/py.typed", "biocapil_models/py.typed"} <= committed
    assert not any("__pycache__" in name for name in committed)


def test_an_unpacked_archive_without_version_control_is_read_from_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "src" / "biocapil" / "__pycache__").mkdir(parents=True)
    (tmp_path / "src" / "biocapil" / "py.typed").touch()
    (tmp_path / "src" / "biocapil" / "__pycache__" / "x.pyc").touch()
    monkeypatch.setattr(TOOL, "REPOSITORY", tmp_path)
    assert TOOL.committed_files() == {"biocapil/py.typed"}
