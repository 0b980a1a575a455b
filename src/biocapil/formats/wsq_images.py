"""WSQ images (FBI IAFIS-IC-0110 v3.1), decoded by the `wsq` package in a process of its own.

The decoder is the C code of the `wsq` package, written for files from friends: a mutated file can end
the process it runs in, and its tables are global. So each file is checked for its outer structure here,
and decoded in a short-lived child: a crash or an endless loop there becomes a `FormatError` here.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import FormatError, MissingPart, TruncatedRecord

RECORD = "WSQ"
START_OF_IMAGE, END_OF_IMAGE, START_OF_FRAME, START_OF_BLOCK, COMMENT = 0xFFA0, 0xFFA1, 0xFFA2, 0xFFA3, 0xFFA8
TABLES = (0xFFA4, 0xFFA5, 0xFFA6)
SIGNATURE = b"\xff\xa0"
SPECIFIED_PPI = 500.0
"""The WSQ specification knows this resolution only."""

DECODE_TIMEOUT_S = 60.0
_CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
import _wsq
pixels, columns, rows, _ = _wsq.decompress(sys.stdin.buffer.read())
sys.stdout.buffer.write(b"%d %d\\n" % (columns, rows) + pixels)
"""
_NISTCOM_PPI = re.compile(rb"^PPI (\d{1,5})\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class WsqHeader:
    """What a WSQ file says before its coefficients.

    Attributes:
        columns: Width in pixels.
        rows: Height in pixels.
        ppi: Resolution of the NISTCOM comment; the specified 500 where it names none.
    """

    columns: int
    rows: int
    ppi: float


def read_wsq_header(data: bytes) -> WsqHeader:
    """Size and resolution of a WSQ file, and a check of its outer structure.

    Args:
        data: The whole file.

    Raises:
        TruncatedRecord: The file ends before its end-of-image marker.
        FormatError: A marker stands where none may.

    Reference:
        IAFIS-IC-0110 v3.1 part 3; NISTCOM as in NIST's NBIS.
    """
    if data[:2] != SIGNATURE:
        raise FormatError("does not begin with the marker FFA0", record=RECORD, field="SOI", offset=0)
    size: tuple[int, int] | None = None
    ppi, offset = SPECIFIED_PPI, 2
    while (marker := _uint16(data, offset)) != START_OF_BLOCK:
        body = _segment(data, offset, marker=marker)
        if marker == START_OF_FRAME:
            size = _uint16(data, offset + 6), _uint16(data, offset + 8)
        elif marker == COMMENT and body.startswith(b"NIST_COM"):
            ppi = _nistcom_ppi(body)
        offset += 4 + len(body)
    if size is None or 0 in size:
        raise FormatError("names no size before its first block", record=RECORD, field="SOF", offset=offset)
    if END_OF_IMAGE.to_bytes(2, "big") not in data[offset:]:
        raise TruncatedRecord("ends without the marker FFA1", record=RECORD, field="EOI", offset=len(data))
    rows, columns = size
    return WsqHeader(columns=columns, rows=rows, ppi=ppi)


def decode_wsq(data: bytes, header: WsqHeader) -> NDArray[np.uint8]:
    """Grey values of a WSQ file.

    Args:
        data: The whole file.
        header: What `read_wsq_header` read from it.

    Returns:
        Shape (rows, columns), uint8, read-only.

    Raises:
        MissingPart: The `wsq` package is not installed.
        FormatError: The decoder refuses the file, dies of it, or does not come to an end.
    """
    command = [sys.executable, "-I", "-S", "-c", _CHILD, str(_decoder_folder())]
    try:
        child = subprocess.run(  # noqa: S603 - this interpreter, a constant text; the file is only its input
            command, input=data, capture_output=True, timeout=DECODE_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as exc:
        raise FormatError(f"the decoder did not end within {DECODE_TIMEOUT_S:g} s", record=RECORD) from exc
    first_line = b"%d %d\n" % (header.columns, header.rows)
    if child.returncode != 0 or not child.stdout.startswith(first_line):
        raise FormatError(f"the decoder refused the file (exit status {child.returncode})", record=RECORD)
    pixels = np.frombuffer(child.stdout, dtype=np.uint8, offset=len(first_line))
    if pixels.size != header.columns * header.rows:
        raise FormatError(
            f"{pixels.size} pixels decoded, {header.columns * header.rows} wanted", record=RECORD
        )
    return pixels.reshape(header.rows, header.columns)


def _decoder_folder() -> Path:
    found = importlib.util.find_spec("_wsq")
    if found is None or found.origin is None:
        raise MissingPart("the wsq package", extra="wsq", purpose="reading WSQ images")
    return Path(found.origin).parent


def _segment(data: bytes, offset: int, *, marker: int) -> bytes:
    """Body of the marker segment at `offset`, without marker and length."""
    if marker not in {START_OF_FRAME, COMMENT, *TABLES}:
        raise FormatError(f"unknown marker {marker:04X}", record=RECORD, offset=offset)
    length = _uint16(data, offset + 2)
    if length < 2:
        raise FormatError(f"segment length {length} is below 2", record=RECORD, offset=offset + 2)
    if offset + 2 + length > len(data):
        raise TruncatedRecord(f"a segment of {length} bytes begins here", record=RECORD, offset=offset)
    return data[offset + 4 : offset + 2 + length]


def _nistcom_ppi(body: bytes) -> float:
    """Resolution that a NISTCOM names; NIST writes -1 where it is unknown, which leaves the specified one."""
    found = _NISTCOM_PPI.search(body)
    return float(found[1]) if found and int(found[1]) else SPECIFIED_PPI


def _uint16(data: bytes, offset: int) -> int:
    if offset + 2 > len(data):
        raise TruncatedRecord(f"ends after {len(data)} bytes", record=RECORD, offset=offset)
    return int.from_bytes(data[offset : offset + 2], "big")
