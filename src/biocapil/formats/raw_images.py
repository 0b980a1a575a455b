"""Raw images: grey bytes row by row, with no header, whose size the caller states."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import FormatError, TruncatedRecord

RECORD = "raw image"


def decode_raw(data: bytes, *, raw_size: tuple[int, int]) -> NDArray[np.uint8]:
    """Grey values of a raw image.

    Args:
        data: Columns × rows bytes, top row first, one byte a pixel.
        raw_size: Columns and rows, each at least 1.

    Returns:
        Shape (rows, columns), uint8, read-only.

    Raises:
        ValueError: A side is smaller than 1.
        TruncatedRecord: There are fewer bytes than the size asks for.
        FormatError: There are more.
    """
    columns, rows = raw_size
    if columns < 1 or rows < 1:
        raise ValueError(f"raw_size must be (columns, rows), each at least 1, got {raw_size!r}")
    wanted = columns * rows
    if len(data) != wanted:
        error = TruncatedRecord if len(data) < wanted else FormatError
        raise error(
            f"{columns} columns x {rows} rows at 8 bits are {wanted} bytes, the file has {len(data)}",
            record=RECORD,
        )
    return np.frombuffer(data, dtype=np.uint8).reshape(rows, columns)
