"""`SbiService`: any device of ours as a device of the Secure Biometric Interface; no socket stands here."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime

from biocapil.capture import (
    Cancelled,
    CancelToken,
    Captured,
    CaptureEvent,
    CaptureReason,
    CaptureRequest,
    Clock,
    Deadline,
    Device,
    DeviceInfo,
    Failed,
    Judge,
    Presentation,
    Preview,
    SystemClock,
)
from biocapil.errors import DeviceBusy, DeviceError, DeviceNotFound, ProtocolError
from biocapil.sessions import LiveReading, Reading
from biocapil.vocabulary import Instance, Modality
from biocapil_drivers.sbi import base64url
from biocapil_drivers.sbi.asked import Asked, read_capture_request
from biocapil_drivers.sbi.hash_chain import next_link
from biocapil_drivers.sbi.json_fields import Fields, objects_of, text_of
from biocapil_drivers.sbi.messages import stamp
from biocapil_drivers.sbi.records import record_of
from biocapil_drivers.sbi.trust import SigningIdentity, signed
from biocapil_drivers.sbi.words import (
    BUSY,
    ERROR_WORDS,
    FAULT,
    NO_DEVICE,
    NO_OBJECT,
    REGISTRATION,
    SPEC_VERSIONS,
    TYPE_NAMES,
    UNCLEAR,
    WRONG_COUNT,
    name_of,
)

VERSION = "1"
DEVICE_ID = "1"
COUNTED = frozenset({CaptureReason.TOO_FEW_FINGERS, CaptureReason.TOO_MANY_FINGERS, CaptureReason.OPEN_EYES})
"""Reasons that the interface calls a wrong count."""


class SbiService:
    """One device, served.

    Attributes:
        device: The device; the service is its only owner.
    """

    def __init__(
        self,
        device: Device,
        identity: SigningIdentity,
        *,
        now: Callable[[], datetime],
        judge: Judge | None = None,
        environment: str = "Developer",
        clock: Clock | None = None,
    ) -> None:
        """Prepare.

        Args:
            device: The device.
            identity: What signs for it.
            now: The time of day, with its zone.
            judge: Measures samples; without one every score is left out.
            environment: ``Developer``, ``Staging``, ``Pre-Production`` or ``Production``.
            clock: Source of time for waiting.
        """
        self.device = device
        self._identity = identity
        self._now = now
        self._judge = judge
        self._environment = environment
        self._clock = clock or SystemClock()
        self._capturing = threading.Lock()
        self._picture: Preview | None = None

    @property
    def picture(self) -> Preview | None:
        """Newest picture of the capture that is under way."""
        return self._picture

    def discover(self, wanted: Fields) -> list[dict[str, object]]:
        """Answer to MOSIPDISC: what is there, unsigned."""
        kind = text_of(wanted, "type").strip().lower()
        if kind not in {"", "biometric device", TYPE_NAMES[self._modality].lower()}:
            return [{"error": _error(NO_DEVICE)}]
        identity = base64url.encode(_json(self._digital_id()))
        return [{**self._about(), "digitalId": identity, "error": _error(0)}]

    def tell(self) -> list[dict[str, object]]:
        """Answer to MOSIPDINFO: what is there, signed."""
        info = {**self._about(), "digitalId": signed(self._digital_id(), self._identity)}
        info |= {"firmware": self._info.firmware, "env": self._environment}
        return [{"deviceInfo": signed(info, self._identity), "error": _error(0)}]

    def capture(self, body: Fields, cancel: CancelToken) -> dict[str, object]:
        """Answer to RCAPTURE."""
        bios = objects_of(body.get("bio") or [], "bio")
        if bios and text_of(bios[0], "deviceId") not in {DEVICE_ID, ""}:
            return _refused(NO_DEVICE)
        try:
            asked = read_capture_request(body, self._info)
        except ProtocolError as error:
            return _refused(error.vendor_code or FAULT, str(error))
        if not self._capturing.acquire(blocking=False):
            return _refused(BUSY)
        try:
            return self._captured(asked, cancel)
        except ValueError as error:
            return _refused(WRONG_COUNT, str(error))
        finally:
            self._picture = None
            self._capturing.release()

    def _captured(self, asked: Asked, cancel: CancelToken) -> dict[str, object]:
        step, measured = asked.step, self._judge is not None
        slap = step.presentation in {Presentation.FOUR_FINGERS, Presentation.TWO_THUMBS}
        live = LiveReading(step, self._judge, self._seen)
        request = CaptureRequest(
            presentation=step.presentation,
            instances=tuple(each for each in step.instances if each.position),
            judge=live.judge if measured or slap else None,
            least_quality=max(int(slap), asked.score if measured else 0),
        )
        end = self.device.acquire(request, live.pass_on, cancel, Deadline.after(self._clock, asked.timeout_s))
        if isinstance(end, Failed):
            return _refused(_code_of(end.error), str(end.error))
        if isinstance(end, Cancelled):
            return _refused(BUSY)
        samples = end.samples if isinstance(end, Captured) else end.best
        if not samples:
            return _refused(NO_OBJECT)
        reading = live.of(samples)
        wrong = next((each for each in reading.reasons if isinstance(each, CaptureReason)), None)
        if wrong is not None and (step.instances[0].position or self._modality is Modality.FACE):
            return _refused(WRONG_COUNT if wrong in COUNTED else UNCLEAR, wrong.value)
        return {"biometrics": self._biometrics(asked, reading)}

    def _biometrics(self, asked: Asked, reading: Reading) -> list[dict[str, object]]:
        link, found = asked.previous, list[dict[str, object]]()
        taken = self._now()
        for at, sample in enumerate(reading.samples):
            record = record_of(sample, captured=taken)
            link = next_link(link, record)
            instance = Instance(modality=sample.modality, position=int(sample.position))
            score = str(reading.reports[at].score) if reading.reports else ""
            data: dict[str, object] = {
                "digitalId": signed(self._digital_id(), self._identity),
                "deviceCode": self._info.serial_number,
                "deviceServiceVersion": VERSION,
                "bioType": TYPE_NAMES[sample.modality],
                "bioSubType": name_of(instance),
                "purpose": REGISTRATION,
                "env": self._environment,
                "bioValue": base64url.encode(record),
                "transactionId": asked.transaction,
                "timestamp": stamp(taken),
                "requestedScore": str(asked.score),
                "qualityScore": score,
            }
            found.append(
                {
                    "specVersion": SPEC_VERSIONS[0],
                    "data": signed(data, self._identity),
                    "hash": link,
                    "error": _error(0),
                }
            )
        return found

    def _seen(self, event: CaptureEvent) -> None:
        if isinstance(event, Preview):
            self._picture = event

    @property
    def _info(self) -> DeviceInfo:
        return self.device.info

    @property
    def _modality(self) -> Modality:
        capability = self._info.capability
        return capability.modality if capability is not None else Modality.FINGER

    def _digital_id(self) -> dict[str, object]:
        info = self._info
        return {
            "serialNo": info.serial_number or info.identity,
            "make": info.maker or "BioCapil",
            "model": info.model,
            "type": TYPE_NAMES[self._modality],
            "deviceSubType": _sub_type(info),
            "deviceProvider": "BioCapil",
            "deviceProviderId": "BIOCAPIL",
            "dateTime": stamp(self._now()),
        }

    def _about(self) -> dict[str, object]:
        capability = self._info.capability
        slap = capability is not None and Presentation.FOUR_FINGERS in capability.presentations
        return {
            "deviceId": DEVICE_ID,
            "deviceStatus": "Busy" if self._capturing.locked() else "Ready",
            "certification": "L0",
            "serviceVersion": VERSION,
            "deviceSubId": ["1", "2", "3"] if slap or self._modality is Modality.IRIS else ["0"],
            "callbackId": "",
            "deviceCode": self._info.serial_number or self._info.identity,
            "specVersion": list(SPEC_VERSIONS[:2]),
            "purpose": REGISTRATION,
        }


def _sub_type(info: DeviceInfo) -> str:
    """``deviceSubType`` of a device."""
    capability = info.capability
    presentations = frozenset[Presentation]() if capability is None else capability.presentations
    if Presentation.FACE in presentations:
        return "Full face"
    if Presentation.TWO_IRISES in presentations:
        return "Double"
    return "Slap" if Presentation.FOUR_FINGERS in presentations else "Single"


def _code_of(error: DeviceError) -> int:
    if isinstance(error, DeviceNotFound):
        return NO_DEVICE
    return BUSY if isinstance(error, DeviceBusy) else FAULT


def _error(code: int, words: str = "") -> dict[str, object]:
    return {
        "errorCode": str(code),
        "errorInfo": words or ERROR_WORDS.get(code, "Success" if not code else ""),
    }


def _refused(code: int, words: str = "") -> dict[str, object]:
    """An answer without samples; the interface sends it with status 200."""
    return {
        "biometrics": [
            {"specVersion": SPEC_VERSIONS[0], "data": "", "hash": "", "error": _error(code, words)}
        ]
    }


def _json(fields: dict[str, object]) -> bytes:
    return json.dumps(fields).encode("utf-8")
