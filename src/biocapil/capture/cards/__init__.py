"""The seam to cards: readers, the card in one, and applications that read what a card holds.

    address ─► CardReader ─► connect ─► Card ─► CardApplication.read ─► CardContents | CardRefusal

A reader is a `Peripheral`: found, opened and supervised as every other. What a card holds is read by an
application of the entry point group ``biocapil.cards``; it knows the card's commands, not its reader.
"""

from biocapil.capture.cards.application import CardApplication, CardApplicationInfo, CardRequest, VirtualCard
from biocapil.capture.cards.contents import (
    Authenticity,
    CardContents,
    CardField,
    CardRead,
    CardReason,
    CardRefusal,
    card_sentence,
)
from biocapil.capture.cards.finding import (
    ListedApplication,
    find_card_application,
    list_card_applications,
    open_card_reader,
)
from biocapil.capture.cards.reader import Card, CardReader

__all__ = [
    "Authenticity",
    "Card",
    "CardApplication",
    "CardApplicationInfo",
    "CardContents",
    "CardField",
    "CardRead",
    "CardReader",
    "CardReason",
    "CardRefusal",
    "CardRequest",
    "ListedApplication",
    "VirtualCard",
    "card_sentence",
    "find_card_application",
    "list_card_applications",
    "open_card_reader",
]
