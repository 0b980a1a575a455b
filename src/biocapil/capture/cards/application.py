"""`CardApplication`: knows what lies on one kind of card, and how to ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from biocapil.capture.cards.contents import CardRead
from biocapil.capture.cards.reader import Card
from biocapil.capture.clock import Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class CardApplicationInfo:
    """What an application says about itself.

    Attributes:
        name: Its name; the same as that of its entry point.
        title: Which cards it reads, for people.
        proven_against: What it was tried with, said plainly.
        secrets: Names of what it needs to open a card, for example ``mrz``.
        has_portrait: Whether its cards hold a picture of the holder.
    """

    name: str
    title: str
    proven_against: tuple[str, ...]
    secrets: tuple[str, ...] = ()
    has_portrait: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRequest:
    """What is wanted of a card; nothing personal unless it is named.

    Attributes:
        personal: Whether personal data are wanted.
        portrait: Whether the picture of the holder is wanted.
        secrets: What opens the card, by name; not part of `repr`.
        authorities: Certificates, DER, of those who may vouch for the signer of the data.
        now: Moment at which certificates must be valid, with its time zone; needed with authorities.
    """

    personal: bool = False
    portrait: bool = False
    secrets: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    authorities: tuple[bytes, ...] = field(default=(), repr=False)
    now: datetime | None = None

    def __post_init__(self) -> None:
        if self.authorities and (self.now is None or self.now.tzinfo is None):
            raise ValueError("authorities need the moment, with its time zone, at which they must be valid")


class VirtualCard(Protocol):
    """A card made of software: what emulators put into virtual readers."""

    @property
    def answer_to_reset(self) -> bytes:
        """What it answers to a reset."""
        ...

    def power_up(self) -> None:
        """Forget all that was agreed with a reader."""
        ...

    def answer(self, command: bytes) -> bytes:
        """Answer one command APDU, whatever its bytes: data and status."""
        ...


class CardApplication(Protocol):
    """Registered by entry point of group ``biocapil.cards``."""

    @property
    def info(self) -> CardApplicationInfo:
        """What it is."""
        ...

    def read(self, card: Card, request: CardRequest, deadline: Deadline) -> CardRead:
        """Read a card.

        Args:
            card: The card.
            request: What is wanted.
            deadline: When all of it must be there.

        Returns:
            What it holds, or why it was not read.

        Raises:
            DeviceError: As `Card.transmit`; a card that was taken away is returned, not raised.
            FormatError: The card holds data that do not follow their format.
            MissingPart: A package that the application needs is not installed.
            ValueError: The request names a secret that the application does not know, or one of another form.
        """
        ...

    def emulated_card(self, holder: int = 0) -> VirtualCard:
        """A card with invented data.

        Args:
            holder: Number of its holder, from 0; what identifies the holder on the card follows from it.
        """
        ...
