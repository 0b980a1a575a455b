"""`InsertedCard`: puts a card of software into the virtual reader of the real PC/SC service.

The reader (vsmartcard's vpcd) listens; whoever connects is a card. Every message is two bytes of length, most
significant first, and that many bytes. One byte from the reader is a wish of its own, anything longer a
command APDU.

Reference: frankmorgner/vsmartcard, virtualsmartcard, protocol of vpcd.
"""

from __future__ import annotations

import contextlib
import socket
import threading

from biocapil.capture.cards import VirtualCard
from biocapil.errors import DeviceNotFound

CONNECT_S = 5.0
LENGTH_BYTES = 2


class Wish:
    """What the reader itself wants of a card."""

    POWER_OFF = 0x00
    POWER_ON = 0x01
    RESET = 0x02
    ASK_ATR = 0x04


class InsertedCard:
    """A card in a virtual reader until it is taken out.

    Attributes:
        error: What ended the card's thread too early; raised by `remove`.
    """

    def __init__(self, card: VirtualCard, *, port: int, host: str = "127.0.0.1") -> None:
        """Put a card in.

        Raises:
            DeviceNotFound: No virtual reader listens there.
        """
        self.error: Exception | None = None
        self._card = card
        try:
            self._line = socket.create_connection((host, port), timeout=CONNECT_S)
        except OSError as error:
            raise DeviceNotFound(f"no virtual reader listens at {host}:{port}") from error
        self._line.settimeout(None)
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._removed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="virtual card", daemon=True)
        self._thread.start()

    def remove(self) -> None:
        """Take the card out; a second time does nothing.

        Raises:
            Exception: What ended the card's thread too early.
        """
        self._removed.set()
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._line.close()
        if self.error is not None:
            error, self.error = self.error, None
            raise error

    def _run(self) -> None:
        try:
            while (message := self._message()) is not None:
                answer = self._answer(message)
                if answer is not None:
                    self._line.sendall(len(answer).to_bytes(LENGTH_BYTES, "big") + answer)
        except OSError:
            return  # the reader went away, or the card was taken out
        except Exception as error:  # noqa: BLE001 - told by remove: a thread must not die in silence
            self.error = error
            with contextlib.suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def _answer(self, message: bytes) -> bytes | None:
        if len(message) != 1:
            return self._card.answer(message)
        match message[0]:
            case Wish.ASK_ATR:
                return self._card.answer_to_reset
            case Wish.POWER_OFF | Wish.POWER_ON | Wish.RESET:
                self._card.power_up()
            case _:
                pass  # nothing that a card answers
        return None

    def _message(self) -> bytes | None:
        head = self._exactly(LENGTH_BYTES)
        return None if head is None else self._exactly(int.from_bytes(head, "big"))

    def _exactly(self, count: int) -> bytes | None:
        """So many bytes; None where the line ended.

        The reader writes length and bytes apart: without an acknowledgement at once the second would wait
        for 40 ms.
        """
        data = b""
        while len(data) < count:
            self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            part = self._line.recv(count - len(data))
            if not part:
                return None
            data += part
        return data
