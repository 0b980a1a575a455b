"""Command and response APDUs, bytes to nouns and back; no input or output here.

    CLA INS P1 P2 [Lc data] [Le]            short form: Lc and Le of one byte, Le 00 means 256
    CLA INS P1 P2 00 [Lc Lc data] [Le Le]   extended form: two bytes each, Le 0000 means 65,536

Reference: ISO/IEC 7816-4:2020, clauses 5.2 and 5.6.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from biocapil.errors import FormatError, TruncatedRecord

RECORD = "command APDU"
SHORT_DATA, SHORT_EXPECTED = 255, 256
LONG_DATA, LONG_EXPECTED = 65_535, 65_536
HEAD_BYTES = 4
STATUS_BYTES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command.

    Attributes:
        cla: Class byte.
        ins: Instruction byte.
        p1: First parameter.
        p2: Second parameter.
        data: Command data; not part of `repr`.
        expected: How many bytes of answer are asked for at most, 1 to 65,536; None for none.
        extended: Whether lengths take the extended form; true by itself where the short one is too small.
    """

    ins: int
    cla: int = 0x00
    p1: int = 0x00
    p2: int = 0x00
    data: bytes = field(default=b"", repr=False)
    expected: int | None = None
    extended: bool = False

    def __post_init__(self) -> None:
        head = (self.cla, self.ins, self.p1, self.p2)
        if not all(0 <= byte <= 0xFF for byte in head):
            raise ValueError(f"class, instruction and parameters are bytes, got {head}")
        if len(self.data) > LONG_DATA:
            raise ValueError(f"a command holds at most {LONG_DATA} bytes, got {len(self.data)}")
        if self.expected is not None and not 1 <= self.expected <= LONG_EXPECTED:
            raise ValueError(f"1 to {LONG_EXPECTED} bytes of answer can be asked for, got {self.expected}")
        asked = self.expected or 0
        too_long = len(self.data) > SHORT_DATA or asked > SHORT_EXPECTED
        has_length = bool(self.data) or self.expected is not None
        object.__setattr__(self, "extended", too_long or (self.extended and has_length))

    @property
    def head(self) -> bytes:
        """Class, instruction and parameters."""
        return bytes((self.cla, self.ins, self.p1, self.p2))

    def encode(self) -> bytes:
        """Its bytes."""
        parts = [self.head]
        if self.extended:
            parts.append(b"\0")
        size = 2 if self.extended else 1
        if self.data:
            parts += [len(self.data).to_bytes(size, "big"), self.data]
        if self.expected is not None:
            parts.append((self.expected % 256**size).to_bytes(size, "big"))
        return b"".join(parts)

    @classmethod
    def decode(cls, apdu: bytes) -> Command:
        """Read a command.

        Raises:
            TruncatedRecord: The bytes end too early.
            FormatError: Lengths do not fit.
        """
        if len(apdu) < HEAD_BYTES:
            raise TruncatedRecord(
                f"a command has at least {HEAD_BYTES} bytes, got {len(apdu)}", record=RECORD, field="header"
            )
        body = apdu[HEAD_BYTES:]
        extended = len(body) > 1 and body[0] == 0
        data, expected = _body(body[1:], 2) if extended else _body(body, 1)
        cla, ins, p1, p2 = apdu[:HEAD_BYTES]
        return cls(cla=cla, ins=ins, p1=p1, p2=p2, data=data, expected=expected, extended=extended)


def _body(body: bytes, size: int) -> tuple[bytes, int | None]:
    """Data and expected length from lengths of one or two bytes."""
    if not body:
        return b"", None
    if len(body) < size:
        raise TruncatedRecord("the length is cut off", record=RECORD, field="length")
    first = int.from_bytes(body[:size], "big")
    if len(body) == size:
        return b"", first or 256**size
    rest = body[size:]
    if not first:
        raise FormatError("0 bytes of data are stated, and more follow", record=RECORD, field="Lc")
    data, end = rest[:first], rest[first:]
    if len(data) < first:
        raise TruncatedRecord(
            f"{first} bytes of data are stated, {len(data)} are there", record=RECORD, field="Lc"
        )
    if len(end) not in {0, size}:
        raise FormatError(f"{len(end)} bytes follow the data", record=RECORD, field="Le")
    return data, (int.from_bytes(end, "big") or 256**size) if end else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer.

    Attributes:
        data: Its data; not part of `repr`.
        status: Status word, 16 bits.
    """

    status: int
    data: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.status <= 0xFFFF:
            raise ValueError(f"a status has 16 bits, got {self.status:#x}")

    @classmethod
    def decode(cls, apdu: bytes) -> Response:
        """Read an answer.

        Raises:
            TruncatedRecord: It has no status.
        """
        if len(apdu) < STATUS_BYTES:
            raise TruncatedRecord(
                f"an answer has at least {STATUS_BYTES} bytes, got {len(apdu)}",
                record="response APDU",
                field="status",
            )
        data, status = apdu[:-STATUS_BYTES], apdu[-STATUS_BYTES:]
        return cls(data=data, status=int.from_bytes(status, "big"))

    def encode(self) -> bytes:
        """Its bytes."""
        return self.data + self.status.to_bytes(STATUS_BYTES, "big")
