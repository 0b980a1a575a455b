"""The head of an HTTP answer, and the request before it (RFC 9112); bodies are read by others."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from biocapil.errors import DeviceBusy, DeviceError, DeviceNotFound, ProtocolError

MAX_HEAD = 32 << 10
STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?\r?\n")
END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
BOUNDARY = re.compile(r"""boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;,"]{1,200}))""", re.IGNORECASE)
MULTIPART = "multipart/x-mixed-replace"
OK, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, UNAVAILABLE = 200, 401, 403, 404, 503


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpHead:
    """What stands before the body.

    Attributes:
        status: Status code.
        headers: Headers by their names in small letters; the last of a name counts.
        length: Bytes of the head.
    """

    status: int
    headers: dict[str, str]
    length: int


def request_of(host: str, target: str, credentials: tuple[str, str] | None) -> bytes:
    """The request for a stream; HTTP/1.0, so that no answer comes in chunks.

    Raises:
        ValueError: Host or target hold what no request may hold.
    """
    if re.search(r"[^\x21-\x7e]", host + target):
        raise ValueError("host and path of a camera hold no blanks and no control characters")
    lines = [f"GET {target} HTTP/1.0", f"Host: {host}", "User-Agent: biocapil", f"Accept: {MULTIPART}"]
    if credentials is not None:
        secret = base64.b64encode(":".join(credentials).encode()).decode()
        lines.append(f"Authorization: Basic {secret}")
    return "\r\n".join([*lines, "", ""]).encode()


def parse_head(data: bytes) -> HttpHead | None:
    """Read the head of an answer; None while it is not whole.

    Raises:
        ProtocolError: It is none.
    """
    end = END_OF_HEAD.search(data)
    if end is None:
        if len(data) > MAX_HEAD or not _may_begin(data):
            raise ProtocolError("what answers there does not speak HTTP")
        return None
    status = STATUS_LINE.match(data)
    if status is None or end.start() > MAX_HEAD:
        raise ProtocolError("what answers there does not speak HTTP")
    lines = data[status.end() : end.start()].decode("latin-1").splitlines()
    pairs = [line.partition(":") for line in lines]
    headers = {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}
    return HttpHead(status=int(status[1]), headers=headers, length=end.end())


def boundary_of(head: HttpHead) -> bytes:
    """The boundary of a stream of pictures.

    Raises:
        DeviceError: The answer is no such stream; the message says what it is.
    """
    if head.status != OK:
        raise _refusal(head.status)
    kind = head.headers.get("content-type", "")
    found = BOUNDARY.search(kind)
    if not kind.lower().startswith(MULTIPART) or found is None:
        raise ProtocolError(f"the camera sends {kind[:80]!r}, not {MULTIPART} with a boundary")
    if "chunked" in head.headers.get("transfer-encoding", "").lower():
        raise ProtocolError("the camera answers HTTP/1.0 in chunks")
    return (found[1] or found[2]).encode("latin-1")


def _may_begin(data: bytes) -> bool:
    wanted = b"HTTP/1."
    return data[: len(wanted)] == wanted[: len(data)]


def _refusal(status: int) -> DeviceError:
    if status in {UNAUTHORIZED, FORBIDDEN}:
        return DeviceError("the camera wants another name or password", vendor_code=status)
    if status == NOT_FOUND:
        return DeviceNotFound("the camera has no such path", vendor_code=status)
    if status == UNAVAILABLE:
        return DeviceBusy("the camera serves others and has no place left", vendor_code=status)
    return ProtocolError("the camera answers with a fault", vendor_code=status)
