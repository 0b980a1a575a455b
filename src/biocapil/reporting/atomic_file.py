"""Writing a file that is either whole or not there, and that only its owner can read."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write_private(path: Path, content: str | bytes) -> None:
    """Write text as UTF-8, or bytes as they are, with mode 0600; what stood there is replaced in one step.

    A reader sees the old file or the whole new one, also after a power cut.

    Args:
        path: Where; the folder must exist. A symbolic link is replaced, not followed.
        content: Text or bytes; half characters of undecodable file names are written as JSON escapes.

    Raises:
        OSError: The folder cannot be written; no part of the content is left behind.
    """
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
