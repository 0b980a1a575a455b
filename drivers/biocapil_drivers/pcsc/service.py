"""`CardService`: the few calls that a reader needs of the PC/SC service, or of one made of software.

All calls block, and none can be taken back: `CallThread` gives them deadlines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderState:
    """How a reader is.

    Attributes:
        present: Whether a card lies in it.
        mute: Whether that card does not answer.
        token: What the service knows this state by; another value means that something happened.
    """

    present: bool
    mute: bool
    token: int


class CardHandle(Protocol):
    """Hold of one card."""

    @property
    def answer_to_reset(self) -> bytes:
        """What the card answered to its reset."""
        ...

    def transmit(self, command: bytes) -> bytes:
        """Send a command and wait for the answer.

        Raises:
            CardRemoved: The card was taken away.
            DeviceLost: The reader or the service has gone.
            ProtocolError: The card does not answer as cards do.
        """
        ...

    def disconnect(self) -> None:
        """Let go of the card and reset it; never raises."""
        ...


class CardService(Protocol):
    """One connection to a service that knows readers."""

    def readers(self) -> Sequence[str]:
        """Names of the readers; none where there are none.

        Raises:
            DeviceLost: The service has gone.
        """
        ...

    def state(self, reader: str, known: ReaderState | None, wait_s: float) -> ReaderState:
        """How a reader is; waits a while for another state than the known one.

        Raises:
            DeviceLost: The reader or the service has gone.
        """
        ...

    def connect(self, reader: str) -> CardHandle | None:
        """Take hold of the card for this program alone; None where there is none any more.

        Raises:
            DeviceBusy: Another program holds it.
            DeviceLost: The reader or the service has gone.
            ProtocolError: The card does not answer.
        """
        ...

    def close(self) -> None:
        """Let go of the service; never raises."""
        ...
