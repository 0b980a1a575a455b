"""`EmrtdApplication`: passports and identity cards of ICAO Doc 9303, opened with what is printed on them."""

from __future__ import annotations

from biocapil.capture import Deadline
from biocapil.capture.cards import (
    Card,
    CardApplicationInfo,
    CardRead,
    CardReason,
    CardRefusal,
    CardRequest,
    VirtualCard,
)
from biocapil.errors import CardRemoved, MissingPart
from biocapil_drivers.emrtd.mrz import AccessKey

NAME = "emrtd"
SECRET = "mrz"  # noqa: S105 - the name of a secret, not one


class EmrtdApplication:
    """Reads data groups 1 and 2 behind Basic Access Control, and checks who signed them."""

    info = CardApplicationInfo(
        name=NAME,
        title="Passports and identity cards with a chip (ICAO Doc 9303, Basic Access Control)",
        proven_against=(
            "ICAO's worked examples",
            "our own emulator, also over pcscd with its virtual reader",
        ),
        secrets=(SECRET,),
    )

    def read(self, card: Card, request: CardRequest, deadline: Deadline) -> CardRead:
        """Read a document."""
        if strangers := sorted(set(request.secrets) - {SECRET}):
            raise ValueError(f"a travel document is opened by {SECRET}, not by {', '.join(strangers)}")
        text = request.secrets.get(SECRET)
        if text is None:
            return CardRefusal(reason=CardReason.KEY_NEEDED)
        key = AccessKey.parse(text)
        try:
            from biocapil_drivers.emrtd.reading import read_document  # noqa: PLC0415 - needs cryptography
        except ModuleNotFoundError as error:
            raise MissingPart("cryptography", extra="cards", purpose="reading travel documents") from error
        try:
            return read_document(card, key, request, deadline)
        except CardRemoved:
            return CardRefusal(reason=CardReason.TAKEN_AWAY)

    def emulated_card(self, holder: int = 0) -> VirtualCard:
        """A document of nobody; its number is that of the holder."""
        from biocapil_drivers.emrtd.emulator import EmulatedDocument  # noqa: PLC0415 - needs cryptography
        from biocapil_drivers.emrtd.invented import invented_document  # noqa: PLC0415 - the same

        return EmulatedDocument(invented_document(holder=holder))


APPLICATION = EmrtdApplication()
