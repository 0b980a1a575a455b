"""The answers of a service as nouns, and the requests as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from biocapil.errors import FormatError, ProtocolError
from biocapil.vocabulary import Modality
from biocapil_drivers.sbi import base64url
from biocapil_drivers.sbi.json_fields import (
    Fields,
    error_of,
    json_object,
    json_value,
    objects_of,
    text_of,
    texts_of,
    whole_of,
)
from biocapil_drivers.sbi.trust import TrustAnchors
from biocapil_drivers.sbi.words import REGISTRATION, SPEC_VERSION, TYPE_NAMES, TYPES

MOST_DEVICES, MOST_SAMPLES = 32, 16
CLOCKS_APART = timedelta(minutes=5)
"""How far a device's clock may be from ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitalId:
    """Which device it is, as it signed it.

    Attributes:
        serial_number: Its number.
        maker: Who makes it.
        model: Its model.
        modality: What it captures.
        sub_type: ``Slap``, ``Single``, ``Touchless``, ``Double``, ``Full face``, in lower case.
    """

    serial_number: str
    maker: str
    model: str
    modality: Modality
    sub_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedDevice:
    """One device of a service.

    Attributes:
        digital_id: Which one it is; None where it is not registered and says nothing signed.
        device_id: Its name in requests.
        code: Its code.
        sub_ids: What of a person it can be asked for.
        status: ``ready``, ``busy``, ``not ready``, ``not registered``, in lower case.
        certification: ``L0`` or ``L1``.
        environment: Environment that it was set up for.
        firmware: Version of its software.
        spec_versions: Versions of the interface that it speaks.
        base_url: Where it wants to be spoken to; empty for where it was found.
    """

    digital_id: DigitalId
    device_id: str
    code: str
    sub_ids: tuple[str, ...]
    status: str
    certification: str
    environment: str
    firmware: str
    spec_versions: tuple[str, ...]
    base_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedRecord:
    """One sample as a device signed it.

    Attributes:
        record: The ISO record.
        modality: What it is of.
        name: ``bioSubType`` that the device gave it.
        quality: Score of the device, 0 to 100; None where it gave none.
        link: Its place in the hash chain.
    """

    record: bytes
    modality: Modality
    name: str
    quality: int | None
    link: str

    def __repr__(self) -> str:
        return f"CapturedRecord({self.modality.value}, {self.name or 'no name'}, {len(self.record)} bytes)"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleError:
    """What a device says in the place of a sample.

    Attributes:
        code: Its number.
        words: Its words, cut short.
    """

    code: int
    words: str


def read_devices(body: bytes, anchors: TrustAnchors, *, now: datetime) -> tuple[ServedDevice, ...]:
    """Signed information on every device of a service.

    Raises:
        ProtocolError: The answer is none, or not signed by anybody who is believed.
    """
    entries = objects_of(json_value(body, "answer"), "answer")
    if len(entries) > MOST_DEVICES:
        raise ProtocolError(f"a service has at most {MOST_DEVICES} devices, this one names {len(entries)}")
    found: list[ServedDevice] = []
    refused: list[SampleError] = []
    for entry in entries:
        code, words = error_of(entry)
        if code:
            refused.append(SampleError(code=code, words=words))
        else:
            found.append(_device(anchors.verified(text_of(entry, "deviceInfo"), now=now), anchors, now))
    if not found and refused:
        raise ProtocolError(f"the service shows no device: {refused[0].words}", vendor_code=refused[0].code)
    return tuple(found)


def read_samples(
    body: bytes, anchors: TrustAnchors, *, device: ServedDevice, transaction: str, now: datetime
) -> tuple[tuple[CapturedRecord, ...], SampleError | None]:
    """Samples of a capture, each checked, and the first error that stands in the place of one.

    Raises:
        ProtocolError: The answer is none, a signature does not hold, or a sample is of another device,
            capture or time than this one.
    """
    answer = json_object(body, "answer")
    entries = objects_of(answer.get("biometrics") or [], "list of samples")
    if len(entries) > MOST_SAMPLES:
        raise ProtocolError(f"a capture has at most {MOST_SAMPLES} samples, this one has {len(entries)}")
    code, words = error_of(answer)
    error = SampleError(code=code, words=words) if code else None
    records: list[CapturedRecord] = []
    for entry in entries:
        code, words = error_of(entry)
        if code:
            error = error or SampleError(code=code, words=words)
            continue
        data = anchors.verified(text_of(entry, "data"), now=now)
        _require_same(data, device, transaction, now)
        records.append(_record(data, text_of(entry, "hash")))
    return tuple(records), error


