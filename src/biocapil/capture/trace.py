"""Traces: what went over a wire, as JSON lines; biometric payloads are left out unless asked for.

    {"trace": 1, "driver": "zfm", "address": "zfm+serial:///dev/ttyUSB0", "redacted": true}
    {"at_s": 0.0012, "way": "out", "hex": "ef01ffffffff010003010005"}
    {"at_s": 0.0107, "way": "in", "hex": "ef01ffffffff07000300000a"}
    {"at_s": 0.0320, "way": "in", "left_out": 267, "sha256": "9f86d081884c7d65…"}

What was left out keeps its length and digest, so that two runs can still be compared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol, TextIO, cast

from biocapil.errors import FormatError

VERSION = 1
RECORD = "device trace"
MAX_LINE = 8 * 1024 * 1024


class Way(Enum):
    """Which way bytes went, seen from this machine."""

    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceHeader:
    """First line of a trace.

    Attributes:
        driver: Driver that spoke.
        address: Address of the device.
        redacted: Whether biometric payloads were left out.
    """

    driver: str
    address: str
    redacted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceEntry:
    """Bytes that went over the wire at once.

    Attributes:
        at_s: When, in seconds since the trace began.
        way: Which way.
        data: The bytes; None where they were left out.
        length: How many there were.
        sha256: Digest of what was left out, in hexadecimal; empty where nothing was.
    """

    at_s: float
    way: Way
    data: bytes | None
    length: int
    sha256: str = ""

    def __repr__(self) -> str:
        return f"TraceEntry({self.at_s:.4f} s, {self.way.value}, {self.length} bytes)"


class TraceSink(Protocol):
    """Takes what goes over a wire."""

    def put(self, at_s: float, way: Way, data: bytes, *, private: bool) -> None:
        """Take bytes.

        Args:
            at_s: When, in seconds of the device's clock.
            way: Which way they went.
            data: The bytes.
            private: Whether they are, or may be, a part of a sample or a template.
        """
        ...


class TraceFile:
    """Writes a trace as JSON lines; the first time it is given becomes zero."""

    def __init__(self, stream: TextIO, header: TraceHeader) -> None:
        self._stream = stream
        self._redacted = header.redacted
        self._start_s: float | None = None
        names: dict[str, object] = {"driver": header.driver, "address": header.address}
        self._write({"trace": VERSION, **names, "redacted": header.redacted})

    def put(self, at_s: float, way: Way, data: bytes, *, private: bool) -> None:
        """Write one line."""
        if self._start_s is None:
            self._start_s = at_s
        line: dict[str, object] = {"at_s": round(at_s - self._start_s, 6), "way": way.value}
        if private and self._redacted:
            line |= {"left_out": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        else:
            line["hex"] = data.hex()
        self._write(line)

    def _write(self, line: dict[str, object]) -> None:
        self._stream.write(json.dumps(line) + "\n")
        self._stream.flush()


def read_trace_header(file: Path) -> TraceHeader:
    """Read the first line of a trace.

    Raises:
        OSError: The file cannot be read.
        FormatError: It is no trace.
    """
    with file.open(encoding="utf-8", errors="replace") as stream:
        return _header(_object(stream.readline(MAX_LINE), 1))


def read_trace(file: Path) -> Iterator[TraceEntry]:
    """Read all lines of a trace but the first, one after the other.

    Raises:
        OSError: The file cannot be read.
        FormatError: A line is not as it was written; the message names it.
    """
    with file.open(encoding="utf-8", errors="replace") as stream:
        _header(_object(stream.readline(MAX_LINE), 1))
        number = 1
        while line := stream.readline(MAX_LINE):
            number += 1
            yield _entry(_object(line, number), number)


def _object(line: str, number: int) -> dict[str, object]:
    try:
        found: object = json.loads(line)
    except ValueError as error:
        raise FormatError(f"line {number} is no JSON", record=RECORD) from error
    if not isinstance(found, dict):
        raise FormatError(f"line {number} is no JSON object", record=RECORD)
    return cast("dict[str, object]", found)


def _header(line: dict[str, object]) -> TraceHeader:
    driver, address, redacted = line.get("driver"), line.get("address"), line.get("redacted")
    if line.get("trace") != VERSION:
        raise FormatError(f'line 1 must hold "trace": {VERSION}, got {line.get("trace")!r}', record=RECORD)
    if not (isinstance(driver, str) and isinstance(address, str) and isinstance(redacted, bool)):
        raise FormatError("line 1 must name driver, address and redacted", record=RECORD)
    return TraceHeader(driver=driver, address=address, redacted=redacted)


def _entry(line: dict[str, object], number: int) -> TraceEntry:
    at_s, text, left_out, digest = (line.get(name) for name in ("at_s", "hex", "left_out", "sha256"))
    try:
        way = Way(line.get("way"))
        data = bytes.fromhex(text) if isinstance(text, str) else None
    except ValueError as error:
        raise FormatError(f"line {number}: {error}", record=RECORD) from error
    if isinstance(at_s, bool) or not isinstance(at_s, int | float):
        raise FormatError(f"line {number} must hold at_s, seconds", record=RECORD)
    if data is not None:
        return TraceEntry(at_s=at_s, way=way, data=data, length=len(data))
    counted = isinstance(left_out, int) and not isinstance(left_out, bool) and left_out >= 0
    if not (counted and isinstance(digest, str)):
        raise FormatError(f"line {number} must hold hex, or left_out and sha256", record=RECORD)
    return TraceEntry(at_s=at_s, way=way, data=None, length=cast("int", left_out), sha256=digest)
