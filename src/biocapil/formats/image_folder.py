"""A folder as the work to be done: every image file in it, where no manifest says whose they are."""

from __future__ import annotations

from pathlib import Path

from biocapil.errors import FormatError
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Modality, SubjectId

IMAGE_SUFFIXES = (
    ".bmp",
    ".fir",
    ".j2k",
    ".jp2",
    ".jpeg",
    ".jpg",
    ".pgm",
    ".png",
    ".raw",
    ".tif",
    ".tiff",
    ".wsq",
)


def read_folder(folder: Path, *, modality: Modality = Modality.FINGER) -> tuple[SampleEntry, ...]:
    """Entries of a folder, one for each image file in it and below, in the order of their paths.

    Every file is its own claimed subject, under its path in the folder. A name such as ``101_2.tif`` is
    not taken apart: if the guess were wrong, two files of one claimed subject would never be reported
    as duplicates of each other. Hidden files and folders are passed over.

    Args:
        folder: Folder to look through.
        modality: Modality of all its files.

    Raises:
        FormatError: There is no image file in it.
    """
    files = {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if _is_image(path, folder)
    }
    if not files:
        raise FormatError(f"no image file in {folder} or below; known endings: {' '.join(IMAGE_SUFFIXES)}")
    return tuple(
        SampleEntry(name=name, file=files[name], subject=SubjectId(name), modality=modality)
        for name in sorted(files)
    )


def _is_image(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return not hidden and path.suffix.lower() in IMAGE_SUFFIXES and path.is_file()
