"""`CaptureStep` and the plans: what is asked of a person, one presentation after the other."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from biocapil.capture import Presentation
from biocapil.vocabulary import EyePosition, FingerPosition, Hand, Instance, Modality

FINGERS = tuple(position for position in FingerPosition if position)
THUMBS = (FingerPosition.LEFT_THUMB, FingerPosition.RIGHT_THUMB)
"""As they lie side by side, from left to right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureStep:
    """One presentation.

    Attributes:
        presentation: What the person shows.
        instances: Fingers or eyes that are to be shown, the missing ones left out.
        missing: Fingers of this presentation, or eyes, that are not there and are not asked for.
        hand: Whose four fingers; None for anything but a slap of four.
    """

    presentation: Presentation
    instances: tuple[Instance, ...]
    missing: tuple[Instance, ...] = ()
    hand: Hand | None = None

    def __post_init__(self) -> None:
        if not self.instances:
            raise ValueError("a step asks for at least one finger, eye or face, got none")
        if (self.hand is not None) != (self.presentation is Presentation.FOUR_FINGERS):
            raise ValueError(f"a hand goes with four fingers, not with {self.presentation.value}")

    @property
    def name(self) -> str:
        """``right_four_fingers``, ``two_thumbs``, ``left_index``, ``face``, ``two_irises``."""
        if self.hand is not None:
            return f"{self.hand.value}_{self.presentation.value}"
        name: str = self.presentation.value
        if self.presentation in {Presentation.ONE_FINGER, Presentation.ONE_IRIS}:
            name = self.instances[0].name
        return name


def plan_slaps(*, missing: Collection[FingerPosition] = ()) -> tuple[CaptureStep, ...]:
    """Right four, left four, two thumbs: the order of ten-print registration (4-4-2).

    Args:
        missing: Fingers that the person does not have or cannot lay down; a step without any is left out.
    """
    hands = [(Presentation.FOUR_FINGERS, hand.fingers, hand) for hand in (Hand.RIGHT, Hand.LEFT)]
    steps: list[CaptureStep] = []
    for presentation, fingers, hand in (*hands, (Presentation.TWO_THUMBS, THUMBS, None)):
        there = _instances(finger for finger in fingers if finger not in missing)
        gone = _instances(finger for finger in fingers if finger in missing)
        if there:
            steps.append(CaptureStep(presentation=presentation, instances=there, missing=gone, hand=hand))
    return tuple(steps)


def plan_single_fingers(
    fingers: Iterable[FingerPosition] = FINGERS, *, missing: Collection[FingerPosition] = ()
) -> tuple[CaptureStep, ...]:
    """One finger after the other, for scanners that take no more."""
    return tuple(
        CaptureStep(presentation=Presentation.ONE_FINGER, instances=_instances([finger]))
        for finger in fingers
        if finger not in missing
    )


def plan_face() -> tuple[CaptureStep, ...]:
    """The face."""
    return (CaptureStep(presentation=Presentation.FACE, instances=(Instance(modality=Modality.FACE),)),)


def plan_irises(*, missing: Collection[EyePosition] = ()) -> tuple[CaptureStep, ...]:
    """Both irises at once, or the one that is there.

    Args:
        missing: Eyes that the person does not have or cannot open.
    """
    eyes = {
        eye: Instance(modality=Modality.IRIS, position=eye) for eye in (EyePosition.RIGHT, EyePosition.LEFT)
    }
    there = tuple(eyes[eye] for eye in eyes if eye not in missing)
    gone = tuple(eyes[eye] for eye in eyes if eye in missing)
    if not there:
        return ()
    presentation = Presentation.TWO_IRISES if len(there) == len(eyes) else Presentation.ONE_IRIS
    return (CaptureStep(presentation=presentation, instances=there, missing=gone),)


def _instances(fingers: Iterable[FingerPosition]) -> tuple[Instance, ...]:
    return tuple(Instance(modality=Modality.FINGER, position=finger) for finger in fingers)
