"""The head of an HTTP answer, whole and in pieces, and bytes that are none."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil.errors import DeviceError, ProtocolError
from biocapil_drivers.camera.http_head import MAX_HEAD, boundary_of, parse_head, request_of

TYPE = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary="


@pytest.mark.parametrize("end", [b"\r\n\r\n", b"\n\n"])
@pytest.mark.parametrize(
    ("written", "read"), [(b"abc", b"abc"), (b'"a b; c"', b"a b; c"), (b"--x; charset=y", b"--x")]
)
def test_a_boundary_is_found_in_and_out_of_quotes(written: bytes, read: bytes, end: bytes) -> None:
    data = TYPE + written + end
    for cut in range(len(data)):
        assert parse_head(data[:cut]) is None
    head = parse_head(data + b"body")
    assert head is not None
    assert (boundary_of(head), head.length) == (read, len(data))


def test_a_password_goes_out_encoded_and_a_newline_does_not() -> None:
    assert b"Authorization: Basic YTpi\r\n" in request_of("host", "/", ("a", "b"))
    assert b"Authorization" not in request_of("host", "/", None)
    with pytest.raises(ValueError, match="control characters"):
        request_of("host", "/a\r\nX: y", None)


@pytest.mark.parametrize(
    "data",
    [
        b"220 ftp ready\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"a" * MAX_HEAD,
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * MAX_HEAD + b"\r\n\r\n",
    ],
)
def test_what_is_no_http_says_so(data: bytes) -> None:
    with pytest.raises(ProtocolError, match="does not speak HTTP"):
        parse_head(data)


def test_chunks_in_http_1_0_are_refused() -> None:
    head = parse_head(TYPE + b"abc\r\nTransfer-Encoding: chunked\r\n\r\n")
    assert head is not None
    with pytest.raises(ProtocolError, match="in chunks"):
        boundary_of(head)


@given(
    pieces=st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.sampled_from(
                [b"HTTP/1.0 200 OK\r\n", TYPE, b"\r\n\r\n", b"\n", b"boundary=", b"HTTP/1.1 503 "]
            ),
        ),
        max_size=8,
    )
)
def test_no_bytes_break_the_reader_of_heads(pieces: list[bytes]) -> None:
    with contextlib.suppress(DeviceError):
        head = parse_head(b"".join(pieces))
        assert head is None or boundary_of(head)
