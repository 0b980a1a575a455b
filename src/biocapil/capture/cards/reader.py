"""`CardReader` and `Card`: a reader is looked after as every peripheral; a card comes and goes."""

from __future__ import annotations

from typing import Protocol

from biocapil.capture.cancel import CancelToken
from biocapil.capture.clock import Deadline
from biocapil.capture.device import Peripheral


class Card(Protocol):
    """One card while it lies in its reader; nobody else speaks to it meanwhile.

    What a card says of itself is no identity: contactless cards may answer with another number each time.
    """

    @property
    def answer_to_reset(self) -> bytes:
        """What it answered to the reset; of a contactless card, what its reader made up for it."""
        ...

    def transmit(self, command: bytes, deadline: Deadline, *, private: bool = False) -> bytes:
        """Send one command APDU.

        Args:
            command: Its bytes, ISO/IEC 7816-4 clause 5.
            deadline: When the answer must be there.
            private: Whether command or answer may hold personal data or keys; traces leave both out.

        Returns:
            Answer with its status: at least two bytes.

        Raises:
            CardRemoved: The card was taken away.
            DeviceLost: The reader has gone.
            DeviceTimeout: No answer in time; the card is not to be used any more.
            ProtocolError: The card is there, but does not answer as cards do.
        """
        ...

    def close(self) -> None:
        """Let go of the card; never raises, and a second time does nothing."""
        ...


class CardReader(Peripheral, Protocol):
    """A reader of cards; its `info.capability` is None, for it captures nothing of a person."""

    def card_present(self, deadline: Deadline) -> bool:
        """Whether a card lies in the reader now.

        Raises:
            DeviceLost: The reader has gone.
            DeviceError: It is there, but does not work.
        """
        ...

    def connect(self, cancel: CancelToken, deadline: Deadline) -> Card | None:
        """Wait for a card and take hold of it; one that was held before is let go.

        Args:
            cancel: Ends the wait within 300 ms.
            deadline: Ends the wait.

        Returns:
            The card; None where none came, or whoever waited took it back.

        Raises:
            DeviceBusy: Another program holds the card.
            DeviceLost: The reader has gone.
            ProtocolError: The card does not answer as cards do.
        """
        ...
