"""What a device of a service can do, and what of a person a request asks for."""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.capture import (
    Capability,
    CaptureRequest,
    Parameter,
    ParameterKind,
    Presentation,
    SecurityLevel,
)
from biocapil.vocabulary import EyePosition, FingerPosition, Hand, Instance, Modality
from biocapil_drivers.sbi.messages import ServedDevice
from biocapil_drivers.sbi.words import ANY_SUB_ID, BOTH_SUB_ID, LEFT_SUB_ID, RIGHT_SUB_ID, UNKNOWN, name_of

LARGEST_PX = {Modality.FINGER: (1600, 1500), Modality.IRIS: (2048, 2048), Modality.FACE: (8192, 8192)}
"""Width and height beyond which no picture is taken for one: the interface states no size."""

FINGER_PPI = 500.0
PARAMETERS = (
    Parameter(
        name="requested_score",
        meaning="Score of the device's own from which it takes a sample at once.",
        kind=ParameterKind.INTEGER,
        default=60,
        least=0,
        most=100,
    ),
    Parameter(
        name="preview",
        meaning="Whether the device's stream is looked at while it captures.",
        kind=ParameterKind.SWITCH,
        default=True,
    ),
)
THUMBS = (FingerPosition.LEFT_THUMB, FingerPosition.RIGHT_THUMB)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a request asks a device for.

    Attributes:
        sub_id: ``deviceSubId``.
        names: ``bioSubType`` of each finger or eye.
        missing: Those that are not there.
        count: How many.
    """

    sub_id: str
    names: tuple[str, ...]
    missing: tuple[str, ...]
    count: int


def capability_of(device: ServedDevice) -> Capability:
    """What a device can do, as far as it says."""
    identity = device.digital_id
    width_px, height_px = LARGEST_PX[identity.modality]
    return Capability(
        modality=identity.modality,
        presentations=_presentations(identity.modality, identity.sub_type),
        width_px=width_px,
        height_px=height_px,
        bit_depth=8,
        resolution_ppi=FINGER_PPI if identity.modality is Modality.FINGER else None,
        certificate=f"MOSIP {device.certification}" if device.certification else "",
        enrollment_grade=True,
        colour=identity.modality is Modality.FACE,
        preview=True,
        auto_capture=True,
        security_level={"L0": SecurityLevel.L0, "L1": SecurityLevel.L1}.get(
            device.certification, SecurityLevel.NONE
        ),
        parameters=PARAMETERS,
    )


def wanted_of(request: CaptureRequest) -> Wanted:
    """What a request asks for, in the words of the interface.

    Raises:
        ValueError: Four fingers are asked for, but not of which hand.
    """
    if request.presentation is Presentation.FOUR_FINGERS:
        return _slap(request.instances)
    if request.presentation is Presentation.TWO_THUMBS:
        there = [each.position for each in request.instances] or list(THUMBS)
        return _fingers(BOTH_SUB_ID, THUMBS, there)
    if request.presentation is Presentation.TWO_IRISES:
        eyes = (EyePosition.LEFT, EyePosition.RIGHT)
        names = tuple(name_of(Instance(modality=Modality.IRIS, position=eye)) for eye in eyes)
        return Wanted(sub_id=BOTH_SUB_ID, names=names, missing=(), count=len(names))
    if request.presentation is Presentation.ONE_IRIS and request.instances:
        (eye, *_) = request.instances
        sub_id = RIGHT_SUB_ID if eye.position == EyePosition.RIGHT else LEFT_SUB_ID
        return Wanted(sub_id=sub_id, names=(name_of(eye),), missing=(), count=1)
    names = tuple(name_of(each) for each in request.instances[:1]) or (UNKNOWN,)
    return Wanted(sub_id=ANY_SUB_ID, names=tuple(name for name in names if name), missing=(), count=1)


def _presentations(modality: Modality, sub_type: str) -> frozenset[Presentation]:
    if modality is Modality.FACE:
        return frozenset({Presentation.FACE})
    if modality is Modality.IRIS:
        both = frozenset({Presentation.ONE_IRIS, Presentation.TWO_IRISES})
        return both if sub_type == "double" else frozenset({Presentation.ONE_IRIS})
    if sub_type == "slap":
        return frozenset({Presentation.FOUR_FINGERS, Presentation.TWO_THUMBS})
    return frozenset({Presentation.ONE_FINGER})


def _slap(instances: tuple[Instance, ...]) -> Wanted:
    there = {each.position for each in instances}
    for hand, sub_id in ((Hand.LEFT, LEFT_SUB_ID), (Hand.RIGHT, RIGHT_SUB_ID)):
        if there and there <= set(hand.fingers):
            return _fingers(sub_id, hand.fingers, sorted(there))
    raise ValueError("four fingers are asked for by their instances: fingers of one hand")


def _fingers(sub_id: str, of: tuple[FingerPosition, ...], there: list[int]) -> Wanted:
    def names(positions: list[int]) -> tuple[str, ...]:
        return tuple(name_of(Instance(modality=Modality.FINGER, position=each)) for each in positions)

    gone = [int(each) for each in of if each not in there]
    return Wanted(sub_id=sub_id, names=names(there), missing=names(gone), count=len(there))
