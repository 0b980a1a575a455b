"""`Pn532Emulator`: a PN532 with a card of software in its field, behind an emulated line.

It takes frames apart by itself, so that a fault in `codec` cannot hide in both ends.
"""

from __future__ import annotations

from biocapil.capture.cards import VirtualCard
from biocapil_drivers.emulation import EmulatedLine

ACK = bytes.fromhex("0000ff00ff00")
NOT_UNDERSTOOD = bytes.fromhex("0000ff01ff7f8100")
FIRMWARE = bytes.fromhex("32010607")
NUMBER = bytes.fromhex("04a1b2c3d4e5f6")
PSEUDO_NUMBER = bytes.fromhex("01020304")
ANSWER_TO_SELECT = bytes.fromhex("0578807002")
PART = 262 - 3
GONE, OK = 0x01, 0x00
FOREVER = 0xFF


class Pn532Emulator:
    """The chip.

    Attributes:
        card: What lies in its field; None for nothing.
        kind: ``"A"`` or ``"B"``: how that card is spoken to.
        wakes: How often it was woken up.
    """

    def __init__(self, line: EmulatedLine, card: VirtualCard | None = None, kind: str = "A") -> None:
        self.card = card
        self.kind = kind
        self.wakes = 0
        self._line = line
        self.power_up()

    def power_up(self) -> None:
        """Start anew."""
        self._bytes = b""
        self._retries = FOREVER
        self._held: VirtualCard | None = None
        self._command = b""
        self._answer = b""
        self._asleep = True

    def take(self, data: bytes) -> None:
        """Take bytes from the host."""
        self._bytes += data
        while True:
            place = self._bytes.find(b"\x00\xff")
            if b"\x55" in (self._bytes if place < 0 else self._bytes[:place]):
                self._asleep, self.wakes = False, self.wakes + 1
            if place < 0:
                self._bytes = self._bytes[-1:] if self._bytes[-1:] == b"\0" else b""
                return
            body = self._bytes[place + 2 :]
            if body[:2] == b"\x00\xff":
                self._bytes = body[2:]
                continue
            extended = body[:2] == b"\xff\xff"
            start = 5 if extended else 2
            if len(body) < start:
                return
            count = int.from_bytes(body[2:4], "big") if extended else body[0]
            if sum(body[2:5] if extended else body[:2]) & 0xFF:
                self._bytes = body
                continue
            if len(body) < start + count + 1:
                return
            content, self._bytes = body[start : start + count], body[start + count + 1 :]
            if not (sum(content) + body[start + count]) & 0xFF and not self._asleep:
                self._take_command(content)

    def _take_command(self, content: bytes) -> None:
        self._line.send(ACK)
        if len(content) < 2 or content[0] != 0xD4:
            self._line.send(NOT_UNDERSTOOD)
            return
        answer = self._answered(content[1], content[2:])
        if answer is None:
            self._line.send(NOT_UNDERSTOOD)
        elif content[1] != 0x4A or answer != b"\0" or self._retries != FOREVER:
            self._line.send(framed(bytes((0xD5, content[1] + 1)) + answer))

    def _answered(self, code: int, data: bytes) -> bytes | None:
        answer: bytes | None = None
        match code:
            case 0x00 if data[:1] == b"\x06":
                answer = bytes((OK if self._held is not None and self._held is self.card else GONE,))
            case 0x02:
                answer = FIRMWARE
            case 0x14:
                answer = b""
            case 0x32 if len(data) > 1:
                if data[0] == 0x05:
                    self._retries = data[-1]
                answer = b""
            case 0x40 if data:
                answer = self._exchanged(data[0], data[1:])
            case 0x4A if len(data) >= 2:
                answer = self._listed(data[1])
            case 0x52:
                self._held = None
                answer = b"\0"
            case _:
                pass
        return answer

    def _listed(self, kind: int) -> bytes:
        wanted = {0x00: "A", 0x03: "B"}.get(kind)
        if self.card is None or wanted != self.kind:
            return b"\0"
        self._held = self.card
        self._held.power_up()
        self._command = self._answer = b""
        if wanted == "A":
            head = b"\x01\x01\x00\x44\x20" + bytes((len(NUMBER),))
            return head + NUMBER + ANSWER_TO_SELECT
        return b"\x01\x01\x50" + PSEUDO_NUMBER + bytes(4) + b"\x00\x21\x85" + b"\x01\x00"

    def _exchanged(self, target: int, data: bytes) -> bytes:
        held = self._held
        if held is None or held is not self.card:
            return bytes((GONE,))
        self._command += data
        if target & 0x40:
            return bytes((OK,))
        if self._command:
            command, self._command = self._command, b""
            self._answer = held.answer(command)
        part, self._answer = self._answer[:PART], self._answer[PART:]
        return bytes((0x40 if self._answer else OK,)) + part


def framed(content: bytes) -> bytes:
    """A frame from the chip."""
    count = len(content)
    head = bytes((count, 256 - count)) if count < 255 else _extended_head(count)
    return b"\0\0\xff" + head + content + bytes((-sum(content) % 256,)) + b"\0"


def _extended_head(count: int) -> bytes:
    high, low = divmod(count, 256)
    return bytes((0xFF, 0xFF, high, low, -(high + low) % 256))
