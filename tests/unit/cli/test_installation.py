from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from biocapil.cli import installation
from biocapil.cli.installation import (
    comparison_problem,
    extraction_problem,
    read_kernel_cache,
    read_key,
    read_models,
    read_parts,
)

UNWRITABLE = Path("/dev/null/biocapil")  # below a file nothing can be made, not even by root


def test_installed_parts_have_a_version_and_a_line_that_brings_them() -> None:
    parts = {part.package: part for part in read_parts()}
    assert parts["numpy"].version == sys.modules["numpy"].__version__
    assert parts["numpy"].install == "pip install numpy"
    assert parts["jinja2"].install == "pip install 'biocapil[report]'"
    assert parts["onnxruntime"].needed
    assert not parts["jinja2"].needed


def test_a_missing_part_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wsq", None)
    assert {part.package: part.version for part in read_parts()}["wsq"] is None


def test_a_part_that_no_package_owns_is_there_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "packages_distributions", dict)
    assert {part.package: part.version for part in read_parts()}["numpy"] == "unknown"


def test_the_shipped_model_is_among_the_models() -> None:
    assert "leader" in {model.name for model in read_models()}


def test_extraction_and_comparison_run_here(monkeypatch: pytest.MonkeyPatch) -> None:
    assert extraction_problem() == ""
    assert comparison_problem() == ""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.setitem(sys.modules, "biocapil.comparison", None)
    assert "extraction needs onnxruntime" in extraction_problem()
    assert "the comparison kernels cannot be loaded" in comparison_problem()


@pytest.mark.parametrize(
    ("similarity", "told"),
    [(0.0, "a template does not match itself"), (RuntimeError("no target"), "RuntimeError: no target")],
)
def test_kernels_that_break_or_answer_wrongly_are_told(
    similarity: float | RuntimeError, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compare(*_templates: object) -> float:
        if isinstance(similarity, RuntimeError):
            raise similarity
        return similarity

    monkeypatch.setattr("biocapil.comparison.compare", compare)
    assert told in comparison_problem()


def test_the_kernel_cache_lies_where_the_environment_says(tmp_path: Path) -> None:
    place = read_kernel_cache({"NUMBA_CACHE_DIR": str(tmp_path / "new" / "cache")})
    assert place.path == tmp_path / "new" / "cache"
    assert place.problem == ""
    assert not (tmp_path / "new").exists()


def test_a_kernel_cache_that_cannot_be_written_gives_way_to_the_next(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment = {"NUMBA_CACHE_DIR": str(UNWRITABLE), "XDG_CACHE_HOME": str(tmp_path)}
    assert read_kernel_cache(environment).path.name == "__pycache__"
    monkeypatch.setattr(installation.biocapil, "__file__", str(UNWRITABLE / "__init__.py"))
    assert read_kernel_cache(environment).path == tmp_path / "numba"
    nowhere = read_kernel_cache({"NUMBA_CACHE_DIR": str(UNWRITABLE), "XDG_CACHE_HOME": str(UNWRITABLE)})
    assert nowhere.state == "not writable"
    assert "set NUMBA_CACHE_DIR" in nowhere.problem


def test_an_absent_key_is_no_problem_and_is_not_made(tmp_path: Path) -> None:
    key = tmp_path / "deep" / "store.key"
    place = read_key({"BIOCAPIL_KEY_FILE": str(key)})
    assert (place.path, place.problem) == (key, "")
    assert "made on first use" in place.state
    assert not key.parent.exists()


def test_an_absent_key_that_cannot_be_made_is_a_problem() -> None:
    assert "not writable" in read_key({"BIOCAPIL_KEY_FILE": str(UNWRITABLE / "store.key")}).problem


def test_a_right_key_is_told_with_its_mode_and_never_its_bytes(tmp_path: Path) -> None:
    key = tmp_path / "store.key"
    key.write_bytes(b"k" * 32)
    key.chmod(0o600)
    place = read_key({"BIOCAPIL_KEY_FILE": str(key)})
    assert (place.state, place.problem) == ("present, mode 0600", "")
    assert "kkkk" not in repr(place)


@pytest.mark.parametrize(
    ("mode", "content", "word"), [(0o644, b"k" * 32, "chmod 600"), (0o600, b"k", "32 bytes")]
)
def test_a_wrong_key_is_a_problem(tmp_path: Path, mode: int, content: bytes, word: str) -> None:
    key = tmp_path / "store.key"
    key.write_bytes(content)
    key.chmod(mode)
    place = read_key({"BIOCAPIL_KEY_FILE": str(key)})
    assert place.state == "unusable"
    assert word in place.problem


def test_a_place_that_may_not_be_looked_at_does_not_exist(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(_path: Path) -> bool:
        raise PermissionError

    monkeypatch.setattr(Path, "exists", refuse)
    assert not installation._exists(tmp_path)


def test_a_file_is_no_folder_to_write_into(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert installation._writable(tmp_path)
    assert not installation._writable(tmp_path / "file" / "below")
    assert os.access(tmp_path / "file", os.W_OK)
