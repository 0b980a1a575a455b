"""Frames survive the way to bytes and back, and a reader finds them in whatever else comes."""

from __future__ import annotations

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil_drivers.zfm.codec import MAX_PAYLOAD, Frame, FrameKind, FrameReader, encode_frame

VERIFY = bytes.fromhex("ef01ffffffff010007130000000000 1b")
"""Verify password 0, as the manuals print it."""

LONGEST_FRAME = 11 + MAX_PAYLOAD
SOAKING = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
FUZZ_CASES = 1_000_000 if SOAKING else 3_000

frames = st.builds(
    Frame,
    kind=st.sampled_from(FrameKind),
    payload=st.binary(max_size=MAX_PAYLOAD),
    address=st.integers(0, 0xFFFFFFFF),
)
noise = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b"\xef", b"\xef\x01", b"U", bytes.fromhex("ef01ffffffff070100"), b"\x00" * 12]),
)


def read_all(data: bytes, *, step: int = 7) -> list[Frame]:
    reader = FrameReader()
    found = [
        frame for start in range(0, len(data), step) for frame in reader.feed(data[start : start + step])
    ]
    return [*found, *reader.give_up()]


def test_a_frame_is_written_as_the_manuals_print_it() -> None:
    frame = Frame(kind=FrameKind.COMMAND, payload=bytes.fromhex("1300000000"))
    assert encode_frame(frame) == VERIFY
    assert read_all(VERIFY) == [frame]


def test_a_frame_does_not_show_its_content() -> None:
    assert repr(Frame(kind=FrameKind.DATA, payload=b"secret")) == "Frame(DATA, 6 bytes)"


@pytest.mark.parametrize(
    "frame",
    [
        Frame(kind=FrameKind.DATA, payload=bytes(MAX_PAYLOAD + 1)),
        Frame(kind=FrameKind.DATA, payload=b"", address=-1),
        Frame(kind=FrameKind.DATA, payload=b"", address=1 << 32),
    ],
)
def test_what_is_no_frame_is_not_written(frame: Frame) -> None:
    with pytest.raises(ValueError, match="got"):
        encode_frame(frame)


@given(sent=st.lists(frames, max_size=6), step=st.integers(1, 300))
@settings(max_examples=60)
def test_frames_come_back_however_they_are_cut(sent: list[Frame], step: int) -> None:
    assert read_all(b"".join(map(encode_frame, sent)), step=step) == sent


@given(sent=st.lists(st.tuples(noise, frames), max_size=5), step=st.integers(1, 60))
@settings(max_examples=100)
def test_no_frame_is_lost_in_noise(sent: list[tuple[bytes, Frame]], step: int) -> None:
    found = read_all(b"".join(before + encode_frame(frame) for before, frame in sent), step=step)
    wanted = iter(found)
    assert all(frame in wanted for _, frame in sent)  # in this order, whatever the noise made up between them


@given(frame=frames, place=st.integers(0, LONGEST_FRAME - 1), bit=st.integers(0, 7))
@settings(max_examples=150)
def test_one_turned_bit_never_passes_as_the_content(frame: Frame, place: int, bit: int) -> None:
    data = bytearray(encode_frame(frame))
    data[place % len(data)] ^= 1 << bit
    for found in read_all(bytes(data)):
        assert (found.kind, found.payload) == (frame.kind, frame.payload)  # the address has no sum


def test_a_wrong_sum_is_counted() -> None:
    reader = FrameReader()
    assert list(reader.feed(VERIFY[:-1] + b"\x00")) == []
    assert list(reader.give_up()) == []
    assert (reader.bad_sums, reader.skipped_bytes, reader.waiting) == (1, len(VERIFY), False)


def test_a_frame_that_begins_in_a_broken_one_is_found() -> None:
    frame = Frame(kind=FrameKind.ACKNOWLEDGE, payload=b"\x00")
    broken = encode_frame(Frame(kind=FrameKind.DATA, payload=bytes(100)))[:20]
    reader = FrameReader()
    assert list(reader.feed(broken + encode_frame(frame))) == []  # the rest of the broken one may still come
    assert list(reader.give_up()) == [frame]


def test_forgetting_what_is_held() -> None:
    reader = FrameReader()
    assert list(reader.feed(VERIFY[:5])) == []
    assert reader.waiting
    reader.clear()
    assert list(reader.feed(VERIFY[5:])) == []


@pytest.mark.soak
def test_any_bytes_are_read_without_a_crash_a_hang_or_a_growing_buffer() -> None:
    rng = np.random.default_rng(20_26)
    reader = FrameReader()
    whole = np.frombuffer(encode_frame(Frame(kind=FrameKind.DATA, payload=bytes(range(64)))), np.uint8)
    for _ in range(FUZZ_CASES):
        case = fuzzed(rng, whole)
        for frame in reader.feed(case):
            assert len(frame.payload) <= MAX_PAYLOAD
        assert len(reader._buffer) <= LONGEST_FRAME
        if rng.random() < 0.05:
            list(reader.give_up())
            assert not reader.waiting


def fuzzed(rng: np.random.Generator, whole: np.ndarray) -> bytes:
    """Pure noise, noise behind a header, or a frame with some bytes changed and an end cut off."""
    kind = rng.integers(3)
    data = rng.integers(0, 256, int(rng.integers(0, 48)), np.uint8)
    if kind == 0:
        return data.tobytes()
    if kind == 1:
        return b"\xef\x01\xff\xff\xff\xff" + data.tobytes()
    changed = whole.copy()
    changed[rng.integers(0, len(whole), int(rng.integers(0, 4)))] ^= np.uint8(rng.integers(1, 256))
    return changed[: int(rng.integers(1, len(whole) + 1))].tobytes()
