from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from biocapil.errors import StoreError
from biocapil.extraction import store_key
from biocapil.extraction.store_key import key_file, load_store_key


def test_the_environment_names_the_key_file_first() -> None:
    assert key_file({"BIOCAPIL_KEY_FILE": "/safe/k", "XDG_DATA_HOME": "/data"}) == Path("/safe/k")


def test_the_key_lies_in_the_data_home_else() -> None:
    assert key_file({"XDG_DATA_HOME": "/data"}) == Path("/data/biocapil/store.key")


@pytest.mark.parametrize("environment", [{}, {"XDG_DATA_HOME": ""}, {"XDG_DATA_HOME": "relative"}])
def test_the_data_home_is_in_the_home_folder_where_nothing_is_set(environment: dict[str, str]) -> None:
    assert key_file(environment) == Path.home() / ".local" / "share" / "biocapil" / "store.key"


def test_the_first_use_makes_a_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "store.key"
    key = load_store_key(file)
    assert len(key) == 32
    assert load_store_key(file) == key
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [entry.name for entry in file.parent.iterdir()] == ["store.key"]


def test_without_a_file_named_the_environment_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIOCAPIL_KEY_FILE", str(tmp_path / "k"))
    assert load_store_key() == (tmp_path / "k").read_bytes()


def test_two_keys_are_never_the_same(tmp_path: Path) -> None:
    assert load_store_key(tmp_path / "a") != load_store_key(tmp_path / "b")


def test_many_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(load_store_key, [tmp_path / "k"] * 16))
    assert len(keys) == 1


def test_a_key_made_by_another_process_meanwhile_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "k"

    def overtaken(source: Path, target: Path) -> None:
        target.write_bytes(b"k" * 32)
        target.chmod(0o600)
        raise FileExistsError(source)

    monkeypatch.setattr(store_key.os, "link", overtaken)
    assert load_store_key(file) == b"k" * 32


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "k"
    load_store_key(file)
    file.chmod(mode)
    with pytest.raises(StoreError, match=f"open to others \\(mode {mode:04o}\\): run chmod 600"):
        load_store_key(file)


@pytest.mark.parametrize(("length", "held"), [(0, "0"), (31, "31"), (33, "more than 32")])
def test_a_file_of_another_length_is_no_key(tmp_path: Path, length: int, held: str) -> None:
    file = tmp_path / "k"
    file.touch(mode=0o600)
    file.write_bytes(bytes(length))
    with pytest.raises(StoreError, match=f"must hold 32 bytes, it holds {held}"):
        load_store_key(file)


def test_a_folder_is_no_key_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is no regular file"):
        load_store_key(tmp_path)


def test_a_place_that_cannot_be_written_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=f"key file {tmp_path}{os.sep}file"):
        load_store_key(tmp_path / "file" / "k")
