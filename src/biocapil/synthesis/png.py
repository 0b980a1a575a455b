"""PNG files that carry their resolution and say that they are synthetic.

Reference: W3C, Portable Network Graphics (PNG) Specification, Second Edition, ISO/IEC 15948:2004,
clauses 5, 9.2 (filter "up"), 11.3.5.3 (pHYs).
"""

from __future__ import annotations

import struct
import zlib

import numpy as np

from biocapil.sample import CapturedSample, Origin

SIGNATURE = b"\x89PNG\r\n\x1a\n"
METRES_PER_INCH = 0.0254
FILTER_UP = 2
GREY, RED_GREEN_BLUE = 0, 2
"""Colour types."""
COMPRESSION_LEVEL = 6


def encode_png(sample: CapturedSample) -> bytes:
    """The sample as an 8-bit PNG, grey or in colours, lossless, with a pHYs chunk where it has a resolution.

    The same pixels give the same bytes.
    """
    rows, columns = sample.pixels.shape[:2]
    colour_type = GREY if sample.pixels.ndim == 2 else RED_GREEN_BLUE
    lines = sample.pixels.reshape(rows, -1)
    per_metre = round(sample.resolution_ppi / METRES_PER_INCH)
    above = np.vstack((np.zeros((1, lines.shape[1]), np.uint8), lines[:-1]))
    scanlines = np.column_stack((np.full(rows, FILTER_UP, np.uint8), lines - above))
    chunks = [
        _chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, colour_type, 0, 0, 0)),
        _chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)),
        _chunk(b"IDAT", zlib.compress(scanlines.tobytes(), COMPRESSION_LEVEL)),
        _chunk(b"IEND", b""),
    ]
    if not sample.resolution_ppi:
        del chunks[1]
    if sample.origin is Origin.SYNTHETIC:
        chunks.insert(-2, _chunk(b"tEXt", b"Comment\x00synthetic: shows no person"))
    return SIGNATURE + b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
