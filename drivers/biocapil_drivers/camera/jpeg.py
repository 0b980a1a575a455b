"""Whether bytes are one whole JPEG picture, and its pixels.

Decoders fill the rest of a broken picture with grey and call it success; whether it is whole is seen from its
markers before it is decoded (ITU-T T.81, annex B).
"""

from __future__ import annotations

import re

import numpy as np

from biocapil_drivers.camera.frames import Pixels
from biocapil_drivers.camera.opencv import opencv

START, END = b"\xff\xd8", b"\xff\xd9"
MARKER_IN_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""Within a scan, FF is followed by 00, by a restart, by another FF, or by the marker that ends the scan."""

MARKER, SCAN, LAST = 0xFF, 0xDA, 0xD9
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
MAX_PIXELS = 64_000_000


def jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Rows and columns of a whole picture; None where the bytes are none, or end early."""
    if not data.startswith(START):
        return None
    size: tuple[int, int] | None = None
    at = len(START)
    while at + 4 <= len(data) and data[at] == MARKER:
        kind = data[at + 1]
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if kind in FRAMES:
            size = _size(data[at + 5 : at + 9])
        at += 2 + max(length, 2)
        if kind == SCAN:
            found = MARKER_IN_SCAN.search(data, at)
            if found is None:
                return None
            at = found.start()
            if data[at + 1] == LAST:
                return size
    return None


def decode_jpeg(data: bytes) -> Pixels | None:
    """The pixels of a whole picture; shape (rows, columns, 3), red first. None where it is none.

    Raises:
        MissingPart: OpenCV is not installed.
    """
    size = jpeg_size(data)
    if size is None:
        return None
    cv2 = opencv()
    flags = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        pixels: Pixels | None = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error:
        return None
    return pixels if pixels is not None and pixels.shape[:2] == size else None


def _size(field: bytes) -> tuple[int, int] | None:
    rows, columns = int.from_bytes(field[:2], "big"), int.from_bytes(field[2:4], "big")
    return (rows, columns) if 0 < rows * columns <= MAX_PIXELS else None
