"""`ThaiIdApplication`: text and picture of a Thai national identity card, at fixed places of one memory.

    80 B0 [offset, 2 bytes] 02 00 [count] ─► 61 [count] ─► GET RESPONSE ─► the bytes

Text is TIS-620, padded with spaces; parts of a name stand between number signs; years are Buddhist, 543 above
those of the common era, and stay as the card has them.
"""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.capture import Deadline
from biocapil.capture.cards import (
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
from biocapil.errors import CardRemoved, FormatError, ProtocolError
from biocapil.formats import decode_sample
from biocapil.sample import CapturedSample, Origin
from biocapil.vocabulary import Modality
from biocapil_drivers.iso7816 import Command, PlainChannel, Status, select_application

NAME = "thai_id"
APPLICATION_NAME = bytes.fromhex("a000000054480001")
READ_CLASS, READ = 0x80, 0xB0
PICTURE_PLACE, PICTURE_BYTES, BLOCK = 0x017B, 5_100, 255
JPEG_END = b"\xff\xd9"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a datum lies.

    Attributes:
        name: Name of the field.
        offset: First byte.
        count: Bytes.
    """

    name: str
    offset: int
    count: int


PLACES = (
    Place("person_number", 0x0004, 13),
    Place("name_thai", 0x0011, 100),
    Place("name_english", 0x0075, 100),
    Place("birth", 0x00D9, 8),
    Place("sex", 0x00E1, 1),
    Place("issuer", 0x00F6, 100),
    Place("issued", 0x0167, 8),
    Place("expiry", 0x016F, 8),
    Place("address", 0x1579, 100),
)
SEXES = {"1": "M", "2": "F"}


class ThaiIdApplication:
    """Reads a card that shows all to everybody; who wrote it cannot be checked."""

    info = CardApplicationInfo(
        name=NAME,
        title="Thai national identity cards",
        proven_against=("our own emulator with invented data", "never tried on a real card"),
    )

    def read(self, card: Card, request: CardRequest, deadline: Deadline) -> CardRead:
        """Read a card."""
        if request.secrets:
            raise ValueError(f"a Thai card is opened by no secret, got {', '.join(sorted(request.secrets))}")
        channel = PlainChannel(card)
        try:
            if select_application(channel, APPLICATION_NAME, deadline).status != Status.OK:
                return CardRefusal(reason=CardReason.OTHER_CARD)
            return CardContents(
                application=NAME,
                fields=_fields(channel, deadline) if request.personal else (),
                portrait=_portrait(channel, deadline) if request.portrait else None,
                problem="what the card shows is not signed",
            )
        except CardRemoved:
            return CardRefusal(reason=CardReason.TAKEN_AWAY)

    def emulated_card(self, holder: int = 0) -> VirtualCard:
        """A card of nobody; its number is that of the holder."""
        from biocapil_drivers.thai_id.emulator import InventedThaiCard  # noqa: PLC0415 - draws a picture

        return InventedThaiCard(holder)


def _fields(channel: PlainChannel, deadline: Deadline) -> tuple[CardField, ...]:
    found: list[CardField] = []
    for place in PLACES:
        data = _memory(channel, place.offset, place.count, deadline)
        try:
            text = " ".join(data.decode("tis_620").replace("\0", " ").replace("#", " ").split())
        except UnicodeDecodeError:
            # the error of Python would show the bytes
            raise FormatError("bytes that are no TIS-620", record="Thai card", field=place.name) from None
        if text:
            found.append(
                CardField(name=place.name, value=SEXES.get(text, text) if place.name == "sex" else text)
            )
    return tuple(found)


def _portrait(channel: PlainChannel, deadline: Deadline) -> CapturedSample:
    parts = [
        _memory(channel, PICTURE_PLACE + start, BLOCK, deadline) for start in range(0, PICTURE_BYTES, BLOCK)
    ]
    picture, end, _ = b"".join(parts).rpartition(JPEG_END)
    return decode_sample(
        picture + end, modality=Modality.FACE, origin=Origin.DEVICE, name="the picture of the card"
    )


def _memory(channel: PlainChannel, offset: int, count: int, deadline: Deadline) -> bytes:
    command = Command(
        cla=READ_CLASS,
        ins=READ,
        p1=offset >> 8,
        p2=offset & 0xFF,
        data=bytes((0, count)),
    )
    answer = channel.send(command, deadline, private=True)
    if answer.status != Status.OK or len(answer.data) != count:
        raise ProtocolError(
            f"the card gives {len(answer.data)} of {count} bytes at {offset:#06x}", vendor_code=answer.status
        )
    return answer.data


APPLICATION = ThaiIdApplication()
