"""Manifests: a CSV file that says whose sample each file is, or a folder that says nothing.

Columns `path`, `subject`, `instance` and `sample`; `dataset`, `modality` and `resolution_ppi` where there
are any; all others become attributes of the sample. Paths are relative to the CSV file's folder. Commas or
semicolons, UTF-8.
"""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from biocapil.errors import FormatError
from biocapil.formats.image_folder import read_folder
from biocapil.sample import MAX_PPI, MIN_PPI
from biocapil.subject import SampleEntry
from biocapil.vocabulary import EyePosition, FingerPosition, Modality, Position, SubjectId

REQUIRED_COLUMNS = ("path", "subject", "instance", "sample")
KNOWN_COLUMNS = frozenset({*REQUIRED_COLUMNS, "dataset", "modality", "resolution_ppi"})


def read_manifest(
    path: str | os.PathLike[str], *, dataset: str | None = None, modality: Modality | None = None
) -> tuple[SampleEntry, ...]:
    """Read the work to be done from a CSV file or a folder.

    Args:
        path: CSV file; or folder, of which every image file is its own claimed subject.
        dataset: Take only rows whose column `dataset` says so; None takes all.
        modality: Take only rows of this modality; None takes all. Rows without one are fingers. A
            folder's files are all taken to be of this modality.

    Returns:
        Entries in the order of the file, or of the paths in a folder; at least one.

    Raises:
        FormatError: The manifest cannot be read, a row is wrong (the message names it), or no row is left.
    """
    source = Path(path)
    if source.is_dir():
        if dataset is not None:
            raise FormatError(f"{source.name} is a folder and names no datasets, so {dataset!r} is not in it")
        return read_folder(source, modality=modality or Modality.FINGER)
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except OSError as exc:
        raise FormatError(f"manifest {source.name} cannot be read: {exc.strerror or exc}") from exc
    except UnicodeDecodeError as exc:
        raise FormatError(f"manifest {source.name} is not UTF-8: {exc.reason}", offset=exc.start) from exc
    entries = _entries(text, source)
    return _filtered(entries, source, dataset=dataset, modality=modality)


def _entries(text: str, source: Path) -> tuple[SampleEntry, ...]:
    """Every row of the manifest; all are checked, also those that a filter leaves out."""
    first_row_of: dict[str, int] = {}
    entries: list[SampleEntry] = []
    for row, cells in _rows(text, source):
        entry = _entry(cells, source.parent, where=f"{source.name} row {row}")
        first_row = first_row_of.get(entry.name)
        if first_row is not None:
            raise FormatError(
                f"{source.name} row {row}: path {entry.name!r} stands in row {first_row} already"
            )
        first_row_of[entry.name] = row
        entries.append(entry)
    if not entries:
        raise FormatError(f"manifest {source.name} has no rows")
    return tuple(entries)


def _rows(text: str, source: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Row number, as a spreadsheet counts it, and cells by column name."""
    header = text.partition("\n")[0]
    delimiter = ";" if ";" in header and "," not in header else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = [name.strip() for row in islice(reader, 1) for name in row]
        missing = [name for name in REQUIRED_COLUMNS if name not in columns]
        if missing:
            raise FormatError(
                f"manifest {source.name} has no column {', '.join(missing)}; "
                f"needed: {', '.join(REQUIRED_COLUMNS)}; found: {', '.join(columns) or 'none'}"
            )
        for row, cells in enumerate(reader, start=2):
            if not cells:
                continue
            if len(cells) != len(columns):
                raise FormatError(
                    f"{source.name} row {row}: {len(cells)} cells, the header has {len(columns)}"
                )
            yield row, dict(zip(columns, (cell.strip() for cell in cells), strict=True))
    except csv.Error as exc:
        raise FormatError(f"{source.name} line {reader.line_num}: {exc}") from exc


def _entry(cells: dict[str, str], folder: Path, *, where: str) -> SampleEntry:
    for column in ("path", "subject"):
        if not cells[column]:
            raise FormatError(f"{where}: {column} is empty")
    if "\0" in cells["path"]:
        raise FormatError(f"{where}: path holds a zero byte")
    modality = _modality(cells.get("modality", ""), where=where)
    return SampleEntry(
        name=cells["path"],
        file=folder / cells["path"],
        subject=SubjectId(cells["subject"]),
        instance=cells["instance"],
        sample=cells["sample"],
        dataset=cells.get("dataset", ""),
        modality=modality,
        position=_position(cells["instance"], modality),
        resolution_ppi=_resolution(cells.get("resolution_ppi", ""), where=where),
        attributes=tuple(
            (column, value) for column, value in cells.items() if column and column not in KNOWN_COLUMNS
        ),
    )


def _modality(text: str, *, where: str) -> Modality:
    try:
        return Modality(text.lower()) if text else Modality.FINGER
    except ValueError:
        known = ", ".join(member.value for member in Modality)
        raise FormatError(f"{where}: unknown modality {text!r}; known: {known}") from None


def _resolution(text: str, *, where: str) -> float | None:
    """Pixels per inch that a row states; None where the cell is empty."""
    if not text:
        return None
    try:
        ppi = float(text)
    except ValueError:
        ppi = math.nan
    if not MIN_PPI <= ppi <= MAX_PPI:
        raise FormatError(
            f"{where}: resolution_ppi must be a number from {MIN_PPI:g} to {MAX_PPI:g}, got {text!r}"
        )
    return ppi


def _position(instance: str, modality: Modality) -> Position:
    """Finger or eye that `instance` names; a text that names none is somebody's own word, and no error."""
    if modality is Modality.FACE:
        return FingerPosition.UNKNOWN
    kind = FingerPosition if modality is Modality.FINGER else EyePosition
    try:
        return kind.parse(instance)
    except ValueError:
        return kind.UNKNOWN


def _filtered(
    entries: tuple[SampleEntry, ...], source: Path, *, dataset: str | None, modality: Modality | None
) -> tuple[SampleEntry, ...]:
    left = entries
    if dataset is not None:
        left = tuple(entry for entry in left if entry.dataset == dataset)
        if not left:
            there = _listed(entry.dataset for entry in entries) or "no dataset names"
            raise FormatError(f"no row of {source.name} is of dataset {dataset!r}; it holds: {there}")
    if modality is not None:
        there = _listed(entry.modality.value for entry in left)
        left = tuple(entry for entry in left if entry.modality is modality)
        if not left:
            raise FormatError(f"no row of {source.name} is of modality {modality.value!r}; it holds: {there}")
    return left


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted({word for word in words if word}))
