"""What a client asks a service for: its request, checked field by field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from biocapil.capture import DeviceInfo, Presentation
from biocapil.errors import ProtocolError
from biocapil.sessions import CaptureStep
from biocapil.vocabulary import Hand, Instance, Modality
from biocapil_drivers.sbi.json_fields import Fields, objects_of, text_of, texts_of, whole_of
from biocapil_drivers.sbi.words import (
    BAD_TRANSACTION,
    BOTH_SUB_ID,
    FAULT,
    LEFT_SUB_ID,
    NO_DEVICE,
    REGISTRATION,
    WRONG_COUNT,
    position_named,
)

TRANSACTION = re.compile(r"[A-Za-z0-9-]{4,50}")
MOST_MS = 300_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One RCAPTURE.

    Attributes:
        step: What is to be shown.
        timeout_s: How long it may take.
        score: Quality from which a sample is taken at once.
        transaction: Name of the capture.
        previous: Link that the first sample follows.
        environment: Environment that the client says it is in.
        device_id: Which device.
    """

    step: CaptureStep
    timeout_s: float
    score: int
    transaction: str
    previous: str
    environment: str
    device_id: str


def read_capture_request(body: Fields, info: DeviceInfo) -> Asked:
    """Read a request for a device.

    Raises:
        ProtocolError: It asks for something that is not to be had; `vendor_code` is the interface's.
    """
    transaction = text_of(body, "transactionId")
    if not TRANSACTION.fullmatch(transaction):
        raise ProtocolError("transactionId: 4 to 50 letters, digits and hyphens", vendor_code=BAD_TRANSACTION)
    if text_of(body, "purpose").lower() != REGISTRATION.lower():
        raise ProtocolError("purpose: only Registration is served", vendor_code=FAULT)
    timeout_ms = whole_of(body, "timeout")
    if timeout_ms is None or not 0 < timeout_ms <= MOST_MS:
        raise ProtocolError(f"timeout: 1 to {MOST_MS} milliseconds", vendor_code=FAULT)
    bios = objects_of(body.get("bio") or [], "bio")
    if len(bios) != 1:
        raise ProtocolError("bio: one entry", vendor_code=WRONG_COUNT)
    (bio,) = bios
    score = whole_of(bio, "requestedScore") or 0
    return Asked(
        step=_step(bio, info),
        timeout_s=timeout_ms / 1000,
        score=max(0, min(100, score)),
        transaction=transaction,
        previous=text_of(bio, "previousHash"),
        environment=text_of(body, "env"),
        device_id=text_of(bio, "deviceId"),
    )


def _step(bio: Fields, info: DeviceInfo) -> CaptureStep:
    capability = info.capability
    if capability is None:
        raise ProtocolError("there is no such device", vendor_code=NO_DEVICE)
    modality, sub_id = capability.modality, text_of(bio, "deviceSubId")
    if modality is Modality.FACE:
        return CaptureStep(presentation=Presentation.FACE, instances=(Instance(modality=modality),))
    names = [position_named(name, modality) for name in texts_of(bio, "bioSubType")]
    gone = [position_named(name, modality) for name in texts_of(bio, "exception")]
    missing = _instances(modality, [each for each in gone if each])
    there = [each for each in names if each and each not in gone]
    if modality is Modality.IRIS:
        instances = _instances(modality, there) or (Instance(modality=modality),)
        both = Presentation.TWO_IRISES if len(instances) > 1 else Presentation.ONE_IRIS
        return CaptureStep(presentation=both, instances=instances, missing=missing)
    if Presentation.FOUR_FINGERS not in capability.presentations:
        instances = _instances(modality, there[:1]) or (Instance(modality=modality),)
        return CaptureStep(presentation=Presentation.ONE_FINGER, instances=instances)
    return _slap(sub_id, there, missing)


def _slap(sub_id: str, there: Sequence[int], missing: tuple[Instance, ...]) -> CaptureStep:
    gone = {each.position for each in missing}
    if sub_id == BOTH_SUB_ID:
        fingers = there or [each for each in (6, 1) if each not in gone]
        return CaptureStep(
            presentation=Presentation.TWO_THUMBS,
            instances=_instances(Modality.FINGER, fingers),
            missing=missing,
        )
    hand = Hand.LEFT if sub_id == LEFT_SUB_ID else Hand.RIGHT
    fingers = there or [int(each) for each in hand.fingers if each not in gone]
    if not fingers or not set(fingers) <= set(hand.fingers):
        raise ProtocolError("bioSubType: fingers of the hand that deviceSubId names", vendor_code=WRONG_COUNT)
    return CaptureStep(
        presentation=Presentation.FOUR_FINGERS,
        instances=_instances(Modality.FINGER, fingers),
        missing=missing,
        hand=hand,
    )


def _instances(modality: Modality, positions: Sequence[int]) -> tuple[Instance, ...]:
    return tuple(Instance(modality=modality, position=each) for each in positions)
