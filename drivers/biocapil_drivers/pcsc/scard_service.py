"""`ScardService`: the PC/SC service of the system, through the plain calls of pyscard.

pyscard's own monitors of readers and cards are left alone: their threads end for good when the service is
restarted. A context belongs to one run of the service, so each reader makes its own and makes a new one when
it is opened again.

Reference: PC/SC part 5; LudovicRousseau/pyscard issues 27, 82, 128.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from biocapil.errors import (
    CardRemoved,
    DeviceBusy,
    DeviceError,
    DeviceLost,
    DeviceNotFound,
    MissingPart,
    ProtocolError,
)
from biocapil_drivers.pcsc.service import ReaderState

if TYPE_CHECKING:
    from biocapil_drivers.pcsc.scard_calls import ScardCalls

SCOPE_SYSTEM = 2
SHARE_EXCLUSIVE = 1
T0_OR_T1 = 1 | 2
LEAVE, RESET = 0, 1
STATE_UNAWARE, STATE_CHANGED = 0x0000, 0x0002
STATE_UNKNOWN, STATE_UNAVAILABLE, STATE_PRESENT, STATE_MUTE = 0x0004, 0x0008, 0x0020, 0x0200

SUCCESS = 0
NOT_TRANSACTED = 0x80100016
"""The command did not reach the card; often because it has just been taken away."""
NOTICED_S, LOOKS = 1.5, 15
"""The service notices within this time that a card is gone."""
TIMEOUT = 0x8010000A
NO_READERS = 0x8010002E
BUSY = frozenset({0x8010000B})
NO_CARD = frozenset({0x8010000C, 0x80100069, 0x80100068, 0x80100067})
"""No smart card; removed, reset, unpowered: whatever was agreed with the card is gone."""
REMOVED = 0x80100069
MUTE = frozenset({0x8010000F, 0x80100065, 0x80100066})
"""Protocol mismatch, unsupported, unresponsive."""
LOST = frozenset({0x80100003, 0x80100009, 0x80100017, 0x8010001D, 0x8010001E, 0x80100013, 0x8010002F})
"""Invalid handle, unknown reader, reader unavailable, service absent or stopped, its channel broken."""


class ScardService:
    """One context of the PC/SC service."""

    def __init__(self, address: str) -> None:
        """Connect to the service.

        Args:
            address: Address to name in errors.

        Raises:
            DeviceNotFound: The service does not run.
            MissingPart: pyscard is not installed.
        """
        self._calls = load_scard()
        self._address = address
        code, self._context = self._calls.SCardEstablishContext(SCOPE_SYSTEM)
        if unsigned(code) != SUCCESS:
            raise DeviceNotFound(
                "the card service pcscd does not run; start it, for example: systemctl start pcscd.socket",
                address=address,
                vendor_code=unsigned(code),
            )

    def readers(self) -> Sequence[str]:
        """Names of the readers."""
        code, names = self._calls.SCardListReaders(self._context, [])
        if unsigned(code) == NO_READERS:
            return ()
        self.require(code)
        return tuple(names)

    def state(self, reader: str, known: ReaderState | None, wait_s: float) -> ReaderState:
        """How a reader is."""
        before = STATE_UNAWARE if known is None else known.token
        code, states = self._calls.SCardGetStatusChange(
            self._context, round(wait_s * 1000), [(reader, before)]
        )
        if unsigned(code) == TIMEOUT and known is not None:
            return known
        self.require(code)
        _, event, _ = states[0]
        if event & (STATE_UNKNOWN | STATE_UNAVAILABLE):
            raise DeviceLost("the reader has gone", address=self._address)
        present = bool(event & STATE_PRESENT)
        return ReaderState(present=present, mute=bool(event & STATE_MUTE), token=event & ~STATE_CHANGED)

    def connect(self, reader: str) -> ScardHandle | None:
        """Take hold of the card."""
        code, handle, protocol = self._calls.SCardConnect(self._context, reader, SHARE_EXCLUSIVE, T0_OR_T1)
        if unsigned(code) in NO_CARD:
            return None
        self.require(code)
        code, _, _, _, answer = self._calls.SCardStatus(handle)
        if unsigned(code) in NO_CARD:
            self._calls.SCardDisconnect(handle, LEAVE)
            return None
        self.require(code)
        return ScardHandle(
            self, self._calls, reader=reader, handle=handle, protocol=protocol, answer_to_reset=bytes(answer)
        )

    def close(self) -> None:
        """Let go of the context."""
        self._calls.SCardReleaseContext(self._context)

    def loses_card(self, reader: str) -> bool:
        """Whether the service notices soon that the card is gone; it looks a few times a second."""
        known: ReaderState | None = None
        for _ in range(LOOKS):
            known = self.state(reader, known, NOTICED_S / LOOKS)
            if not known.present:
                return True
        return False

    def require(self, code: int) -> None:
        """Raise the error of a result code; nothing where it is none."""
        if unsigned(code) != SUCCESS:
            raise error_of(unsigned(code), self._address)


class ScardHandle:
    """Hold of one card.

    Attributes:
        answer_to_reset: What it answered to its reset.
    """

    def __init__(
        self,
        service: ScardService,
        calls: ScardCalls,
        *,
        reader: str,
        handle: int,
        protocol: int,
        answer_to_reset: bytes,
    ) -> None:
        self.answer_to_reset = answer_to_reset
        self._service = service
        self._calls = calls
        self._reader = reader
        self._handle = handle
        self._protocol = protocol
        self._heard = False

    def transmit(self, command: bytes) -> bytes:
        """Send a command.

        A card that was put in for another before the service noticed does not hear the first command: as long
        as nothing was answered, nothing is lost by a reset, and the command is sent once more.
        """
        code, answer = self._sent(command)
        if code == NOT_TRANSACTED:
            if self._service.loses_card(self._reader):
                code = REMOVED
            elif not self._heard:
                code = self._reset()
                if code == SUCCESS:
                    code, answer = self._sent(command)
        self._service.require(code)
        self._heard = True
        return answer

    def _sent(self, command: bytes) -> tuple[int, bytes]:
        code, answer = self._calls.SCardTransmit(self._handle, self._protocol, list(command))
        return unsigned(code), bytes(byte & 0xFF for byte in answer)

    def _reset(self) -> int:
        """Result code of a reset; `REMOVED` where another card answers."""
        code, protocol = self._calls.SCardReconnect(self._handle, SHARE_EXCLUSIVE, T0_OR_T1, RESET)
        if unsigned(code) != SUCCESS:
            return unsigned(code)
        self._protocol = protocol
        code, _, _, _, answer = self._calls.SCardStatus(self._handle)
        if unsigned(code) == SUCCESS and bytes(answer) != self.answer_to_reset:
            return REMOVED
        return unsigned(code)

    def disconnect(self) -> None:
        """Let go of the card."""
        self._calls.SCardDisconnect(self._handle, RESET)


def load_scard() -> ScardCalls:
    """The calls of pyscard.

    Raises:
        MissingPart: It is not installed.
    """
    try:
        # by name: an extra, without types, that few machines can install; the driver is listed without it
        return cast("ScardCalls", importlib.import_module("smartcard.scard"))
    except ImportError as error:  # also where libpcsclite, which pyscard stands on, is missing
        raise MissingPart("pyscard", extra="cards", purpose="a card reader") from error


def unsigned(code: int) -> int:
    """A result code as PC/SC writes it; some builds hand it out with a sign."""
    return code & 0xFFFFFFFF


def error_of(code: int, address: str) -> DeviceError:
    """Error for a result code of PC/SC."""
    if code in BUSY:
        return DeviceBusy("another program holds the card", address=address, vendor_code=code)
    if code in NO_CARD:
        return CardRemoved("the card was taken away", address=address, vendor_code=code)
    if code in LOST:
        return DeviceLost("the reader or the card service has gone", address=address, vendor_code=code)
    if code in MUTE:
        return ProtocolError("the card does not answer as cards do", address=address, vendor_code=code)
    return ProtocolError("the card service reports a fault", address=address, vendor_code=code)
