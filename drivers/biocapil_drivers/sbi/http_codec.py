"""HTTP as the interface uses it, bytes to messages and back; no socket stands here.

Services of this interface bend HTTP: verbs of their own, errors with status 200, bodies a few bytes longer
than they say, other bytes behind a multipart stream, a boundary with dashes that belong to it. Lengths are
believed, boundaries are not, and what follows a whole message is left alone.

Reference: RFC 9112.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from biocapil.errors import ProtocolError

MAX_HEAD = 64 * 1024
MAX_BODY = 64 * 1024 * 1024
MAX_NOISE = 4 * 1024
MAX_PART = 8 * 1024 * 1024
START = b"HTTP/1."
END_OF_HEAD = b"\r\n\r\n"
JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"


def request_bytes(verb: str, path: str, host: str, body: object | None) -> bytes:
    """A request in one piece, as some services lose what comes in a second one."""
    content = b"" if body is None else json.dumps(body).encode("utf-8")
    head = (
        f"{verb} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode("ascii") + content


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpReply:
    """A whole answer.

    Attributes:
        status: Status of the first line.
        body: Its bytes.
    """

    status: int
    body: bytes


class ReplyReader:
    """Puts an answer together from whatever pieces it comes in."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._head: tuple[int, dict[str, str]] | None = None

    @property
    def begun(self) -> bool:
        """Whether anything came."""
        return bool(self._held) or self._head is not None

    def feed(self, data: bytes) -> HttpReply | None:
        """Take bytes; the answer, once it is whole.

        Raises:
            ProtocolError: They are no answer, or too many.
        """
        self._held += data
        if self._head is None and not self._take_head():
            return None
        status, headers = self._head or (0, {})
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return self._chunked(status)
        length = headers.get("content-length")
        if length is None:
            if len(self._held) > MAX_BODY:
                raise ProtocolError("the answer is too long")
            return None
        if not length.isdecimal() or int(length) > MAX_BODY:
            raise ProtocolError("the answer states no possible length")
        if len(self._held) < int(length):
            return None
        return HttpReply(status=status, body=bytes(self._held[: int(length)]))

    def closed(self) -> HttpReply | None:
        """The answer, if the end of the line is its end; None where it was cut off."""
        if self._head is None or {"content-length", "transfer-encoding"} & set(self._head[1]):
            return None
        return HttpReply(status=self._head[0], body=bytes(self._held))

    def _take_head(self) -> bool:
        start = self._held.find(START)
        if start < 0:
            if len(self._held) > MAX_NOISE:
                raise ProtocolError("what answers speaks no HTTP")
            return False
        end = self._held.find(END_OF_HEAD, start)
        if end < 0:
            if len(self._held) - start > MAX_HEAD:
                raise ProtocolError("the head of the answer is too long")
            return False
        self._head = read_head(bytes(self._held[start:end]))
        del self._held[: end + len(END_OF_HEAD)]
        return True

    def _chunked(self, status: int) -> HttpReply | None:
        body, at = bytearray(), 0
        while True:
            end = self._held.find(b"\r\n", at)
            if end < 0:
                return None
            text = bytes(self._held[at:end]).partition(b";")[0].strip()
            try:
                size = int(text, 16)
            except ValueError as error:
                raise ProtocolError("a chunk of the answer states no length") from error
            if not 0 <= size <= MAX_BODY or len(body) + size > MAX_BODY:
                raise ProtocolError("the answer is too long")
            if size == 0:
                return HttpReply(status=status, body=bytes(body))
            at = end + 2 + size + 2
            if len(self._held) < at:
                return None
            body += self._held[end + 2 : end + 2 + size]


def read_head(head: bytes) -> tuple[int, dict[str, str]]:
    """Status and headers, names in lower case.

    Raises:
        ProtocolError: The first line is none.
    """
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ", 2)
    if len(words) < 2 or not (words[1].isdecimal() and len(words[1]) == 3):
        raise ProtocolError("the first line of the answer names no status")
    pairs = [line.partition(":") for line in lines]
    return int(words[1]), {name.strip().lower(): value.strip() for name, _, value in pairs}


class PictureReader:
    """Pictures of a multipart stream, by the length that a part states, else from marker to marker."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._headed = False

    def feed(self, data: bytes) -> list[bytes]:
        """Take bytes; the JPEG files that are whole now.

        Raises:
            ProtocolError: A part is too long, or no picture comes.
        """
        self._held += data
        if not self._headed:
            end = self._held.find(END_OF_HEAD)
            if end < 0:
                if len(self._held) > MAX_HEAD:
                    raise ProtocolError("the head of the stream is too long")
                return []
            self._headed = True
            del self._held[: end + len(END_OF_HEAD)]
        found: list[bytes] = []
        while (part := self._next()) is not None:
            found.append(part)
        if len(self._held) > MAX_PART:
            raise ProtocolError("a picture of the stream is too long")
        return found

    def _next(self) -> bytes | None:
        start = self._held.find(JPEG_START)
        if start < 0:
            return None
        length = _stated_length(bytes(self._held[:start]))
        if length is None:
            end = self._held.find(JPEG_END, start)
            if end < 0:
                return None
            stop = end + len(JPEG_END)
        else:
            stop = start + length
            if len(self._held) < stop:
                return None
        part = bytes(self._held[start:stop])
        del self._held[:stop]
        return part


def _stated_length(head: bytes) -> int | None:
    for line in reversed(head.split(b"\r\n")):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            length = int(value.strip()[:12])
            if not 0 < length <= MAX_PART:
                raise ProtocolError("a picture of the stream states no possible length")
            return length
    return None
