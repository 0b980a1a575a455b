"""`SbiDevice`: a certified device behind a service of this machine, as the seam wants it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from biocapil.capture import (
    Cancelled,
    CancelToken,
    CaptureRequest,
    CaptureResult,
    Clock,
    Deadline,
    DeviceInfo,
    Failed,
    OnEvent,
    ParameterValue,
    check_settings,
    require_possible,
)
from biocapil.errors import DeviceError, DeviceLost, DeviceNotFound
from biocapil_drivers.sbi.best_set import BestSet
from biocapil_drivers.sbi.capability import PARAMETERS, Wanted, wanted_of
from biocapil_drivers.sbi.capturing import Capturing, Situation
from biocapil_drivers.sbi.hash_chain import FIRST
from biocapil_drivers.sbi.link import SbiLink, StreamWatch
from biocapil_drivers.sbi.messages import ServedDevice, read_devices
from biocapil_drivers.sbi.trust import TrustAnchors
from biocapil_drivers.sbi.words import INFO
from biocapil_drivers.transport import ReadCancelled


class SbiDevice:
    """One device of a service."""

    def __init__(
        self,
        link: SbiLink,
        served: ServedDevice,
        info: DeviceInfo,
        anchors: TrustAnchors,
        *,
        clock: Clock,
        now: Callable[[], datetime],
        on_close: Callable[[], None],
    ) -> None:
        """Take over a link on which the device has answered.

        Args:
            link: To its service.
            served: What it said about itself, signed.
            info: The same as the seam wants it.
            anchors: Who is believed.
            clock: Source of time for waiting.
            now: The time of day, with its zone; what signatures are held against.
            on_close: Called once, when the device is let go.
        """
        self.info = info
        self._link = link
        self._served = served
        self._anchors = anchors
        self._clock = clock
        self._now = now
        self._on_close: Callable[[], None] | None = on_close
        self._settings: dict[str, ParameterValue] = {each.name: each.default for each in PARAMETERS}
        self._hash = FIRST
        self._pictures = 0

    def check(self, deadline: Deadline) -> None:
        """Ask the service whether the device is still there."""
        self._require_open()
        devices = read_devices(self._link.ask(INFO, "/info", None, deadline), self._anchors, now=self._now())
        serial = self._served.digital_id.serial_number
        if serial not in {device.digital_id.serial_number for device in devices}:
            raise DeviceLost("the service has the device no longer", address=self.info.address)

    def configure(self, settings: Mapping[str, ParameterValue]) -> None:
        """Change settings; they hold from the next capture on."""
        self._settings |= check_settings(settings, PARAMETERS)

    def acquire(
        self, request: CaptureRequest, on_event: OnEvent, cancel: CancelToken, deadline: Deadline
    ) -> CaptureResult:
        """Capture until a set of samples is good enough."""
        if self.info.capability is not None:
            require_possible(request, self.info.capability)
        wanted = wanted_of(request)
        best = BestSet(request, self._served.digital_id)
        stream: StreamWatch | None = None
        try:
            self._require_open()
            if cancel.cancelled:
                return Cancelled()
            stream = self._stream(wanted, deadline) if self._settings["preview"] else None
            capturing = self._capturing(wanted, stream, on_event, cancel, deadline)
            try:
                return capturing.run(best)
            finally:
                self._hash, self._pictures = capturing.last_link, capturing.pictures
        except ReadCancelled:
            return Cancelled(attempts=best.attempts)
        except DeviceError as error:
            return Failed(error=error, attempts=best.attempts)
        finally:
            if stream is not None:
                stream.close()

    def close(self) -> None:
        """Let go."""
        if self._on_close is not None:
            self._on_close()
            self._on_close = None
            self._link.close()

    def _capturing(
        self,
        wanted: Wanted,
        stream: StreamWatch | None,
        on_event: OnEvent,
        cancel: CancelToken,
        deadline: Deadline,
    ) -> Capturing:
        situation = Situation(
            link=self._link,
            served=self._served,
            anchors=self._anchors,
            address=self.info.address,
            now=self._now,
            clock=self._clock,
            score=int(self._settings["requested_score"]),
        )
        return Capturing(
            situation,
            wanted,
            stream,
            on_event=on_event,
            cancel=cancel,
            deadline=deadline,
            last_link=self._hash,
            pictures=self._pictures,
        )

    def _stream(self, wanted: Wanted, deadline: Deadline) -> StreamWatch:
        body = {
            "deviceId": self._served.device_id,
            "serialNo": self._served.digital_id.serial_number,
            "deviceSubId": wanted.sub_id,
            "timeout": str(max(1, round(1000 * deadline.remaining_s))),
        }
        return self._link.watch("/stream", body, deadline)

    def _require_open(self) -> None:
        if self._on_close is None:
            raise DeviceNotFound("the device was closed", address=self.info.address)
