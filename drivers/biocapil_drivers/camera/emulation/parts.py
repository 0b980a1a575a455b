"""What an emulated network camera sends: the head of its answer, and parts with their faults."""

from __future__ import annotations

from biocapil_drivers.camera.emulation.faults import MjpegFault

BOUNDARY = "frame--of--biocapil"
PAGE = b"<html>Please sign in.</html>"
GARBAGE = bytes(range(256)) * 8
LINES = 4
ENDLESS = 18 << 20
"""More than the driver keeps of one part."""

STATUS = {
    MjpegFault.NOT_FOUND: "404 Not Found",
    MjpegFault.FULL: "503 Service Unavailable",
    MjpegFault.LOCKED: "401 Unauthorized",
}


def opening_answer(fault: MjpegFault) -> bytes:
    """The head of an answer."""
    if fault is MjpegFault.BABBLE:
        return GARBAGE
    if fault in STATUS or fault is MjpegFault.OTHER_TYPE:
        status = STATUS.get(fault, "200 OK")
        return f"HTTP/1.0 {status}\r\nContent-Type: text/html\r\n\r\n".encode() + PAGE
    kind = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
    return f"HTTP/1.0 200 OK\r\nServer: emulated\r\nContent-Type: {kind}\r\n\r\n".encode()


class Faulty:
    """Parts of one stream."""

    def __init__(self) -> None:
        self._first = b""

    def part(self, fault: MjpegFault, number: int, jpeg: bytes) -> tuple[bytes, bool | None]:
        """One part.

        Returns:
            The bytes; and whether the stream goes on (True), falls silent (False) or ends (None).
        """
        self._first = self._first or jpeg
        if fault is MjpegFault.SILENT:
            return b"", False
        if fault is MjpegFault.DROPPED:
            return _whole(jpeg, len(jpeg))[: len(jpeg) // 2], None
        return _faulty(fault, number, jpeg, self._first), True


def _faulty(fault: MjpegFault, number: int, jpeg: bytes, first: bytes) -> bytes:
    half = len(jpeg) // 2
    if fault is MjpegFault.ENDLESS:
        return _head(ENDLESS) + bytes(ENDLESS) + _whole(jpeg, len(jpeg))
    if fault is MjpegFault.TRUNCATED and number % 2:
        return _whole(jpeg[:half], len(jpeg))
    if fault is MjpegFault.BARE_LINES:
        return _whole(jpeg, len(jpeg)).replace(b"\r\n", b"\n", LINES)
    if fault is MjpegFault.GARBAGE:
        return GARBAGE + _whole(jpeg, len(jpeg)) + GARBAGE
    lengths: dict[MjpegFault, int | None] = {
        MjpegFault.LENGTH_TOO_SMALL: half,
        MjpegFault.LENGTH_TOO_LARGE: len(jpeg) + half,
        MjpegFault.NO_LENGTH: None,
    }
    body = first if fault is MjpegFault.REPEATED else jpeg
    return _whole(body, lengths.get(fault, len(body)))


def _whole(jpeg: bytes, length: int | None) -> bytes:
    return _head(length) + jpeg


def _head(length: int | None) -> bytes:
    stated = "" if length is None else f"Content-Length: {length}\r\n"
    return f"\r\n--{BOUNDARY}\r\nContent-Type: image/jpeg\r\n{stated}\r\n".encode()
