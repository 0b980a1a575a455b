"""A folder whose file names say whose samples they are: ``<subject>_<sample>.<ending>``.

Stands beside `formats.read_manifest`, for sets that come without a manifest but with this old habit of
naming, such as those of the fingerprint verification competitions.
"""

from __future__ import annotations

from pathlib import Path

from biocapil.errors import FormatError
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Modality, SubjectId


def read_named_files(
    folder: Path, *, dataset: str = "", modality: Modality = Modality.FINGER
) -> tuple[SampleEntry, ...]:
    """Entries of the files that lie in a folder, in order of subject and sample.

    The last underline parts subject and sample; hidden files and folders inside are passed over.

    Args:
        folder: Folder to look into.
        dataset: Name of the set.
        modality: Modality of all its files.

    Returns:
        At least one entry.

    Raises:
        FormatError: The folder cannot be read or holds no file, or a name does not follow the pattern.
    """
    try:
        files = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]
    except OSError as exc:
        raise FormatError(f"folder {folder.name} cannot be read: {exc.strerror or exc}") from exc
    if not files:
        raise FormatError(f"no file in folder {folder.name}")
    entries = [_entry(path, dataset, modality) for path in files]
    return tuple(
        sorted(entries, key=lambda entry: (*_order(entry.subject), *_order(entry.sample), entry.name))
    )


def _entry(path: Path, dataset: str, modality: Modality) -> SampleEntry:
    subject, _, sample = path.stem.rpartition("_")
    if not subject or not sample:
        raise FormatError(
            f"{path.name} does not follow <subject>_<sample>.<ending>, for example 101_2.iso; "
            "write a manifest for files that are named otherwise"
        )
    return SampleEntry(
        name=path.name,
        file=path,
        subject=SubjectId(subject),
        sample=sample,
        dataset=dataset,
        modality=modality,
    )


def _order(label: str) -> tuple[int, str]:
    """Numbers by their value, before words."""
    return (int(label), label) if label.isdecimal() else (1 << 62, label)
