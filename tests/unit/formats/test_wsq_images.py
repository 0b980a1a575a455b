from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.errors import FormatError, MissingPart, TruncatedRecord
from biocapil.formats import wsq_images
from biocapil.formats.wsq_images import WsqHeader, decode_wsq, read_wsq_header

needs_wsq = pytest.mark.skipif(importlib.util.find_spec("_wsq") is None, reason="the wsq package is absent")


def segment(marker: int, body: bytes) -> bytes:
    return marker.to_bytes(2, "big") + (len(body) + 2).to_bytes(2, "big") + body


def frame(columns: int = 40, rows: int = 30) -> bytes:
    return segment(0xFFA2, bytes(2) + rows.to_bytes(2, "big") + columns.to_bytes(2, "big") + bytes(7))


def outline(*segments: bytes, end: bytes = b"\xff\xa3\x00\x03\x00data\xff\xa1") -> bytes:
    return b"\xff\xa0" + b"".join(segments) + end


def ridges(rows: int = 96, columns: int = 128) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    y, x = np.mgrid[:rows, :columns]
    return np.asarray(128 + 100 * np.sin(0.7 * x + 0.3 * y), dtype=np.uint8)


def encoded() -> bytes:
    import _wsq  # noqa: PLC0415 - an optional part

    pixels = ridges()
    return bytes(_wsq.compress(pixels.tobytes(), pixels.shape[0], pixels.shape[1], 12.0))


def test_size_and_specified_resolution_are_read() -> None:
    assert read_wsq_header(outline(segment(0xFFA4, b"t"), frame())) == WsqHeader(
        columns=40, rows=30, ppi=500.0
    )


def test_a_resolution_in_the_nistcom_is_taken() -> None:
    comment = segment(0xFFA8, b"NIST_COM 3\nPIX_WIDTH 40\nPPI 1000\nLOSSY 1")
    assert read_wsq_header(outline(comment, frame())).ppi == 1000.0


@pytest.mark.parametrize("comment", [b"NIST_COM 2\nPPI -1\n", b"NIST_COM 2\nPPI 0\n", b"PPI 300\n"])
def test_an_unknown_resolution_leaves_the_specified_one(comment: bytes) -> None:
    assert read_wsq_header(outline(segment(0xFFA8, comment), frame())).ppi == 500.0


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        (b"\xff\xd8", FormatError, "SOI, byte 0: does not begin"),
        (b"\xff\xa0\xff", TruncatedRecord, "byte 2: ends after 3 bytes"),
        (outline(b"\xff\xc4\x00\x02"), FormatError, "byte 2: unknown marker FFC4"),
        (outline(b"\xff\xa4\x00\x01"), FormatError, "byte 4: segment length 1 is below 2"),
        (b"\xff\xa0\xff\xa4\x00\x20", TruncatedRecord, "byte 2: a segment of 32 bytes"),
        (outline(), FormatError, "SOF, byte 2: names no size"),
        (outline(frame(columns=0)), FormatError, "names no size"),
        (outline(frame(), end=b"\xff\xa3\x00\x03\x00data"), TruncatedRecord, "ends without the marker FFA1"),
    ],
)
def test_a_broken_outline_is_refused_with_its_place(data: bytes, error: type[FormatError], said: str) -> None:
    with pytest.raises(error, match=said):
        read_wsq_header(data)


@needs_wsq
def test_what_was_encoded_comes_back_nearly_the_same() -> None:
    data = encoded()
    decoded = decode_wsq(data, read_wsq_header(data))
    assert decoded.shape == ridges().shape
    assert np.abs(decoded.astype(int) - ridges()).mean() < 10


@needs_wsq
def test_a_file_that_the_decoder_dies_of_is_a_format_error() -> None:
    data = outline(frame())
    with pytest.raises(FormatError, match=r"the decoder refused the file \(exit status"):
        decode_wsq(data, read_wsq_header(data))


@needs_wsq
@given(rng=st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_no_mutated_file_raises_anything_but_a_format_error(rng: Random) -> None:
    data = bytearray(encoded())
    for _ in range(rng.randrange(1, 5)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    mutated = bytes(data[: rng.choice([len(data), rng.randrange(len(data))])])
    try:
        header = read_wsq_header(mutated)
        assert decode_wsq(mutated, header).shape == (header.rows, header.columns)
    except FormatError:
        return


def test_a_decoder_that_does_not_end_is_a_format_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired(cmd="decoder", timeout=60.0)

    monkeypatch.setattr(wsq_images, "_decoder_folder", Path)
    monkeypatch.setattr(wsq_images.subprocess, "run", endless)
    with pytest.raises(FormatError, match="did not end within 60 s"):
        decode_wsq(b"", WsqHeader(columns=1, rows=1, ppi=500.0))


def test_too_few_decoded_pixels_are_a_format_error(monkeypatch: pytest.MonkeyPatch) -> None:
    short = subprocess.CompletedProcess(args=[], returncode=0, stdout=b"2 2\nabc")
    monkeypatch.setattr(wsq_images, "_decoder_folder", Path)
    monkeypatch.setattr(wsq_images.subprocess, "run", lambda *_, **__: short)
    with pytest.raises(FormatError, match="3 pixels decoded, 4 wanted"):
        decode_wsq(b"", WsqHeader(columns=2, rows=2, ppi=500.0))


def test_without_the_package_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wsq_images.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MissingPart, match=r"reading WSQ images needs the wsq package.*biocapil\[wsq\]"):
        decode_wsq(b"", WsqHeader(columns=1, rows=1, ppi=500.0))