def capture_request(
    device: ServedDevice, *, transaction: str, timeout_ms: int, now: datetime, sub_id: str,
    names: Sequence[str], missing: Sequence[str], count: int, score: int, previous: str,
) -> dict[str, object]:  # fmt: skip
    """What is asked for, in the words of the interface."""
    wanted = {
        "type": TYPE_NAMES[device.digital_id.modality],
        "count": str(count),
        "bioSubType": list(names),
        "exception": list(missing),
        "requestedScore": str(score),
        "deviceId": device.device_id,
        "deviceSubId": sub_id,
        "previousHash": previous,
    }
    version = device.spec_versions[0] if device.spec_versions else SPEC_VERSION
    return {
        "env": device.environment,
        "purpose": REGISTRATION,
        "specVersion": version,
        "timeout": str(timeout_ms),
        "captureTime": stamp(now),
        "transactionId": transaction,
        "bio": [wanted],
        "customOpts": None,
    }


def stamp(moment: datetime) -> str:
    """A moment as the interface writes it: ISO 8601, to the second."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def read_digital_id(fields: Fields) -> DigitalId:
    """Identity of a device.

    Raises:
        ProtocolError: A field that is needed is missing.
    """
    kind = text_of(fields, "type").strip().lower()
    serial = text_of(fields, "serialNo").strip()
    if kind not in TYPES or not serial:
        raise ProtocolError("a digital id names serialNo, and type Finger, Face or Iris")
    sub_type = text_of(fields, "deviceSubType") or text_of(fields, "subType")
    return DigitalId(
        serial_number=serial,
        maker=text_of(fields, "make"),
        model=text_of(fields, "model"),
        modality=TYPES[kind],
        sub_type="slap" if sub_type.strip().lower() == "slab" else sub_type.strip().lower(),
    )


def _device(info: Fields, anchors: TrustAnchors, now: datetime) -> ServedDevice:
    digital_id = anchors.verified(text_of(info, "digitalId"), now=now)
    return ServedDevice(
        digital_id=read_digital_id(digital_id),
        device_id=text_of(info, "deviceId"),
        code=text_of(info, "deviceCode"),
        sub_ids=texts_of(info, "deviceSubId"),
        status=text_of(info, "deviceStatus").strip().lower(),
        certification=text_of(info, "certification").strip().upper(),
        environment=text_of(info, "env"),
        firmware=text_of(info, "firmware"),
        spec_versions=texts_of(info, "specVersion"),
        base_url=text_of(info, "callbackId"),
    )


def _require_same(data: Fields, device: ServedDevice, transaction: str, now: datetime) -> None:
    """A sample that was signed for something else is none of this capture's."""
    if text_of(data, "transactionId") != transaction:
        raise ProtocolError("a sample carries the transaction id of another capture")
    if text_of(data, "purpose").lower() != REGISTRATION.lower():
        raise ProtocolError("a sample was captured for another purpose than registration")
    if device.code and text_of(data, "deviceCode") not in {device.code, device.digital_id.serial_number}:
        raise ProtocolError("a sample carries the code of another device")
    try:
        taken = datetime.fromisoformat(text_of(data, "timestamp"))
    except ValueError as error:
        raise ProtocolError("a sample names no time") from error
    if taken.tzinfo is None or abs(taken - now) > CLOCKS_APART:
        raise ProtocolError("a sample was taken at another time; are both clocks right?")


def _record(data: Fields, link: str) -> CapturedRecord:
    kind = text_of(data, "bioType").strip().lower()
    if kind not in TYPES:
        raise ProtocolError("a sample is of Finger, Face or Iris")
    try:
        record = base64url.decode(text_of(data, "bioValue"))
    except FormatError as error:
        raise ProtocolError("a sample's record is no base64") from error
    quality = whole_of(data, "qualityScore")
    return CapturedRecord(
        record=record,
        modality=TYPES[kind],
        name=" ".join(texts_of(data, "bioSubType")),
        quality=quality if quality is not None and 0 <= quality <= 100 else None,
        link=link.upper(),
    )
