"""`KtpApplication`: the public picture of a KTP-el; everything else through a `SamProvider`.

    select 7F0A ─► select 6FF2 ─► two bytes of length ─► JPEG in blocks of 112 bytes

Number and type of the chip are no identity and are not read: cards of both ISO 14443 types are said to be in
use, and one of type B may answer with another number each time.
"""

from __future__ import annotations

from collections.abc import Callable

from biocapil.capture import Deadline
from biocapil.capture.cards import (
    Authenticity,
    Card,
    CardApplicationInfo,
    CardContents,
    CardField,
    CardRead,
    CardReason,
    CardRefusal,
    CardRequest,
    VirtualCard,
)
from biocapil.errors import CardRemoved, ProtocolError
from biocapil.formats import decode_sample
from biocapil.sample import CapturedSample, Origin
from biocapil.vocabulary import Modality
from biocapil_drivers.iso7816 import Command, PlainChannel, Status, read_binary
from biocapil_drivers.ktp.sam import SamProvider, find_sam_provider

NAME = "ktp"
SELECT = 0xA4
FOLDER, PICTURE = b"\x7f\x0a", b"\x6f\xf2"
BLOCK, HEAD, LENGTH_BYTES = 0x70, 8, 2


class KtpApplication:
    """Reads the picture that any reader may read, and personal data where a SAM provider is installed."""

    info = CardApplicationInfo(
        name=NAME,
        title="Indonesian identity cards (KTP-el): the public picture; personal data only with a SAM",
        proven_against=("our own emulator with invented data", "never tried on a real card"),
    )

    def __init__(self, find_sam: Callable[[], SamProvider | None] = find_sam_provider) -> None:
        """Make the application.

        Args:
            find_sam: Finds the SAM provider; called when personal data are asked for.
        """
        self._find_sam = find_sam

    def read(self, card: Card, request: CardRequest, deadline: Deadline) -> CardRead:
        """Read a card."""
        if request.secrets:
            raise ValueError(f"a KTP-el is opened by no secret, got {', '.join(sorted(request.secrets))}")
        try:
            return self._read(card, request, deadline)
        except CardRemoved:
            return CardRefusal(reason=CardReason.TAKEN_AWAY)

    def emulated_card(self, holder: int = 0) -> VirtualCard:
        """A card of nobody; its picture, all that it shows, is the same for every holder."""
        del holder
        from biocapil_drivers.ktp.emulator import invented_card  # noqa: PLC0415 - draws a picture

        return invented_card()

    def _read(self, card: Card, request: CardRequest, deadline: Deadline) -> CardRead:
        channel = PlainChannel(card)
        if channel.send(Command(ins=SELECT, data=FOLDER), deadline).status != Status.OK:
            return CardRefusal(reason=CardReason.OTHER_CARD)
        fields: tuple[CardField, ...] = ()
        portrait = _portrait(channel, deadline) if request.portrait else None
        if request.personal:
            sam = self._find_sam()
            found = CardRefusal(reason=CardReason.NOT_ALLOWED) if sam is None else sam.read(card, deadline)
            if isinstance(found, CardRefusal):
                return found
            fields = found
        return CardContents(
            application=NAME,
            fields=fields,
            portrait=portrait,
            authenticity=Authenticity.NOT_CHECKED,
            problem="the public picture is not signed for readers without a SAM",
        )


def _portrait(channel: PlainChannel, deadline: Deadline) -> CapturedSample:
    answer = channel.send(Command(ins=SELECT, data=PICTURE), deadline)
    if answer.status != Status.OK:
        raise ProtocolError("the card does not open its picture", vendor_code=answer.status)
    answer = read_binary(channel, 0, HEAD, deadline)
    if answer.status != Status.OK or len(answer.data) < HEAD:
        raise ProtocolError("the card does not show its picture", vendor_code=answer.status)
    data = bytearray(answer.data)
    total = int.from_bytes(data[:LENGTH_BYTES], "big") + LENGTH_BYTES
    while len(data) < total:
        part = read_binary(channel, len(data), min(BLOCK, total - len(data)), deadline)
        if part.status not in {Status.OK, Status.END_OF_FILE} or not part.data:
            raise ProtocolError(
                f"the picture ends after {len(data)} of {total} bytes", vendor_code=part.status
            )
        data += part.data
    return decode_sample(
        bytes(data[LENGTH_BYTES:total]),
        modality=Modality.FACE,
        origin=Origin.DEVICE,
        name="the picture of the card",
    )


APPLICATION = KtpApplication()
