"""What comes from a card: `CardContents`, or a `CardRefusal` with a reason that a person can mend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from biocapil.sample import CapturedSample
from biocapil.vocabulary import Language


class Authenticity(Enum):
    """What is known about who wrote the data of a card."""

    NOT_CHECKED = "not_checked"
    """Nobody asked, or the card carries no signature."""
    VERIFIED = "verified"
    """What was read is what a given authority signed."""
    DATA_CHANGED = "data_changed"
    """Data differ from those that were signed."""
    SIGNATURE_WRONG = "signature_wrong"
    """The signature does not fit."""
    SIGNER_UNKNOWN = "signer_unknown"
    """Signed, but by nobody that a given authority vouches for."""
    SIGNER_OUT_OF_DATE = "signer_out_of_date"
    """The signer's certificate, or that of its authority, is not valid at that time."""
    NOT_SUPPORTED = "not_supported"
    """Signed in a way that this reader does not know."""


class CardReason(Enum):
    """Why a card was not read."""

    NO_CARD = "no_card"
    TAKEN_AWAY = "taken_away"
    OTHER_CARD = "other_card"
    KEY_NEEDED = "key_needed"
    WRONG_KEY = "wrong_key"
    NOT_ALLOWED = "not_allowed"


def card_sentence(reason: CardReason, language: Language = Language.ENGLISH) -> str:
    """What to say to the person.

    Args:
        reason: Why the card was not read.
        language: Language of the sentence.
    """
    english, indonesian = CARD_SENTENCES[reason]
    return english if language is Language.ENGLISH else indonesian


CARD_SENTENCES: Mapping[CardReason, tuple[str, str]] = MappingProxyType(
    {
        CardReason.NO_CARD: (
            "There is no card on the reader. Please present the card.",
            "Belum ada kartu pada alat pembaca. Silakan tempelkan kartu.",
        ),
        CardReason.TAKEN_AWAY: (
            "The card was taken away too soon. Please present it again and leave it there.",
            "Kartu terlalu cepat diangkat. Silakan tempelkan kembali dan biarkan di tempatnya.",
        ),
        CardReason.OTHER_CARD: (
            "This is another kind of card. Please present the one that is asked for.",
            "Jenis kartu ini berbeda. Silakan tempelkan kartu yang diminta.",
        ),
        CardReason.KEY_NEEDED: (
            "The card opens only with the lines that are printed on it. Please scan or type them first.",
            "Kartu hanya dapat dibuka dengan baris yang tercetak di atasnya. Silakan pindai dahulu.",
        ),
        CardReason.WRONG_KEY: (
            "The card does not open with these lines. Please check them against the document.",
            "Kartu tidak terbuka dengan baris tersebut. Silakan periksa kembali pada dokumen.",
        ),
        CardReason.NOT_ALLOWED: (
            "The card does not show this to this reader.",
            "Kartu tidak memperlihatkan data ini kepada alat pembaca ini.",
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardField:
    """One personal datum.

    Attributes:
        name: What it is, for example ``surname``.
        value: The datum; not part of `repr`.
    """

    name: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CardContents:
    """What an application read from a card.

    Attributes:
        application: Name of the application.
        fields: Personal data; empty unless they were asked for.
        portrait: Picture of the holder; None where the card has none or it was not asked for.
        authenticity: What is known about who wrote the data.
        problem: Why `authenticity` is what it is, without personal data; empty where nothing is wrong.
    """

    application: str
    fields: tuple[CardField, ...] = ()
    portrait: CapturedSample | None = None
    authenticity: Authenticity = Authenticity.NOT_CHECKED
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRefusal:
    """The card was not read, and a person can do something about it.

    Attributes:
        reason: Why.
    """

    reason: CardReason


CardRead = CardContents | CardRefusal
