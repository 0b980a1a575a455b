"""Exclusion files: a CSV file with the samples and pairs that an evaluation leaves out.

Columns `first` and `second`, each the name of a sample or of a subject as the manifest writes it, or
`dataset/subject` where several sets have subjects of one name; where the second is empty, everything with
the first is left out. Commas or semicolons, UTF-8.
"""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

from biocapil.errors import FormatError
from biocapil.exclusion import PairExclusion

COLUMNS = ("first", "second")


def read_exclusions(path: str | os.PathLike[str]) -> tuple[PairExclusion, ...]:
    """Read what an evaluation leaves out.

    Args:
        path: CSV file.

    Returns:
        Exclusions in the order of the file; none where it holds only the header.

    Raises:
        FormatError: The file cannot be read, or a line is wrong (the message names it).
    """
    source = Path(path)
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except OSError as exc:
        raise FormatError(f"exclusion file {source.name} cannot be read: {exc.strerror or exc}") from exc
    except UnicodeDecodeError as exc:
        raise FormatError(
            f"exclusion file {source.name} is not UTF-8: {exc.reason}", offset=exc.start
        ) from exc
    header = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in header else ",", strict=True)
    try:
        lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if any(cells)]
    except csv.Error as exc:
        raise FormatError(f"{source.name} line {reader.line_num}: {exc}") from exc
    if not lines or tuple(lines[0][1]) != COLUMNS:
        found = ", ".join(lines[0][1]) if lines else "nothing"
        raise FormatError(
            f"exclusion file {source.name} must begin with the columns {', '.join(COLUMNS)}; found: {found}"
        )
    return tuple(_exclusion(cells, f"{source.name} line {line}", line) for line, cells in lines[1:])


def exclusion_line(first: str, second: str) -> str:
    """Line of an exclusion file, without its end.

    Args:
        first: Name of a sample or subject.
        second: Another; empty leaves out everything with the first.
    """
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow((first, second))
    return line.getvalue()


def _exclusion(cells: list[str], where: str, line: int) -> PairExclusion:
    if len(cells) != len(COLUMNS):
        raise FormatError(f"{where}: {len(cells)} cells, needed are {len(COLUMNS)}")
    first, second = cells
    if not first:
        raise FormatError(f"{where}: first is empty; it must name a sample or subject")
    return PairExclusion(first=first, second=second, line=line)
