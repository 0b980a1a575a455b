"""Writing that survives a kill and a power cut; every byte that a gallery writes passes here.

Files are made with mode 0600. Files are replaced in one step or not at all.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from io import BufferedWriter
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
TEMPORARY_SUFFIX = ".part"


def make_folder(folder: Path) -> None:
    """Make a private folder whose name survives; one that is there and empty is taken over.

    Raises:
        OSError: It cannot be made.
    """
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    folder.chmod(PRIVATE_FOLDER)
    sync_folder(folder.absolute().parent)


def replace_file(path: Path, data: bytes) -> None:
    """Put bytes in the place of a file; a reader sees the old or the new ones, whole.

    Raises:
        OSError: The folder cannot be written; then the old file stands, unless only the last `fsync`
            failed.
    """
    temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
    try:
        write_new(temporary, [data])
        temporary.replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def write_new(path: Path, parts: Iterable[bytes | memoryview]) -> None:
    """Write a file from the beginning and have it on the disk; its name is safe after `sync_folder`.

    Raises:
        OSError: It cannot be written; what stands there then counts for nothing.
    """
    with _opened(path, os.O_TRUNC) as file:
        for part in parts:
            file.write(part)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def replacing(path: Path) -> Generator[BufferedWriter, None, None]:
    """A file to be written in parts, which takes its place in one step once all is on the disk.

    Raises:
        OSError: The folder cannot be written; no part is left behind.
    """
    temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
    try:
        with _opened(temporary, os.O_TRUNC) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            temporary.unlink()
        raise
    sync_folder(path.absolute().parent)


def append_at(path: Path, offset: int, data: bytes) -> None:
    """Write behind the committed length of a file; a torn tail beyond it is cut off first.

    Raises:
        OSError: It cannot be written; what stands behind `offset` then counts for nothing.
    """
    with _opened(path) as file:
        file.truncate(offset)
        file.seek(offset)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def remove_files(paths: Iterable[Path]) -> None:
    """Unlink files that no manifest names any more; readers that map them keep them."""
    for path in paths:
        with suppress(FileNotFoundError):
            path.unlink()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _opened(path: Path, flags: int = 0) -> BufferedWriter:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | flags, PRIVATE_FILE)
    return os.fdopen(descriptor, "wb")
