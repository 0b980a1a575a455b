"""`MultipartReader`: bytes of ``multipart/x-mixed-replace`` to parts, as cameras send them (RFC 2046, 5.1).

Cameras lie about lengths, leave them out, end lines with LF alone, and break off in the middle of a part. A
length is believed where a part of it ends as a JPEG does; else the next delimiter ends the part. Memory is
bounded: what grows past a limit is thrown away, and the next delimiter is sought.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from biocapil_drivers.camera.jpeg import END, jpeg_size

MAX_HEAD = 16 << 10
MAX_PART = 16 << 20
BLANK_LINE = re.compile(rb"\r?\n\r?\n")
LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*([0-9]{1,9})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
LINE_ENDS = b"\r\n"
TAIL = len(END) + 2 * len(LINE_ENDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part.

    Attributes:
        body: Its bytes, without headers and delimiters.
        at_s: When its delimiter came, in seconds of the device's clock.
    """

    body: bytes
    at_s: float

    def __repr__(self) -> str:
        return f"Part({len(self.body)} bytes, {self.at_s:.3f} s)"


class MultipartReader:
    """Takes bytes as they come and gives parts once they are whole; never waits for the part after."""

    def __init__(self, boundary: bytes) -> None:
        self._delimiter = b"--" + boundary.removeprefix(b"--")
        self._buffer = bytearray()
        self._in_part = False
        self._body_at = 0
        self._length: int | None = None
        self._sought = 0
        self._begun_s = 0.0
        self.dropped = 0
        """Parts that were too long, or whose headers were."""

    def feed(self, data: bytes, at_s: float) -> list[Part]:
        """Take bytes.

        Args:
            data: What came.
            at_s: When.

        Returns:
            Parts that became whole by it, in order.
        """
        self._buffer += data
        parts: list[Part] = []
        while True:
            if not self._in_part and not self._begin(at_s):
                return parts
            body = self._end()
            if body is None:
                return parts
            if body:
                parts.append(Part(body=bytes(body), at_s=self._begun_s))

    def _begin(self, at_s: float) -> bool:
        """Find a delimiter and the headers behind it."""
        found = self._buffer.find(self._delimiter)
        if found < 0:
            del self._buffer[: max(0, len(self._buffer) - len(self._delimiter) + 1)]
            return False
        del self._buffer[:found]
        blank = BLANK_LINE.search(self._buffer, len(self._delimiter))
        if self._sought == 0:
            self._begun_s, self._sought = at_s, 1
        if blank is None:
            if len(self._buffer) > MAX_HEAD:
                self._skip_delimiter()
            return False
        length = LENGTH.search(self._buffer, len(self._delimiter), blank.end())
        self._length = int(length[1]) if length else None
        self._body_at = self._sought = blank.end()
        self._in_part = True
        return True

    def _end(self) -> bytearray | None:
        """The body, once it is whole; an empty one where the part was dropped."""
        if self._length is not None and self._length <= MAX_PART:
            end = self._body_at + self._length
            if len(self._buffer) < end and self._next_delimiter() < 0:
                return None
            body = self._buffer[self._body_at : end]
            if len(body) == self._length and body.endswith(END):
                return self._cut(end)
        found = self._next_delimiter()
        if found >= 0:
            body = self._cut(found)
            return body.rstrip(LINE_ENDS) if body.rstrip(LINE_ENDS).endswith(END) else body
        if self._length is None and self._buffer[-TAIL:].rstrip(LINE_ENDS).endswith(END):
            body = self._buffer[self._body_at :].rstrip(LINE_ENDS)
            if jpeg_size(bytes(body)) is not None:
                return self._cut(self._body_at + len(body))
        if len(self._buffer) - self._body_at > MAX_PART:
            self._skip_delimiter()
            return bytearray()
        return None

    def _next_delimiter(self) -> int:
        found = self._buffer.find(self._delimiter, self._sought)
        if found < 0:
            self._sought = max(self._body_at, len(self._buffer) - len(self._delimiter) + 1)
        return found

    def _cut(self, end: int) -> bytearray:
        body = self._buffer[self._body_at : end]
        del self._buffer[:end]
        self._in_part, self._sought = False, 0
        return body

    def _skip_delimiter(self) -> None:
        del self._buffer[: len(self._delimiter)]
        self._in_part, self._sought = False, 0
        self.dropped += 1
