"""A sheet of prints for the eye; one with lent prints is not for the repository."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

CELL = (260, 230)
GAP = 4
PAPER = 128


def write_sheet(file: Path, rows: Sequence[Sequence[NDArray[np.uint8]]]) -> None:
    """Write one row of pictures each, cut or padded around their middles; the suffix names the format."""
    wide = max(len(row) for row in rows)
    empty = np.full(CELL, PAPER, np.uint8)
    lines = [[fitted(picture) for picture in row] + [empty] * (wide - len(row)) for row in rows]
    framed = [np.hstack([np.pad(cell, GAP, constant_values=PAPER) for cell in line]) for line in lines]
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.vstack(framed)).save(file, optimize=True, quality=70)


def fitted(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The middle of a picture, CELL large."""
    rows, columns = CELL
    top, left = max(0, (picture.shape[0] - rows) // 2), max(0, (picture.shape[1] - columns) // 2)
    part = picture[top : top + rows, left : left + columns]
    down, right = rows - part.shape[0], columns - part.shape[1]
    padding = ((down // 2, down - down // 2), (right // 2, right - right // 2))
    return np.pad(part, padding, constant_values=PAPER)
