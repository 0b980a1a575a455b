"""`InventedThaiCard`: a Thai card of software; the person is invented, the picture is drawn."""

from __future__ import annotations

from biocapil.formats import ImageEncoding, encode_pixels
from biocapil_drivers.iso7816.drawn_face import drawn_face

NAME = bytes.fromhex("a000000054480001")
TEXTS = {
    0x0011: ("นางสาว#ตัวอย่าง##สมมุติ", 100),
    0x0075: ("Miss#Tuayang##Sommut", 100),
    0x00D9: ("25330101", 8),
    0x00E1: ("2", 1),
    0x00F6: ("สำนักงานสมมุติ", 100),
    0x0167: ("25690101", 8),
    0x016F: ("25780101", 8),
    0x1579: ("0#หมู่ที่ 0####ตำบลสมมุติ#อำเภอสมมุติ#จังหวัดสมมุติ", 100),
}
NUMBER_PLACE, NUMBER_DIGITS = 0x0004, 13
PICTURE_PLACE, PICTURE_BYTES = 0x017B, 5_100
ROWS, COLUMNS = 160, 130
MEMORY_BYTES = 0x1579 + 100


class InventedThaiCard:
    """The card: answers wait until they are fetched, as on a contact card of protocol T=0.

    Attributes:
        answer_to_reset: What it answers to a reset.
    """

    def __init__(self, holder: int = 0) -> None:
        """Make a card.

        Args:
            holder: Number that stands on it.
        """
        self.answer_to_reset = bytes.fromhex("3b670000") + bytes(7)
        memory = bytearray(b" " * MEMORY_BYTES)
        number = (f"{holder:0{NUMBER_DIGITS}d}", NUMBER_DIGITS)
        for place, (text, count) in (TEXTS | {NUMBER_PLACE: number}).items():
            memory[place : place + count] = text.encode("tis_620").ljust(count)
        picture = encode_pixels(drawn_face(ROWS, COLUMNS), ImageEncoding.JPEG).data
        if len(picture) > PICTURE_BYTES:
            raise ValueError(f"the drawn picture has {len(picture)} bytes, the card {PICTURE_BYTES}")
        memory[PICTURE_PLACE : PICTURE_PLACE + PICTURE_BYTES] = picture.ljust(PICTURE_BYTES)
        self._memory = bytes(memory)
        self.power_up()

    def power_up(self) -> None:
        """Nothing is selected, nothing waits."""
        self._selected = False
        self._waiting = b""

    def answer(self, command: bytes) -> bytes:
        """Answer a command."""
        head, body = command[:4], command[5:]
        if head[:3] == b"\x00\xa4\x04":
            self._selected = body[: command[4] if len(command) > 4 else 0] == NAME
            return b"\x90\x00" if self._selected else b"\x6a\x82"
        if head[:2] == b"\x00\xc0" and len(command) == 5:
            found, self._waiting = self._waiting[: command[4] or 256], b""
            return found + b"\x90\x00"
        if head[:2] == b"\x80\xb0" and self._selected and len(body) == 2 and command[4] == 2:
            place = head[2] << 8 | head[3]
            self._waiting = self._memory[place : place + body[1]]
            return bytes((0x61, len(self._waiting))) if self._waiting else b"\x6b\x00"
        return b"\x6d\x00"
