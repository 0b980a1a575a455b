from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil.errors import ProtocolError
from biocapil_drivers.sbi.http_codec import (
    MAX_NOISE,
    PictureReader,
    ReplyReader,
    request_bytes,
)

BOUNDARY_EXAMPLE = b"--BoundaryString\r\nContent-Type: image/jpeg\r\n"
JPEG = b"\xff\xd8 picture \xff\xd9"


def reply(body: bytes, *headers: str) -> bytes:
    head = "\r\n".join(("HTTP/1.1 200 OK", *headers))
    return head.encode("ascii") + b"\r\n\r\n" + body


def whole(data: bytes, step: int = 7) -> tuple[int, bytes] | None:
    reader = ReplyReader()
    for start in range(0, len(data), step):
        found = reader.feed(data[start : start + step])
        if found is not None:
            return found.status, found.body
    ended = reader.closed()
    return None if ended is None else (ended.status, ended.body)


def test_a_request_is_one_piece_with_its_own_verb() -> None:
    data = request_bytes("RCAPTURE", "/capture", "127.0.0.1:4501", {"a": 1})
    assert data.startswith(b"RCAPTURE /capture HTTP/1.1\r\nHost: 127.0.0.1:4501\r\n")
    assert data.endswith(b'Content-Length: 8\r\nConnection: close\r\n\r\n{"a": 1}')


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_a_reply_is_put_together_from_any_pieces(step: int) -> None:
    assert whole(reply(b"hello", "Content-Length: 5"), step) == (200, b"hello")


def test_what_follows_a_whole_reply_is_left_alone() -> None:
    assert whole(reply(b"hello\r\n\r\nHTTP/1.1 200 OK", "content-length: 5")) == (200, b"hello")


def test_noise_before_a_reply_is_skipped_but_not_for_ever() -> None:
    assert whole(b"\x00\xffnoise" + reply(b"hi", "Content-Length: 2")) == (200, b"hi")
    with pytest.raises(ProtocolError, match="no HTTP"):
        ReplyReader().feed(b"x" * (MAX_NOISE + 1))


def test_chunks_are_joined() -> None:
    body = b"3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\n\r\n"
    assert whole(reply(body, "Transfer-Encoding: chunked"), 1) == (200, b"abcde")


def test_without_a_length_the_end_of_the_line_is_the_end() -> None:
    assert whole(reply(b"until the end")) == (200, b"until the end")


def test_a_cut_off_reply_is_none() -> None:
    assert whole(reply(b"hel", "Content-Length: 5")) is None
    assert whole(b"HTTP/1.1 200 OK\r\nContent-") is None


@pytest.mark.parametrize("length", ["-1", "five", str(10**12), ""])
def test_a_length_that_cannot_be_is_refused(length: str) -> None:
    with pytest.raises(ProtocolError, match="length"):
        whole(reply(b"hello", f"Content-Length: {length}"))


@pytest.mark.parametrize("first", ["HTTP/1.1 OK", "HTTP/1.1", "HTTP/1.1 20x Fine"])
def test_a_first_line_without_a_status_is_refused(first: str) -> None:
    with pytest.raises(ProtocolError, match="status"):
        whole(first.encode("ascii") + b"\r\n\r\n")


def test_pictures_are_taken_by_their_length_whatever_the_boundary() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=--BoundaryString\r\n\r\n"
    inside = b"\xff\xd8 looks like \xff\xd9 an end \xff\xd9"
    parts = b"".join(
        BOUNDARY_EXAMPLE + b"Content-Length: %d\r\n\r\n" % len(each) + each + b"\r\n"
        for each in (inside, JPEG)
    )
    reader, found = PictureReader(), []
    for at in range(len(head + parts)):
        found += reader.feed((head + parts)[at : at + 1])
    assert found == [inside, JPEG]


def test_without_lengths_pictures_are_taken_by_their_markers() -> None:
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    assert PictureReader().feed(head + b"--x\r\n\r\n" + JPEG + b"junk" + JPEG) == [JPEG, JPEG]


def test_a_picture_that_is_too_long_is_refused() -> None:
    with pytest.raises(ProtocolError, match="length"):
        PictureReader().feed(b"HTTP/1.1 200 OK\r\n\r\nContent-Length: 999999999\r\n\r\n\xff\xd8")


@pytest.mark.soak
@given(st.lists(st.binary(max_size=60), max_size=6), st.booleans())
def test_any_bytes_are_a_reply_or_a_protocol_error(pieces: list[bytes], led: bool) -> None:  # noqa: FBT001 - hypothesis passes it
    for reader in (ReplyReader(), PictureReader()):
        try:
            if led:
                reader.feed(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for piece in pieces:
                reader.feed(piece)
        except ProtocolError:
            continue
