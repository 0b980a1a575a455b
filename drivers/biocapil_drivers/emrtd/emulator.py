"""`EmulatedDocument`: a travel document of software with Basic Access Control.

It takes commands apart by itself and seals its answers by itself; only the ciphers, which ICAO's worked
examples hold in place, are shared with the reader.

Reference: ICAO Doc 9303 part 11, clauses 4.3 and 9.8.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from biocapil_drivers.emrtd.triple_des import Keys, decrypt, encrypt, mac, mrz_seed, pad, unpad

SELECT, READ_BINARY, GET_CHALLENGE, EXTERNAL_AUTHENTICATE = 0xA4, 0xB0, 0x84, 0x82
NAME = bytes.fromhex("a0000002471001")
ANSWER_TO_RESET = bytes.fromhex("3b8f8001804f0ca000000306030001000000006a")
OK = 0x9000
NOT_ALLOWED, WRONG_SEAL, NO_SEAL, WRONG_KEY = 0x6982, 0x6988, 0x6987, 0x6300
NOT_FOUND, UNKNOWN, WRONG_LENGTH, BEYOND, NO_FILE = 0x6A82, 0x6D00, 0x6700, 0x6B00, 0x6986


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a document holds.

    Attributes:
        information: MRZ information that opens it.
        files: Content by file identifier.
        authority: Certificate, DER, of the authority that vouches for its signer; not on the chip.
    """

    information: str = field(repr=False)
    files: Mapping[int, bytes] = field(repr=False)
    authority: bytes = field(default=b"", repr=False)


class EmulatedDocument:
    """The chip.

    Attributes:
        document: What it holds.
        answer_to_reset: What it answers to a reset.
    """

    def __init__(self, document: Document, random: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self.document = document
        self.answer_to_reset = ANSWER_TO_RESET
        self._random = random
        self._keys = Keys.of(mrz_seed(document.information))
        self.power_up()

    def power_up(self) -> None:
        """Forget session, challenge and file."""
        self._selected = False
        self._challenge: bytes | None = None
        self._session: Keys | None = None
        self._counter = 0
        self._file: bytes | None = None

    def answer(self, command: bytes) -> bytes:
        """Answer a command."""
        if len(command) < 4:
            return _status(WRONG_LENGTH)
        if self._session is not None and command[0] & 0x0C == 0x0C:
            return self._secured(command)
        self._session = None  # a command in the clear ends the session
        return self._in_the_clear(command)

    def _in_the_clear(self, command: bytes) -> bytes:
        data = command[5 : 5 + command[4]] if len(command) > 5 else b""
        match command[1]:
            case 0xA4 if command[2] == 0x04:
                self._selected = data == NAME
                return _status(OK if self._selected else NOT_FOUND)
            case 0x84 if self._selected:
                self._challenge = self._random(8)
                return self._challenge + _status(OK)
            case 0x82 if self._selected:
                return self._authenticated(data)
            case 0xA4 | 0xB0:
                return _status(NOT_ALLOWED)
            case _:
                return _status(UNKNOWN)

    def _authenticated(self, data: bytes) -> bytes:
        challenge, self._challenge = self._challenge, None
        sealed, seal = data[:32], data[32:]
        if challenge is None or len(data) != 40 or mac(self._keys.authentication, sealed) != seal:
            return _status(WRONG_KEY)
        plain = decrypt(self._keys.encryption, sealed)
        theirs, mine, their_part = plain[:8], plain[8:16], plain[16:]
        if mine != challenge:
            return _status(WRONG_KEY)
        part = self._random(16)
        answer = encrypt(self._keys.encryption, challenge + theirs + part)
        self._session = Keys.of(bytes(a ^ b for a, b in zip(their_part, part, strict=True)))
        self._counter = int.from_bytes(challenge[4:] + theirs[4:], "big")
        return answer + mac(self._keys.authentication, answer) + _status(OK)

    def _secured(self, command: bytes) -> bytes:
        keys = self._session
        if keys is None or len(command) < 6 or len(command) < 5 + command[4]:
            return self._ended(NO_SEAL)
        parts = _objects(command[5 : 5 + command[4]])
        covered = b"".join(whole for tag, _, whole in parts if tag != 0x8E)
        seals = [value for tag, value, _ in parts if tag == 0x8E]
        if seals != [mac(keys.authentication, self._counted() + pad(command[:4]) + covered)]:
            return self._ended(WRONG_SEAL if seals else NO_SEAL)
        hidden = b"".join(value[1:] for tag, value, _ in parts if tag == 0x87)
        data = unpad(decrypt(keys.encryption, hidden)) if hidden else b""
        expected = b"".join(value for tag, value, _ in parts if tag == 0x97)
        count = int.from_bytes(expected, "big") or (256 if expected else 0)
        found, status = self._file_command(command, data, count)
        body = b""
        if found:
            secret = b"\x01" + encrypt(keys.encryption, pad(found))
            length = bytes((len(secret),)) if len(secret) < 128 else bytes((0x81, len(secret)))
            body = b"\x87" + length + secret
        body += b"\x99\x02" + _status(status)
        seal = mac(keys.authentication, self._counted() + body)
        return body + b"\x8e\x08" + seal + _status(status)

    def _file_command(self, command: bytes, data: bytes, count: int) -> tuple[bytes, int]:
        if command[1] == SELECT:
            self._file = self.document.files.get(int.from_bytes(data, "big"))
            return b"", OK if self._file is not None else NOT_FOUND
        if command[1] != READ_BINARY:
            return b"", UNKNOWN
        if self._file is None:
            return b"", NO_FILE
        offset = command[2] << 8 | command[3]
        if offset > len(self._file):
            return b"", BEYOND
        return self._file[offset : offset + min(count, 231)], OK

    def _ended(self, status: int) -> bytes:
        self._session = None
        return _status(status)

    def _counted(self) -> bytes:
        self._counter = (self._counter + 1) % 2**64
        return self._counter.to_bytes(8, "big")


def _status(word: int) -> bytes:
    return word.to_bytes(2, "big")


def _objects(data: bytes) -> list[tuple[int, bytes, bytes]]:
    """Tag, value and all bytes of each object; what cannot be one ends the list."""
    found: list[tuple[int, bytes, bytes]] = []
    place = 0
    while place + 2 <= len(data):
        head, length = 2, data[place + 1]
        if length == 0x81 and place + 2 < len(data):
            head, length = 3, data[place + 2]
        end = place + head + length
        if end > len(data):
            break
        found.append((data[place], data[place + head : end], data[place:end]))
        place = end
    return found
