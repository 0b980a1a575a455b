from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import pytest

from biocapil.errors import ChecksumMismatch, FormatError, LicenceRefused, ModelError, ModelNotFound
from biocapil.extraction import registry
from biocapil.extraction.model_manifest import Task
from biocapil.extraction.registry import (
    GROUP,
    find_folder,
    find_model,
    list_models,
    load_model,
    require_task,
)

Register = Callable[..., None]


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Register:
    """Replace the installed entry points by (name, package) pairs; packages are found in tmp_path."""
    monkeypatch.syspath_prepend(tmp_path)

    def replace(*pairs: tuple[str, str]) -> None:
        entries = EntryPoints(EntryPoint(name, package, GROUP) for name, package in pairs)
        monkeypatch.setattr(registry, "entry_points", lambda *, group: entries.select(group=group))

    return replace


def test_the_shipped_model_is_found_and_verified() -> None:
    listed = {model.name: model for model in list_models()}
    assert listed["leader"].problem == ""
    assert listed["leader"].manifest is not None
    model = find_model("leader")
    assert model.manifest == listed["leader"].manifest
    assert model.manifest.task is Task.FINGER_MINUTIAE


def test_a_registered_model_is_loaded_by_name(register: Register, model_folder: Any) -> None:
    model_folder("mine", folder="mine_found")
    register(("mine", "mine_found"))
    model = find_model("mine")
    assert model.manifest.name == "mine"
    assert repr(model) == f"Model({model.manifest.model_id}, finger_minutiae, {len(model.graph)} bytes)"


def test_the_folder_of_a_model_is_found_and_not_looked_into(register: Register, model_folder: Any) -> None:
    folder = model_folder("mine", folder="mine_kept")
    (folder / "mine.onnx").unlink()
    (folder / "manifest.toml").write_text("no manifest", encoding="utf-8")
    register(("mine", "mine_kept"))
    assert find_folder("mine") == folder


def test_a_folder_is_asked_for_by_one_registered_name(register: Register, model_folder: Any) -> None:
    model_folder("mine", folder="mine_first")
    model_folder("mine", folder="mine_second")
    register(("mine", "mine_first"), ("mine", "mine_second"))
    with pytest.raises(ModelError, match="registered more than once: mine_first, mine_second"):
        find_folder("mine")
    with pytest.raises(ModelNotFound, match=r"named .other.; installed: mine"):
        find_folder("other")


def test_nothing_is_imported_before_it_is_asked_for(
    register: Register, model_folder: Any, tmp_path: Path
) -> None:
    model_folder("mine", folder="mine_lazy")
    (tmp_path / "explosive.py").write_text("raise RuntimeError('boom')", encoding="utf-8")
    register(("mine", "mine_lazy"), ("other", "explosive"))
    assert find_model("mine").manifest.name == "mine"


def test_an_unknown_name_lists_what_is_installed(register: Register) -> None:
    register(("b", "x"), ("a", "y"))
    with pytest.raises(ModelNotFound, match=r"named .c.; installed: a, b\. Install the package"):
        find_model("c")
    register()
    with pytest.raises(ModelNotFound, match="installed: none"):
        find_model("c")


def test_a_name_registered_twice_is_an_error_never_an_override(register: Register, model_folder: Any) -> None:
    model_folder("mine", folder="mine_one")
    model_folder("mine", folder="mine_two")
    register(("mine", "mine_one"), ("mine", "mine_two"))
    with pytest.raises(ModelError, match="registered more than once: mine_one, mine_two"):
        find_model("mine")
    assert [model.problem for model in list_models()] == ["registered more than once"] * 2


def test_a_broken_package_is_listed_with_its_error_and_hides_no_other(
    register: Register, model_folder: Any, tmp_path: Path
) -> None:
    model_folder("mine", folder="mine_beside")
    (tmp_path / "broken_plugin.py").write_text("raise RuntimeError('boom')", encoding="utf-8")
    register(("mine", "mine_beside"), ("broken", "broken_plugin"))
    broken, mine = list_models()
    assert (broken.name, broken.package, broken.manifest) == ("broken", "broken_plugin", None)
    assert "broken_plugin cannot be imported: RuntimeError: boom" in broken.problem
    assert mine.problem == ""
    with pytest.raises(ModelError, match="cannot be imported"):
        find_model("broken")


def test_a_folder_without_python_is_no_package(register: Register, tmp_path: Path) -> None:
    (tmp_path / "bare_folder").mkdir()
    register(("bare", "bare_folder"))
    with pytest.raises(ModelError, match="bare_folder is no regular package"):
        find_model("bare")


def test_a_package_that_calls_itself_otherwise_is_refused(register: Register, model_folder: Any) -> None:
    model_folder("mine", folder="mine_renamed")
    register(("leader", "mine_renamed"))
    with pytest.raises(ModelError, match="entry point 'leader' leads to a model that calls itself 'mine'"):
        find_model("leader")
    assert "calls itself" in list_models()[0].problem


def test_a_changed_file_is_refused_with_both_checksums(register: Register, model_folder: Any) -> None:
    folder = model_folder("mine", folder="mine_changed")
    (folder / "mine.onnx").write_bytes(b"other")
    with pytest.raises(ChecksumMismatch, match=r"mine\.onnx: expected sha256 [0-9a-f]{64}, found d9298a10"):
        load_model(folder)
    register(("mine", "mine_changed"))
    (listed,) = list_models()
    assert listed.manifest is not None
    assert "expected sha256" in listed.problem


def test_a_model_without_its_file_is_refused(model_folder: Any) -> None:
    folder = model_folder("mine")
    (folder / "mine.onnx").unlink()
    with pytest.raises(ModelError, match=r"cannot read mine\.onnx"):
        load_model(folder)


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"manifest\.toml"):
        load_model(tmp_path)


def test_the_licence_must_be_among_the_allowed(model_folder: Any) -> None:
    folder = model_folder("mine", spdx="CC-BY-NC-4.0")
    assert load_model(folder).manifest.licence.spdx == "CC-BY-NC-4.0"
    assert load_model(folder, allow_licences={"CC-BY-NC-4.0"})
    with pytest.raises(LicenceRefused, match=r"under CC-BY-NC-4\.0, allowed are: Apache-2\.0, MIT"):
        load_model(folder, allow_licences=frozenset({"MIT", "Apache-2.0"}))
    with pytest.raises(LicenceRefused, match="allowed are: none"):
        load_model(folder, allow_licences=())
    with pytest.raises(TypeError, match="set of SPDX identifiers"):
        load_model(folder, allow_licences="CC-BY-NC-4.0")


def test_a_model_of_another_task_is_refused(model_folder: Any) -> None:
    face = load_model(model_folder("faces", task="face_embedding"))
    with pytest.raises(ModelError, match="faces is for face_embedding, but finger_minutiae was asked for"):
        require_task(face.manifest, Task.FINGER_MINUTIAE)
    require_task(face.manifest, Task.FACE_EMBEDDING)
