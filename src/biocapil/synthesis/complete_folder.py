"""Folders that appear when they are complete: a run that is stopped leaves none, an older one stays."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


def refuse_to_replace(folder: Path, mark: str, *, overwrite: bool) -> None:
    """Refuse to write where something stands that must not be replaced.

    Args:
        folder: Where is to be written.
        mark: File that only a folder of this kind holds.
        overwrite: Replace a folder with that file.

    Raises:
        FileExistsError: The folder is not empty and either holds something else or may not be overwritten.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not (folder / mark).is_file():
        raise FileExistsError(f"{folder} exists and is no population: choose another folder")
    if not overwrite:
        raise FileExistsError(f"{folder} already holds a population: overwrite it or choose another folder")


@contextmanager
def complete_or_nothing(folder: Path) -> Generator[Path, None, None]:
    """Hidden folder beside `folder` that takes its name at the end, or goes away on an error."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".partial", dir=folder.parent))
    try:
        yield draft
        draft.chmod(0o755)
        if folder.exists():
            outdated = draft.with_suffix(".outdated")
            folder.rename(outdated)
            draft.rename(folder)
            shutil.rmtree(outdated)
        else:
            draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
