"""The template store: finished work of a batch, encrypted in one SQLite file, so that a rerun goes on.

    batch ─► record key ─► get ─► StoredOutcome, or extract and put

Each outcome is one transaction in write-ahead mode: a process killed at any moment leaves a store that
opens and holds every outcome put before. Encryption at rest is not template protection (ISO/IEC 24745):
who holds the key file reads the templates.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from biocapil.errors import FormatError, StoreError
from biocapil.extraction.sealing import SALT_BYTES, Sealer
from biocapil.extraction.store_key import load_store_key
from biocapil.extraction.stored_outcome import StoredOutcome, decode_outcome, encode_outcome
from biocapil.sample import CapturedSample
from biocapil.vocabulary import ModelId

SCHEMA_VERSION = 1
APPLICATION_ID = 0x42435453
"""Marks the SQLite file as ours: "BCTS"."""

BUSY_TIMEOUT_S = 30.0
PRIVATE_MODE = 0o600
KEY_CHECK = b"biocapil"
_KEY_CHECK_NAME = b"key check"
_NO_MODEL = ModelId("")


class TemplateStore:
    """Outcomes of extractions by record key; may be used from many threads, and by several processes."""

    def __init__(self, path: str | os.PathLike[str], *, key: bytes | None = None) -> None:
        """Open a store, or make it.

        Args:
            path: SQLite file; made with mode 0600, and an existing one is set to it.
            key: 32 bytes; None takes the key file's.

        Raises:
            StoreError: The file is no template store, of a newer BioCapil, under another key, or
                cannot be opened.
            MissingPart: The cryptography package is not installed.
        """
        self._path = Path(path)
        self._lock = threading.Lock()
        secret = load_store_key() if key is None else key
        try:
            _make_private(self._path)
            self._database = sqlite3.connect(
                self._path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as exc:
            raise StoreError(f"template store {self._path}: {exc}") from exc
        try:
            self._sealer = _opened(self._database, secret)
            self._path.chmod(PRIVATE_MODE)
        except BaseException as exc:
            self._database.close()
            if isinstance(exc, (OSError, sqlite3.Error, StoreError)):
                raise StoreError(f"template store {self._path}: {exc}") from exc
            raise

    def record_key(self, sample: CapturedSample, *, content_sha256: str, model_id: ModelId) -> bytes:
        """Name of the record of one sample; see `Sealer.record_key`."""
        return self._sealer.record_key(sample, content_sha256=content_sha256, model_id=model_id)

    def get(self, record_key: bytes, *, model_id: ModelId) -> StoredOutcome | None:
        """Outcome under a record key, or None.

        Raises:
            StoreError: The record was altered, or the store cannot be read.
        """
        rows = self._run("SELECT sealed FROM outcome WHERE record_key = ?", record_key)
        if not rows:
            return None
        try:
            plain = self._sealer.unseal(rows[0][0], record_key=record_key, model_id=model_id)
            return decode_outcome(plain)
        except (FormatError, StoreError) as exc:
            raise StoreError(
                f"template store {self._path}, record {record_key[:4].hex()}: {exc}; "
                "delete the store to extract everything again"
            ) from exc

    def put(self, record_key: bytes, stored: StoredOutcome, *, model_id: ModelId) -> None:
        """Remember an outcome; it is on its way to the disk when this returns.

        Raises:
            StoreError: The store cannot be written.
        """
        sealed = self._sealer.seal(encode_outcome(stored), record_key=record_key, model_id=model_id)
        self._run("INSERT OR REPLACE INTO outcome (record_key, sealed) VALUES (?, ?)", record_key, sealed)

    def close(self) -> None:
        """Close the file; closing twice is allowed."""
        with self._lock:
            self._database.close()

    def __len__(self) -> int:
        return int(self._run("SELECT count(*) FROM outcome")[0][0])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"TemplateStore({self._path.name!r})"

    def _run(self, statement: str, *values: bytes) -> list[tuple[bytes]]:
        try:
            with self._lock:
                return self._database.execute(statement, values).fetchall()
        except sqlite3.Error as exc:
            raise StoreError(f"template store {self._path}: {exc}") from exc


def _make_private(path: Path) -> None:
    """Make the file before SQLite does, so that it is never open to others; its log takes over the mode."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_MODE))


def _opened(database: sqlite3.Connection, key: bytes) -> Sealer:
    """Sealer of a checked store, whose tables are made where it is empty.

    Nothing is written, not even the journal mode, before the file is known to be ours.
    """
    database.execute("BEGIN IMMEDIATE")
    with database:  # commits, or rolls back
        sealer = _checked(database, key)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    return sealer


def _checked(database: sqlite3.Connection, key: bytes) -> Sealer:
    if not database.execute("SELECT 1 FROM sqlite_master").fetchall():
        return _created(database, key)
    if _pragma(database, "application_id") != APPLICATION_ID:
        raise StoreError("the file belongs to another program")
    version = _pragma(database, "user_version")
    if version != SCHEMA_VERSION:
        raise StoreError(f"its schema is {version}, this BioCapil reads {SCHEMA_VERSION}: use a newer one")
    rows = database.execute("SELECT salt, key_check FROM store").fetchall()
    if len(rows) != 1:
        raise StoreError("it holds no key check, so it was damaged")
    salt, key_check = rows[0]
    sealer = Sealer(key, salt=salt, schema_version=SCHEMA_VERSION)
    _check_key(sealer, key_check)
    return sealer


def _created(database: sqlite3.Connection, key: bytes) -> Sealer:
    salt = os.urandom(SALT_BYTES)
    sealer = Sealer(key, salt=salt, schema_version=SCHEMA_VERSION)
    key_check = sealer.seal(KEY_CHECK, record_key=_KEY_CHECK_NAME, model_id=_NO_MODEL)
    database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    database.execute("CREATE TABLE store (salt BLOB NOT NULL, key_check BLOB NOT NULL)")
    database.execute("CREATE TABLE outcome (record_key BLOB PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID")
    database.execute("INSERT INTO store VALUES (?, ?)", (salt, key_check))
    return sealer


def _check_key(sealer: Sealer, key_check: bytes) -> None:
    try:
        sealer.unseal(key_check, record_key=_KEY_CHECK_NAME, model_id=_NO_MODEL)
    except StoreError as exc:
        raise StoreError("it was made with another key; BIOCAPIL_KEY_FILE names the key file") from exc


def _pragma(database: sqlite3.Connection, name: str) -> int:
    return int(database.execute(f"PRAGMA {name}").fetchone()[0])
