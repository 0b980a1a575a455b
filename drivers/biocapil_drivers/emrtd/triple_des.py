"""The cryptography of Basic Access Control: 3DES in CBC mode, retail MAC, padding, keys from a seed.

Reference: ICAO Doc 9303 part 11, clause 9.7.1 (keys) and 9.8 (secure messaging); ISO/IEC 9797-1, MAC
algorithm 3 and padding method 2.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from biocapil.errors import ProtocolError

BLOCK = 8
KEY_BYTES = 16
MAC_BYTES = 8
ENCRYPTION, AUTHENTICATION = 1, 2
"""Counters of the key derivation."""
MARK = b"\x80"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """A pair of keys; neither is part of `repr`.

    Attributes:
        encryption: 16 bytes.
        authentication: 16 bytes.
    """

    encryption: bytes = field(repr=False)
    authentication: bytes = field(repr=False)

    @classmethod
    def of(cls, seed: bytes) -> Keys:
        """Keys that follow from a seed."""
        return cls(encryption=derived_key(seed, ENCRYPTION), authentication=derived_key(seed, AUTHENTICATION))


def derived_key(seed: bytes, counter: int) -> bytes:
    """3DES key of two parts from a seed, with odd parity in each byte."""
    digest = hashlib.sha1(seed + counter.to_bytes(4, "big"), usedforsecurity=False).digest()
    return bytes(_odd(byte) for byte in digest[:KEY_BYTES])


def mrz_seed(information: str) -> bytes:
    """Seed of the keys from MRZ information: the first 16 bytes of its SHA-1."""
    return hashlib.sha1(information.encode("ascii"), usedforsecurity=False).digest()[:KEY_BYTES]


def encrypt(key: bytes, data: bytes) -> bytes:
    """Encrypt whole blocks, with an initial vector of zeros."""
    encryptor = Cipher(TripleDES(key + key[:BLOCK]), modes.CBC(bytes(BLOCK))).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def decrypt(key: bytes, data: bytes) -> bytes:
    """Decrypt whole blocks, with an initial vector of zeros."""
    decryptor = Cipher(TripleDES(key + key[:BLOCK]), modes.CBC(bytes(BLOCK))).decryptor()
    return decryptor.update(data) + decryptor.finalize()


def mac(key: bytes, data: bytes) -> bytes:
    """Retail MAC over data, which are padded first: single DES in a chain, the last block with both keys."""
    padded = pad(data)
    first = key[:BLOCK]
    chain = Cipher(TripleDES(first * 3), modes.CBC(bytes(BLOCK))).encryptor()
    before = (chain.update(padded) + chain.finalize())[-BLOCK:]
    second = Cipher(TripleDES(key[BLOCK:] * 3), modes.ECB()).decryptor()  # noqa: S305 - one block, ISO/IEC 9797-1
    last = Cipher(TripleDES(first * 3), modes.ECB()).encryptor()  # noqa: S305 - the same
    middle = second.update(before) + second.finalize()
    return last.update(middle) + last.finalize()


def same(mine: bytes, theirs: bytes) -> bool:
    """Whether two MACs are the same, in a time that tells nothing about where they differ."""
    return hmac.compare_digest(mine, theirs)


def pad(data: bytes) -> bytes:
    """Padding method 2: a mark and zeros up to whole blocks, always at least the mark."""
    return data + MARK + bytes(-(len(data) + 1) % BLOCK)


def unpad(data: bytes) -> bytes:
    """Take the padding off.

    Raises:
        ProtocolError: There is none.
    """
    stripped = data.rstrip(b"\0")
    if not stripped.endswith(MARK):
        raise ProtocolError("the card's answer is not padded as it should be")
    return stripped[:-1]


def _odd(byte: int) -> int:
    return (byte & 0xFE) | (1 - (byte >> 1).bit_count() % 2)
