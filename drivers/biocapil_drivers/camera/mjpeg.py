"""`MjpegSource`: pictures of a network camera over HTTP, one JPEG a part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlencode, urlsplit

from biocapil.capture import (
    POLL_S,
    CancelToken,
    Clock,
    Deadline,
    DeviceAddress,
    Opening,
    ParameterValue,
    TraceSink,
    Way,
)
from biocapil.errors import DeviceLost, DeviceTimeout
from biocapil_drivers.camera.frames import Picture, SourceTraits
from biocapil_drivers.camera.http_head import boundary_of, parse_head, request_of
from biocapil_drivers.camera.jpeg import decode_jpeg
from biocapil_drivers.camera.multipart import MultipartReader, Part
from biocapil_drivers.camera.wire import Wire

CHUNK = 1 << 16
HTTP_PORT, HTTPS_PORT = 80, 443


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MjpegPlace:
    """Where a stream is; never shown, as it may hold a password.

    Attributes:
        host: Name or number of the camera.
        port: TCP port.
        authority: What the request calls it: the host, with a port that is not the usual one.
        target: Path with what stands behind its question mark.
        secure: Whether to speak TLS.
        credentials: Name and password; None for none.
    """

    host: str
    port: int
    authority: str
    target: str
    secure: bool
    credentials: tuple[str, str] | None

    @classmethod
    def of(cls, address: DeviceAddress, foreign: Mapping[str, str]) -> MjpegPlace:
        """The place of an address; options that are none of ours belong to the camera's path."""
        parts = urlsplit(address.text)
        if not parts.hostname:
            raise ValueError("the address of a network camera names a host: camera+mjpeg://HOST/PATH")
        secure = address.transport == "mjpegs"
        usual = HTTPS_PORT if secure else HTTP_PORT
        port = parts.port or usual
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        named = (unquote(parts.username or ""), unquote(parts.password or ""))
        return cls(
            host=parts.hostname,
            port=port,
            authority=host if port == usual else f"{host}:{port}",
            target=(parts.path or "/") + (f"?{urlencode(foreign)}" if foreign else ""),
            secure=secure,
            credentials=named if parts.username else None,
        )


class MjpegSource:
    """One stream over one connection."""

    def __init__(self, place: MjpegPlace, wire: Wire, opening: Opening, deadline: Deadline) -> None:
        """Ask for the stream; the wire is the source's own from now on.

        Raises:
            DeviceError: What answers is no stream of pictures, or nothing does.
        """
        self.traits = SourceTraits(model="HTTP MJPEG camera")
        self._clock: Clock = opening.clock
        self._trace: TraceSink | None = opening.trace
        self._wire = wire
        self._lost: DeviceLost | None = None
        self.broken = 0
        """Parts that were no whole picture."""
        try:
            self._ask(place, deadline)
        except BaseException:
            self.close()
            raise

    def read(self, deadline: Deadline, stop: CancelToken) -> Picture | None:
        """The newest whole picture; those that came before it are not even decoded."""
        while not stop.cancelled and not deadline.passed:
            if self._lost is not None:
                raise self._lost
            part = self._newest(deadline)
            picture = None if part is None else self._decode(part)
            if picture is not None:
                return picture
        return None

    def set(self, settings: Mapping[str, ParameterValue]) -> None:
        """There are no settings."""

    def close(self) -> None:
        """End the connection."""
        self._wire.close()

    def _ask(self, place: MjpegPlace, deadline: Deadline) -> None:
        self._note(Way.OUT, request_of(place.authority, place.target, None))
        self._wire.write(request_of(place.authority, place.target, place.credentials), deadline)
        received = b""
        while (head := parse_head(received)) is None:
            if deadline.passed:
                raise DeviceTimeout("the camera takes a request and does not answer")
            received += self._wire.read(CHUNK, min(POLL_S, deadline.remaining_s))
        self._note(Way.IN, received[: head.length])
        self._reader = MultipartReader(boundary_of(head))
        self._first = received[head.length :]
        self._note(Way.IN, self._first, private=True)

    def _newest(self, deadline: Deadline) -> Part | None:
        parts = self._feed(self._receive(min(POLL_S, deadline.remaining_s)))
        while parts and self._lost is None and not deadline.passed and (more := self._rest()):
            parts = self._feed(more) or parts
        return parts[-1] if parts else None

    def _rest(self) -> bytes:
        """What came behind a whole part; a line that broke there is told with the next read."""
        try:
            return self._receive(0.0)
        except DeviceLost as error:
            self._lost = error
            return b""

    def _receive(self, timeout_s: float) -> bytes:
        found = self._wire.read(CHUNK, timeout_s)
        self._note(Way.IN, found, private=True)
        return found

    def _feed(self, data: bytes) -> list[Part]:
        first, self._first = self._first, b""
        return self._reader.feed(first + data, self._clock.now_s()) if first or data else []

    def _decode(self, part: Part) -> Picture | None:
        pixels = decode_jpeg(part.body)
        if pixels is None:
            self.broken += 1
            return None
        return Picture(pixels=pixels, at_s=part.at_s)

    def _note(self, way: Way, data: bytes, *, private: bool = False) -> None:
        """Tell a trace what went by: the request without its password, pictures as biometric."""
        if self._trace is not None and data:
            self._trace.put(self._clock.now_s(), way, data, private=private)
