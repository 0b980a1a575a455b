from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from biocapil.errors import StoreError
from biocapil.extraction import TemplateStore
from biocapil.extraction.stored_outcome import StoredOutcome
from biocapil.outcomes import FailureToExtract
from biocapil.sample import CapturedSample
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ExtractionFailure, ModelId

KEY, MODEL = b"k" * 32, ModelId("leader@0123456789ab")
FAILURE = FailureToExtract(reason=ExtractionFailure.NO_CONTRAST, detail="grey all over")
FAILED = StoredOutcome(outcome=FAILURE, elapsed_ms=3.5)
TEMPLATE = FingerprintTemplate(
    positions_um=np.array([[123.25, 456.5]], np.float32),
    angles_rad=np.array([1.0], np.float32),
    kinds=np.array([1], np.uint8),
    qualities=np.array([50], np.uint8),
    extent_um=(1000.0, 1000.0),
    model_id=MODEL,
)


def opened(folder: Path, key: bytes = KEY) -> TemplateStore:
    return TemplateStore(folder / "work.db", key=key)


def execute(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "work.db")) as database:
        database.execute(statement)
        database.commit()


def test_outcomes_outlive_the_process_that_put_them(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.put(b"a", StoredOutcome(outcome=TEMPLATE, elapsed_ms=8.25), model_id=MODEL)
        store.put(b"b", FAILED, model_id=MODEL)
    with opened(tmp_path) as store:
        first, second = store.get(b"a", model_id=MODEL), store.get(b"b", model_id=MODEL)
        assert len(store) == 2
    assert first is not None
    assert isinstance(first.outcome, FingerprintTemplate)
    assert (first.outcome.positions_um == TEMPLATE.positions_um).all()
    assert first.elapsed_ms == 8.25
    assert second is not None
    assert second.outcome == FAILURE


def test_what_was_never_put_is_not_there(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        assert store.get(b"a", model_id=MODEL) is None


def test_putting_again_replaces(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.put(b"a", StoredOutcome(outcome=TEMPLATE, elapsed_ms=1.0), model_id=MODEL)
        store.put(b"a", FAILED, model_id=MODEL)
        stored = store.get(b"a", model_id=MODEL)
        assert len(store) == 1
    assert stored is not None
    assert stored.outcome == FAILURE


def test_the_record_key_is_the_sealers_and_the_same_after_reopening(tmp_path: Path) -> None:
    sample = CapturedSample(pixels=np.zeros((2, 3), np.uint8), resolution_ppi=500.0)
    with opened(tmp_path) as store:
        first = store.record_key(sample, content_sha256="ab", model_id=MODEL)
        assert store.record_key(sample, content_sha256="ac", model_id=MODEL) != first
    with opened(tmp_path) as store:
        assert store.record_key(sample, content_sha256="ab", model_id=MODEL) == first


def test_neither_words_nor_features_stand_readable_in_any_file(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.put(b"a", FAILED, model_id=MODEL)
        store.put(b"b", StoredOutcome(outcome=TEMPLATE, elapsed_ms=1.0), model_id=MODEL)
        written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    for secret in (b"grey all over", b"no_contrast", b"leader@", TEMPLATE.positions_um.tobytes(), KEY):
        assert secret not in written


def test_all_its_files_are_closed_to_others(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.put(b"a", FAILED, model_id=MODEL)
        modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    assert modes == {"work.db": 0o600, "work.db-wal": 0o600, "work.db-shm": 0o600}


def test_a_store_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    opened(tmp_path).close()
    (tmp_path / "work.db").chmod(0o644)
    opened(tmp_path).close()
    assert (tmp_path / "work.db").stat().st_mode & 0o777 == 0o600


def test_the_key_file_is_taken_where_no_key_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIOCAPIL_KEY_FILE", str(tmp_path / "k"))
    TemplateStore(tmp_path / "work.db").close()
    opened(tmp_path, key=(tmp_path / "k").read_bytes()).close()


def test_another_key_is_refused_at_the_door(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with pytest.raises(StoreError, match=r"work\.db: it was made with another key; BIOCAPIL_KEY_FILE"):
        opened(tmp_path, key=b"q" * 32)


def test_a_key_of_the_wrong_length_is_a_broken_contract(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        opened(tmp_path, key=b"short")


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE outcome SET sealed = substr(sealed, 1, length(sealed) - 1)",
        "UPDATE outcome SET sealed = zeroblob(200)",
        "UPDATE outcome SET sealed = 'text'",
        "UPDATE outcome SET sealed = (SELECT sealed FROM outcome WHERE record_key = x'62')",
    ],
)
def test_a_record_that_was_altered_or_moved_is_refused(tmp_path: Path, tampering: str) -> None:
    with opened(tmp_path) as store:
        store.put(b"a", FAILED, model_id=MODEL)
        store.put(b"b", StoredOutcome(outcome=TEMPLATE, elapsed_ms=1.0), model_id=MODEL)
    execute(tmp_path, tampering)
    with (
        opened(tmp_path) as store,
        pytest.raises(StoreError, match=r"record 61: the record was altered.*delete"),
    ):
        store.get(b"a", model_id=MODEL)


def test_a_record_of_another_model_is_not_given_out(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.put(b"a", FAILED, model_id=MODEL)
        with pytest.raises(StoreError, match="altered"):
            store.get(b"a", model_id=ModelId("other@1"))


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    opened(tmp_path).close()
    execute(tmp_path, "PRAGMA user_version = 2")
    with pytest.raises(StoreError, match="its schema is 2, this BioCapil reads 1: use a newer one"):
        opened(tmp_path)


def test_a_store_without_its_key_check_is_refused(tmp_path: Path) -> None:
    opened(tmp_path).close()
    execute(tmp_path, "DELETE FROM store")
    with pytest.raises(StoreError, match="holds no key check"):
        opened(tmp_path)


def test_the_database_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    execute(tmp_path, "CREATE TABLE notes (text)")
    before = (tmp_path / "work.db").read_bytes()
    (tmp_path / "work.db").chmod(0o644)
    with pytest.raises(StoreError, match="belongs to another program"):
        opened(tmp_path)
    assert (tmp_path / "work.db").read_bytes() == before
    assert (tmp_path / "work.db").stat().st_mode & 0o777 == 0o644


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "work.db").write_bytes(b"path,subject\n" * 100)
    with pytest.raises(StoreError, match="file is not a database"):
        opened(tmp_path)


def test_a_place_that_does_not_exist_is_a_store_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="No such file"):
        TemplateStore(tmp_path / "nowhere" / "work.db", key=KEY)


def test_a_closed_store_answers_with_a_store_error(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed database"):
        store.get(b"a", model_id=MODEL)


def test_its_repr_names_the_file_only(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        assert repr(store) == "TemplateStore('work.db')"
