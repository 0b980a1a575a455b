"""`ZfmEmulator`: a sensor of the family in software, read from the same manuals but with a parser of its own.

Its templates hold no features: a template names the finger that was shown, so that the emulator can compare
and search as a sensor does without being one.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable

from biocapil_drivers.emulation import EmulatedLine
from biocapil_drivers.zfm.fingers import Fingers, Touch
from biocapil_drivers.zfm.models import SensorModel, pack_image

START = b"\xef\x01"
OK, REFUSED_PACKET, NO_FINGER, FEW_FEATURES = 0x00, 0x01, 0x02, 0x07
NO_MATCH, NOT_FOUND, NOT_COMBINED, BAD_SLOT = 0x08, 0x09, 0x0A, 0x0B
UNREADABLE, WRONG_PASSWORD, NO_IMAGE, BAD_REGISTER = 0x0C, 0x13, 0x15, 0x1A
BAD_VALUE, LOCKED, UNKNOWN = 0x1B, 0x21, 0xFC
AWAKE = b"\x55"
SIMILAR = 150
FEWEST_DARK = 0.08
"""Share of dark pixels below which the emulated sensor finds too few features."""

SERIAL_NUMBER = "BIOC0001"


class ZfmEmulator:
    """A sensor behind an emulated line.

    Attributes:
        model: Which one it is.
        fingers: What lies on it.
        library: Kept templates by slot.
        password: What it wants to be shown.
        dead_ring_after: How often the ring obeys before it falls silent; None for ever.
        marks_last_packet: Whether the last data packet says that it is the last; a few models do not.
    """

    def __init__(
        self, line: EmulatedLine, model: SensorModel, fingers: Fingers, *, password: int = 0
    ) -> None:
        self.model = model
        self.fingers = fingers
        self.library: dict[int, bytes] = {}
        self.password = password
        self.marks_last_packet = True
        self.dead_ring_after: int | None = None
        self._line = line
        self._address = b"\xff\xff\xff\xff"
        self._packet_code = 2
        self._security = 3
        self._rings: list[bytes] = []
        self._awaited: Callable[[bytes], None] | None = None
        self._start()

    @property
    def rings(self) -> tuple[bytes, ...]:
        """What the ring was told, oldest first."""
        return tuple(self._rings)

    def power_up(self) -> None:
        """Lose what is not kept, and wake up."""
        self._start()
        if self.model.aura:
            self._line.send(AWAKE)

    def take(self, data: bytes) -> None:
        """Take bytes, and answer each whole command."""
        self._input += data
        while (packet := self._next_packet()) is not None:
            kind, payload = packet
            if kind == 0x01:
                self._command(payload)
            elif self._awaited is not None:
                self._received += payload
                if kind == 0x08:
                    self._awaited(bytes(self._received))
                    self._awaited = None

    def _start(self) -> None:
        self._input = b""
        self._unlocked = self.password == 0
        self._image: Touch | None = None
        self._buffers: dict[int, bytes] = {}
        self._received = bytearray()
        self._awaited = None

    def _next_packet(self) -> tuple[int, bytes] | None:
        """Kind and payload of the next packet; damaged ones are answered and left out."""
        while True:
            begin = self._input.find(START)
            self._input = self._input[begin:] if begin >= 0 else self._input[-1:]
            if begin < 0 or len(self._input) < 9:
                return None
            kind, length = struct.unpack_from(">BH", self._input, 6)
            if length < 2 or length > 258:
                self._input = self._input[2:]
                continue
            if len(self._input) < 9 + length:
                return None
            packet, self._input = self._input[: 9 + length], self._input[9 + length :]
            if sum(packet[6:-2]) % 65536 != struct.unpack(">H", packet[-2:])[0]:
                self._answer(REFUSED_PACKET)
                continue
            if packet[2:6] != self._address:
                continue
            return kind, packet[9:-2]

    def _command(self, payload: bytes) -> None:
        code, arguments = payload[0] if payload else -1, payload[1:]
        handler = self._handlers().get(code)
        if code not in {0x13, 0x53} and not self._unlocked:
            self._answer(LOCKED)
        elif handler is None:
            self._answer(UNKNOWN)
        else:
            handler(arguments)

    def _handlers(self) -> dict[int, Callable[[bytes], None]]:
        handlers: dict[int, Callable[[bytes], None]] = {
            0x01: self._take_image, 0x02: self._extract, 0x03: self._match, 0x04: self._search,
            0x05: self._combine, 0x06: self._store, 0x07: self._load, 0x08: self._up_template,
            0x09: self._down_template, 0x0A: self._up_image, 0x0B: self._down_image, 0x0C: self._delete,
            0x0D: self._empty, 0x0E: self._set, 0x0F: self._read, 0x12: self._set_password,
            0x13: self._show_password, 0x14: self._random, 0x15: self._set_address, 0x1B: self._search,
            0x1D: self._count, 0x1F: self._index, 0x50: self._light, 0x51: self._light,
            0x52: self._take_image, 0x53: self._echo,
        }  # fmt: skip
        if self.model.product:
            handlers |= {0x3C: self._product}
        if self.model.aura:
            handlers |= {0x35: self._ring, 0x3D: self._reset}
        return handlers

    def _take_image(self, _: bytes) -> None:
        self._image = self.fingers()
        self._answer(NO_FINGER if self._image is None else OK)

    def _extract(self, arguments: bytes) -> None:
        if self._image is None:
            self._answer(NO_IMAGE)
        elif (self._image.pixels < 128).mean() < FEWEST_DARK:
            self._answer(FEW_FEATURES)
        else:
            self._buffers[arguments[0]] = self._template_of(self._image.finger)
            self._answer(OK)

    def _match(self, _: bytes) -> None:
        one, other = self._buffers.get(1), self._buffers.get(2)
        alike = one is not None and one == other
        self._answer(OK, struct.pack(">H", SIMILAR)) if alike else self._answer(NO_MATCH, b"\0\0")

    def _search(self, arguments: bytes) -> None:
        buffer, first, count = struct.unpack(">BHH", arguments[:5])
        probe = self._buffers.get(buffer)
        slots = sorted(slot for slot, kept in self.library.items() if kept == probe)
        slot = next((slot for slot in slots if first <= slot < first + count), None)
        if slot is None:
            self._answer(NOT_FOUND, b"\0\0\0\0")
        else:
            self._answer(OK, struct.pack(">HH", slot, SIMILAR))

    def _combine(self, _: bytes) -> None:
        alike = len(set(self._buffers.values())) == 1
        self._answer(OK if alike else NOT_COMBINED)

    def _store(self, arguments: bytes) -> None:
        buffer, slot = struct.unpack(">BH", arguments[:3])
        if slot >= self.model.capacity:
            self._answer(BAD_SLOT)
        elif buffer not in self._buffers:
            self._answer(UNREADABLE)
        else:
            self.library[slot] = self._buffers[buffer]
            self._answer(OK)

    def _load(self, arguments: bytes) -> None:
        buffer, slot = struct.unpack(">BH", arguments[:3])
        if slot not in self.library:
            self._answer(UNREADABLE)
        else:
            self._buffers[buffer] = self.library[slot]
            self._answer(OK)

    def _up_template(self, arguments: bytes) -> None:
        template = self._buffers.get(arguments[0])
        if template is None:
            self._answer(0x0D)
        else:
            self._answer(OK)
            self._send_data(template)

    def _down_template(self, arguments: bytes) -> None:
        buffer = arguments[0]

        def keep(template: bytes) -> None:
            self._buffers[buffer] = template

        self._await(keep)

    def _up_image(self, _: bytes) -> None:
        if self._image is None:
            self._answer(0x0F)
        else:
            self._answer(OK)
            self._send_data(pack_image(self._image.pixels))

    def _down_image(self, _: bytes) -> None:
        self._await(lambda _: None)

    def _delete(self, arguments: bytes) -> None:
        first, count = struct.unpack(">HH", arguments[:4])
        for slot in range(first, first + count):
            self.library.pop(slot, None)
        self._answer(OK)

    def _empty(self, _: bytes) -> None:
        self.library.clear()
        self._answer(OK)

    def _set(self, arguments: bytes) -> None:
        register, value = arguments[0], arguments[1]
        allowed = {4: (1, 2, 4, 6, 12), 5: (1, 2, 3, 4, 5), 6: (0, 1, 2, 3)}
        if register not in allowed:
            self._answer(BAD_REGISTER)
        elif value not in allowed[register]:
            self._answer(BAD_VALUE)
        else:
            self._answer(OK)  # still at the speed of before
            if register == 4:
                self._line.bits_per_s = 9600 * value
            elif register == 5:
                self._security = value
            else:
                self._packet_code = value

    def _read(self, _: bytes) -> None:
        status = (self._image is not None) << 3 | self._unlocked << 2
        speed = self._line.bits_per_s // 9600
        numbers = (status, 0, self.model.capacity, self._security)
        self._answer(OK, struct.pack(">HHHH4sHH", *numbers, self._address, self._packet_code, speed))

    def _set_password(self, arguments: bytes) -> None:
        self.password = struct.unpack(">I", arguments[:4])[0]
        self._answer(OK)

    def _show_password(self, arguments: bytes) -> None:
        self._unlocked = struct.unpack(">I", arguments[:4])[0] == self.password
        self._answer(OK if self._unlocked else WRONG_PASSWORD)

    def _set_address(self, arguments: bytes) -> None:
        self._address = arguments[:4]
        self._answer(OK)

    def _random(self, _: bytes) -> None:
        self._answer(OK, b"\x12\x34\x56\x78")

    def _count(self, _: bytes) -> None:
        self._answer(OK, struct.pack(">H", len(self.library)))

    def _index(self, arguments: bytes) -> None:
        page = arguments[0]
        bits = sum(1 << slot - 256 * page for slot in self.library if slot // 256 == page)
        self._answer(OK, bits.to_bytes(32, "little"))

    def _product(self, _: bytes) -> None:
        model = self.model
        size = (model.width_px, model.height_px, model.template_bytes, model.capacity)
        names = (model.title.encode(), b"0001", SERIAL_NUMBER.encode())
        self._answer(OK, struct.pack(">16s4s8s2s8sHHHH4x", *names, b"\1\0", b"SYNTH", *size))

    def _ring(self, arguments: bytes) -> None:
        if self.dead_ring_after is None or len(self._rings) < self.dead_ring_after:
            self._rings.append(arguments)
            self._answer(OK)

    def _reset(self, _: bytes) -> None:
        self._answer(OK)
        self.power_up()

    def _light(self, _: bytes) -> None:
        self._answer(OK)

    def _echo(self, _: bytes) -> None:
        self._answer(0x55)

    def _await(self, then: Callable[[bytes], None]) -> None:
        self._received.clear()
        self._awaited = then
        self._answer(OK)

    def _answer(self, code: int, data: bytes = b"") -> None:
        self._send(0x07, bytes([code]) + data)

    def _send_data(self, data: bytes) -> None:
        size = 32 << self._packet_code
        for start in range(0, len(data), size):
            last = start + size >= len(data) and self.marks_last_packet
            self._send(0x08 if last else 0x02, data[start : start + size])

    def _send(self, kind: int, payload: bytes) -> None:
        body = struct.pack(">BH", kind, len(payload) + 2) + payload
        self._line.send(START + self._address + body + struct.pack(">H", sum(body) % 65536))

    def _template_of(self, finger: int) -> bytes:
        seed = hashlib.sha256(f"finger {finger}".encode()).digest()
        return (seed * (self.model.template_bytes // len(seed) + 1))[: self.model.template_bytes]
