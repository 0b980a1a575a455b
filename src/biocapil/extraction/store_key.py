"""The key of the template store: 32 random bytes in a file of their own, away from the data.

Whoever copies the working folder gets ciphertext only. The file lies in `$XDG_DATA_HOME/biocapil/store.key`
(`~/.local/share` where that is unset), or where BIOCAPIL_KEY_FILE says, and nobody else may read it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from biocapil.errors import StoreError

KEY_BYTES = 32
ENVIRONMENT = "BIOCAPIL_KEY_FILE"


def key_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the key lies.

    Args:
        environment: Environment variables.
    """
    named = environment.get(ENVIRONMENT, "")
    if named:
        return Path(named)
    data_home = Path(environment.get("XDG_DATA_HOME", ""))
    if not data_home.is_absolute():  # the XDG specification has relative paths ignored
        data_home = Path.home() / ".local" / "share"
    return data_home / "biocapil" / "store.key"


def load_store_key(file: Path | None = None) -> bytes:
    """Key of the template store; made on first use.

    Args:
        file: Key file; None for the one that `key_file` names.

    Returns:
        32 bytes.

    Raises:
        StoreError: The file cannot be read or made, others may read it, or it holds no key.
    """
    place = key_file() if file is None else file
    try:
        if not place.exists():
            _create(place)
        return _read(place)
    except OSError as exc:
        raise StoreError(f"key file {place}: {exc.strerror or exc}") from exc


def _read(file: Path) -> bytes:
    mode = file.stat().st_mode
    if not stat.S_ISREG(mode):
        raise StoreError(f"key file {file} is no regular file")
    if mode & 0o077:
        raise StoreError(f"key file {file} is open to others (mode {mode & 0o777:04o}): run chmod 600 on it")
    with file.open("rb") as stream:
        key = stream.read(KEY_BYTES + 1)
    if len(key) != KEY_BYTES:
        held = len(key) if len(key) < KEY_BYTES else f"more than {KEY_BYTES}"
        raise StoreError(f"key file {file} must hold {KEY_BYTES} bytes, it holds {held}")
    return key


def _create(file: Path) -> None:
    """Make the key whole or not at all: of two processes that start together, one wins and both read it."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(secrets.token_bytes(KEY_BYTES))
            stream.flush()
            os.fsync(stream.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink()
