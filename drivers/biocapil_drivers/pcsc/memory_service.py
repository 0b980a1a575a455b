"""`MemoryService`: a card service of software with readers and cards that a test plugs in and pulls out."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from biocapil.capture.cards import VirtualCard
from biocapil.errors import CardRemoved, DeviceBusy, DeviceLost
from biocapil_drivers.pcsc.service import ReaderState


class MemoryService:
    """Readers in memory; any thread may change what is plugged in. Every reader connects to the same object.

    Attributes:
        running: Cleared while the service is "down": every call then raises `DeviceLost`.
        answering: Cleared while calls hang, as into a service that was stopped.
    """

    def __init__(self, *names: str) -> None:
        """Make a service.

        Args:
            names: Readers that are plugged in.
        """
        self.running = threading.Event()
        self.running.set()
        self.answering = threading.Event()
        self.answering.set()
        self._news = threading.Condition()
        self._cards: dict[str, VirtualCard | None] = dict.fromkeys(names)
        self._turns = 0
        self._held: dict[str, MemoryHandle] = {}

    def plug(self, reader: str) -> None:
        """Plug a reader in."""
        with self._news:
            self._cards.setdefault(reader, None)
            self._changed(reader)

    def unplug(self, reader: str) -> None:
        """Pull a reader out, with the card in it."""
        with self._news:
            self._cards.pop(reader, None)
            self._changed(reader)

    def insert(self, reader: str, card: VirtualCard) -> None:
        """Put a card into a reader."""
        with self._news:
            card.power_up()
            self._cards[reader] = card
            self._changed(reader)

    def remove(self, reader: str) -> None:
        """Take the card out of a reader."""
        with self._news:
            self._cards[reader] = None
            self._changed(reader)

    def readers(self) -> Sequence[str]:
        """Names of the readers."""
        self._require_running()
        with self._news:
            return tuple(self._cards)

    def state(self, reader: str, known: ReaderState | None, wait_s: float) -> ReaderState:
        """How a reader is."""
        self._require_running()
        with self._news:
            if known is not None:
                self._news.wait_for(lambda: self._turns != known.token, wait_s)
            card = self._card(reader)
            return ReaderState(present=card is not None, mute=False, token=self._turns)

    def connect(self, reader: str) -> MemoryHandle | None:
        """Take hold of the card."""
        self._require_running()
        with self._news:
            card = self._card(reader)
            if card is None:
                return None
            if reader in self._held:
                raise DeviceBusy("another program holds the card")
            return self._held.setdefault(reader, MemoryHandle(self, reader, card))

    def close(self) -> None:
        """The service lives on."""

    def exchange(self, handle: MemoryHandle, command: bytes) -> bytes:
        """Pass a command to the card of a handle."""
        self._require_running()
        with self._news:
            if self._held.get(handle.reader) is not handle:
                raise CardRemoved("the card was taken away")
        return handle.card.answer(command)

    def release(self, handle: MemoryHandle) -> None:
        """Let go of a card."""
        with self._news:
            if self._held.get(handle.reader) is handle:
                del self._held[handle.reader]
                handle.card.power_up()

    def _card(self, reader: str) -> VirtualCard | None:
        if reader not in self._cards:
            raise DeviceLost("the reader has gone")
        return self._cards[reader]

    def _changed(self, reader: str) -> None:
        self._held.pop(reader, None)
        self._turns += 1
        self._news.notify_all()

    def _require_running(self) -> None:
        self.answering.wait()
        if not self.running.is_set():
            raise DeviceLost("the card service has ended")


class MemoryHandle:
    """Hold of one card in memory.

    Attributes:
        reader: Where it lies.
        card: The card.
        answer_to_reset: What it answered to its reset.
    """

    def __init__(self, service: MemoryService, reader: str, card: VirtualCard) -> None:
        self.reader = reader
        self.card = card
        self.answer_to_reset = card.answer_to_reset
        self._service = service

    def transmit(self, command: bytes) -> bytes:
        """Send a command."""
        return self._service.exchange(self, command)

    def disconnect(self) -> None:
        """Let go of the card."""
        self._service.release(self)
