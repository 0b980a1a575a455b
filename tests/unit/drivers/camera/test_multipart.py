"""The reader of multipart streams: pieces of any size, lengths that lie, bytes of any kind."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from biocapil_drivers.camera.emulation.mjpeg_server import encode_jpeg
from biocapil_drivers.camera.jpeg import decode_jpeg, jpeg_size
from biocapil_drivers.camera.multipart import MAX_HEAD, MAX_PART, MultipartReader
from biocapil_drivers.camera.synthetic import moving_disc

JPEG = encode_jpeg(moving_disc(384, 128)(3))
BOUNDARY = b"b0undary"


def part(body: bytes, length: int | None, line: bytes = b"\r\n") -> bytes:
    stated = b"" if length is None else b"Content-Length: %d%s" % (length, line)
    return b"--" + BOUNDARY + line + stated + line + body + line


@given(
    cuts=st.lists(st.integers(1, 4000), max_size=12),
    length=st.sampled_from([None, len(JPEG), len(JPEG) // 2, len(JPEG) * 2]),
    line=st.sampled_from([b"\r\n", b"\n"]),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_parts_are_the_same_however_the_bytes_were_cut(
    cuts: list[int], length: int | None, line: bytes
) -> None:
    data = b"preamble" + part(JPEG, length, line) * 3
    reader, found, at = MultipartReader(BOUNDARY), [], 0
    for cut in cuts:
        found += reader.feed(data[at : at + cut], 1.0)
        at += cut
    found += reader.feed(data[at:] + b"--" + BOUNDARY, 2.0)
    assert [each.body for each in found] == [JPEG] * 3


def test_a_part_is_there_before_the_next_one_begins() -> None:
    for length in (len(JPEG), None):
        reader = MultipartReader(BOUNDARY)
        assert len(reader.feed(part(JPEG, length), 1.0)) == 1


def test_a_part_has_the_time_of_its_first_bytes() -> None:
    reader = MultipartReader(BOUNDARY)
    whole = part(JPEG, len(JPEG))
    assert not reader.feed(whole[:100], 5.0)
    assert not reader.feed(whole[100:200], 6.0)
    assert [each.at_s for each in reader.feed(whole[200:], 7.0)] == [5.0]


def test_a_boundary_with_and_without_its_dashes_is_the_same() -> None:
    reader = MultipartReader(b"--" + BOUNDARY)
    assert len(reader.feed(part(JPEG, len(JPEG)), 0.0)) == 1


def test_what_grows_past_its_limit_is_thrown_away_and_the_next_part_is_found() -> None:
    reader = MultipartReader(BOUNDARY)
    assert not reader.feed(b"--" + BOUNDARY + b"\r\nX: " + b"a" * (MAX_HEAD + 1), 0.0)
    assert len(reader.feed(part(JPEG, len(JPEG)), 0.0)) == 1
    assert not reader.feed(part(b"", None) + bytes(MAX_PART + 10), 0.0)
    assert len(reader.feed(part(JPEG, len(JPEG)), 0.0)) == 1
    assert reader.dropped == 2


@given(
    pieces=st.lists(
        st.one_of(
            st.binary(max_size=200),
            st.sampled_from(
                [b"--" + BOUNDARY, b"\r\n\r\n", b"\n\n", b"Content-Length: 7\r\n", b"\xff\xd9", JPEG]
            ),
        ),
        max_size=20,
    )
)
def test_no_bytes_break_the_reader_or_fill_the_memory(pieces: list[bytes]) -> None:
    reader = MultipartReader(BOUNDARY)
    for piece in pieces:
        for found in reader.feed(piece, 0.0):
            assert len(found.body) <= sum(map(len, pieces))
    assert len(reader._buffer) <= sum(map(len, pieces))


@given(data=st.binary(max_size=400), at=st.integers(0, len(JPEG) - 1), bits=st.integers(1, 255))
def test_no_bytes_break_the_picture_reader(data: bytes, at: int, bits: int) -> None:
    jpeg_size(data)
    jpeg_size(b"\xff\xd8" + data)
    jpeg_size(JPEG[:at] + bytes([JPEG[at] ^ bits]) + JPEG[at + 1 :])


@pytest.mark.parametrize("end", [0, 2, 20, len(JPEG) // 2, len(JPEG) - 2, len(JPEG) - 1])
def test_a_picture_that_ends_early_is_none(end: int) -> None:
    assert decode_jpeg(JPEG[:end]) is None
    assert decode_jpeg(JPEG[:end] + JPEG) is None or end == 0


def test_a_whole_picture_has_its_size_and_its_colours_in_order() -> None:
    assert jpeg_size(JPEG) == (128, 384)
    drawn = moving_disc(384, 128)(3)
    pixels = decode_jpeg(JPEG + b"\0\0")
    assert pixels is not None
    assert abs(pixels.astype(int) - drawn).mean() < 4
