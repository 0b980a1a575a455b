"""Bytes of any kind into every codec of a camera: no crash, no hang, no memory that grows.

A few thousand cases here, a million each under ``make soak``. Cases are pieces of what belongs there, cut,
turned over and shuffled; pure noise would be thrown away by the first check.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from biocapil.errors import DeviceError
from biocapil_drivers.camera.child_lines import HEAD, ChildHead
from biocapil_drivers.camera.emulation.mjpeg_server import encode_jpeg
from biocapil_drivers.camera.http_head import boundary_of, parse_head
from biocapil_drivers.camera.jpeg import jpeg_size
from biocapil_drivers.camera.multipart import MultipartReader
from biocapil_drivers.camera.synthetic import moving_disc

CASES = 1_000_000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 3_000
MOST_BYTES = 20_000_000
"""Memory that all cases of a codec may leave behind."""

BLOCK = 1_000
TURNED = 0.5
"""How often each of three bytes is turned over."""

JPEG = encode_jpeg(moving_disc(384, 64)(0))
PIECES = (
    *(JPEG[at : at + 60] for at in range(0, 700, 60)),
    JPEG[-40:],
    b"--cut",
    b"\r\n",
    b"\n\n",
    b"\r\n\r\n",
    b"Content-Length: 60\r\n",
    b"content-length:9999999",
    b"HTTP/1.0 200 OK\r\n",
    b"HTTP/1.1 503",
    b"Content-Type: multipart/x-mixed-replace; boundary=cut",
    b"\xff\xd8",
    b"\xff\xd9",
    b"\xff\xda\x00\x02",
    b"\xff\xc0\xff\xff",
    b"BCAMP" + bytes(12),
    b"BCAM",
)


def into_multipart(data: bytes, cut: int, reader: MultipartReader) -> None:
    for piece in (data[:cut], data[cut:]):
        for part in reader.feed(piece, 0.0):
            assert part.body


def into_head(data: bytes, cut: int) -> None:
    for piece in (data, b"HTTP/1.0 200 OK\r\n" + data[cut:] + b"\r\n\r\n"):
        with contextlib.suppress(DeviceError):
            head = parse_head(piece)
            assert head is None or boundary_of(head)


def into_jpeg(data: bytes, cut: int) -> None:
    for piece in (data, b"\xff\xd8" + data[cut:]):
        size = jpeg_size(piece)
        assert size is None or min(size) > 0


def into_child_head(data: bytes, cut: int) -> None:
    whole = (data[cut:] + bytes(HEAD.size))[: HEAD.size]
    for piece in (whole, b"BCAMP" + whole[5:]):
        head = ChildHead.decode(piece)
        assert head is None or head.size >= 0


def cases(count: int) -> Iterator[tuple[bytes, int]]:
    """Random cases and where each is cut, drawn a block at a time."""
    rng = np.random.default_rng(4)
    for _ in range(count // BLOCK):
        chosen = rng.integers(0, len(PIECES), (BLOCK, 6)).tolist()
        lengths = rng.integers(1, 7, BLOCK).tolist()
        places = rng.random((BLOCK, 4)).tolist()
        values = rng.integers(0, 256, (BLOCK, 3)).tolist()
        for pieces, length, spots, bytes_ in zip(chosen, lengths, places, values, strict=True):
            data = bytearray(b"".join(PIECES[each] for each in pieces[:length]))
            for spot, value in zip(spots[:3], bytes_, strict=True):
                if spot < TURNED:
                    data[int(spot / TURNED * len(data))] = value
            yield bytes(data), int(spots[3] * len(data))


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.soak
@pytest.mark.skipif(not Path("/proc/self/statm").is_file(), reason="memory is read in /proc")
@pytest.mark.parametrize("name", ["multipart", "head", "jpeg", "child_head"])
def test_no_bytes_break_a_codec(name: str) -> None:
    reader = MultipartReader(b"cut")
    codecs: dict[str, Callable[[bytes, int], None]] = {
        "multipart": lambda data, cut: into_multipart(data, cut, reader),
        "head": into_head,
        "jpeg": into_jpeg,
        "child_head": into_child_head,
    }
    for data, cut in cases(BLOCK):
        codecs[name](data, cut)
    before = resident_bytes()
    for data, cut in cases(CASES):
        codecs[name](data, cut)
    assert resident_bytes() - before < MOST_BYTES
