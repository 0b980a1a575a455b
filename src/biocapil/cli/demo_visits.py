"""Who comes to the kiosk of ``biocapil demo --kiosk``, and what its emulated devices capture of them.

scanner, camera, card ─► samples
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import typer

from biocapil.capture import CancelToken, Deadline, Judge, Opening, SystemClock, open_device
from biocapil.capture.cards import (
    CardContents,
    CardReason,
    CardRefusal,
    CardRequest,
    card_sentence,
    find_card_application,
    open_card_reader,
)
from biocapil.cli.capture import end
from biocapil.cli.exit_codes import ExitCode
from biocapil.cli.progress import people_console
from biocapil.sample import CapturedSample
from biocapil.sessions import CaptureSession, CaptureStep, SessionPolicy, plan_irises, plan_slaps
from biocapil.vocabulary import EyePosition

LEAST_QUALITY = 40
KIND, SECRET = "emrtd", "mrz"
CARD_S = 30.0
EYES = (EyePosition.RIGHT, EyePosition.LEFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody before the kiosk.

    Attributes:
        person: Who it is; the kiosk is not told.
        number: Which of their visits, from 0.
        holder: Whose travel document they show.
    """

    person: int
    number: int
    holder: int

    @property
    def scanner(self) -> str:
        """Address of the scanner with the person before it."""
        return f"emulated:scanner?person={self.person}&visit={self.number}"

    @property
    def reader(self) -> str:
        """Address of the card reader with the document in it."""
        return f"emulated:pcsc?card={KIND}&holder={self.holder}"

    @property
    def printed(self) -> str:
        """What is printed on the document and opens it: number, birth, expiry."""
        return f"X{self.holder:08d}/900101/351231"

    def camera(self, eye: EyePosition) -> str:
        """Address of the near-infrared camera with one of the person's eyes before it."""
        seed = self.person * len(EYES) + EYES.index(eye)
        return f"camera+synthetic:eye?modality=iris&size=320x240&seed={seed}&visit={self.number}"


def visits_of(seed: int) -> tuple[Visit, ...]:
    """Somebody, the same person with another document, and somebody else.

    Args:
        seed: Same seed, same people.
    """
    first, second = 2 * seed, 2 * seed + 1
    return (
        Visit(person=first, number=0, holder=0),
        Visit(person=first, number=1, holder=1),
        Visit(person=second, number=0, holder=2),
    )


def capture_fingers(visit: Visit, judge: Judge) -> tuple[CapturedSample, ...]:
    """Four fingers of the right hand, cut from one slap.

    Raises:
        DeviceError: The device failed.
        Exit: The person was not captured.
    """
    return _captured(visit.scanner, plan_slaps()[:1], judge)


def capture_irises(visit: Visit, judge: Judge) -> tuple[CapturedSample, ...]:
    """Both irises, one after the other, as the camera sees one eye.

    Raises:
        DeviceError: The device failed.
        Exit: The person was not captured.
    """
    return tuple(
        sample
        for eye, other in zip(EYES, reversed(EYES), strict=True)
        for sample in _captured(visit.camera(eye), plan_irises(missing=[other]), judge)
    )


def read_document(visit: Visit) -> CardContents:
    """Personal data and picture of the document.

    Raises:
        DeviceError: The reader failed.
        Exit: The document was not read; the person was told why.
    """
    request = CardRequest(personal=True, portrait=True, secrets={SECRET: visit.printed})
    application, clock = find_card_application(KIND), SystemClock()
    deadline = Deadline.after(clock, CARD_S)
    with closing(open_card_reader(visit.reader, Opening(clock=clock))) as reader:
        card = reader.connect(CancelToken(), deadline)
        if card is None:
            raise _refused(CardReason.NO_CARD)
        with closing(card):
            contents = application.read(card, request, deadline)
    if isinstance(contents, CardRefusal):
        raise _refused(contents.reason)
    return contents


def _captured(address: str, steps: Sequence[CaptureStep], judge: Judge) -> tuple[CapturedSample, ...]:
    policy = SessionPolicy(judge=judge, least_quality=LEAST_QUALITY)
    with closing(open_device(address)) as device:
        result = CaptureSession(device, steps, policy=policy).run()
    end(result)
    return result.samples


def _refused(reason: CardReason) -> typer.Exit:
    people_console().print(card_sentence(reason), markup=False)
    return typer.Exit(ExitCode.NO)
