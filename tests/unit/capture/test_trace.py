from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from biocapil.capture import TraceEntry, TraceFile, TraceHeader, Way, read_trace, read_trace_header
from biocapil.errors import FormatError

SECRET = bytes(range(40))


def recorded(file: Path, *, redacted: bool) -> None:
    with file.open("w", encoding="utf-8") as stream:
        trace = TraceFile(stream, TraceHeader(driver="zfm", address="emulated:zfm", redacted=redacted))
        trace.put(100.0, Way.OUT, b"\x01\x02", private=False)
        trace.put(100.5, Way.IN, SECRET, private=True)


def test_private_bytes_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    recorded(file, redacted=True)
    assert SECRET.hex() not in file.read_text(encoding="utf-8")
    assert list(read_trace(file)) == [
        TraceEntry(at_s=0.0, way=Way.OUT, data=b"\x01\x02", length=2),
        TraceEntry(at_s=0.5, way=Way.IN, data=None, length=40, sha256=hashlib.sha256(SECRET).hexdigest()),
    ]


def test_a_trace_with_everything_reads_back(tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    recorded(file, redacted=False)
    assert read_trace_header(file) == TraceHeader(driver="zfm", address="emulated:zfm", redacted=False)
    assert [each.data for each in read_trace(file)] == [b"\x01\x02", SECRET]


def test_bytes_do_not_show_in_texts() -> None:
    entry = TraceEntry(at_s=1.25, way=Way.IN, data=SECRET, length=40)
    assert repr(entry) == "TraceEntry(1.2500 s, in, 40 bytes)"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nothing", "line 2 is no JSON"),
        ("[]", "line 2 is no JSON object"),
        ('{"at_s": 0, "way": "up", "hex": ""}', "line 2: 'up' is not a valid Way"),
        ('{"at_s": 0, "way": "in", "hex": "0"}', "line 2: "),
        ('{"at_s": true, "way": "in", "hex": ""}', "line 2 must hold at_s"),
        ('{"at_s": 0, "way": "in", "left_out": -1, "sha256": ""}', "line 2 must hold hex, or left_out"),
        ('{"at_s": 0, "way": "in", "left_out": 3}', "line 2 must hold hex, or left_out"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    file = tmp_path / "trace.jsonl"
    stream = io.StringIO()
    TraceFile(stream, TraceHeader(driver="zfm", address="x", redacted=True))
    file.write_text(stream.getvalue() + line, encoding="utf-8")
    with pytest.raises(FormatError, match=message):
        list(read_trace(file))


def test_a_header_without_a_driver_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    file.write_text('{"trace": 1}', encoding="utf-8")
    with pytest.raises(FormatError, match="line 1 must name driver, address and redacted"):
        read_trace_header(file)
