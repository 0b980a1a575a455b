"""Sealing of stored records: AES-256-GCM, each bound to its place, its model and the schema.

From the one key of the key file, HKDF-SHA256 derives two: one encrypts, one names the records. The name
of a record is an HMAC, so that nobody without the key can ask whether a known image is in the store.

Reference:
    NIST SP 800-38D (GCM); RFC 5869 (HKDF).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
from typing import TYPE_CHECKING

from biocapil.errors import MissingPart, StoreError
from biocapil.sample import CapturedSample
from biocapil.vocabulary import ModelId

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
SALT_BYTES = 16
_SUBKEY_BYTES = 32
_SAMPLE = struct.Struct("<dIIB")


class Sealer:
    """Encrypts, decrypts and names the records of one store."""

    def __init__(self, key: bytes, *, salt: bytes, schema_version: int) -> None:
        """Derive the store's keys.

        Args:
            key: 32 bytes from the key file.
            salt: 16 bytes of the store, so that two stores under one key share no subkey.
            schema_version: Version of the store's schema; records of another one do not open.

        Raises:
            MissingPart: The cryptography package is not installed.
            ValueError: The key is not 32 bytes long.
        """
        if len(key) != _SUBKEY_BYTES:
            raise ValueError(f"key must have {_SUBKEY_BYTES} bytes, got {len(key)}")
        self._cipher, self._naming_key = _derived(key, salt)
        self._schema_version = schema_version

    def record_key(self, sample: CapturedSample, *, content_sha256: str, model_id: ModelId) -> bytes:
        """Name of the record of one sample: another image, resolution, finger or model has another name.

        Args:
            sample: The decoded sample.
            content_sha256: Checksum of the file's bytes, in hexadecimal.
            model_id: Model that makes the template.

        Returns:
            32 bytes.
        """
        rows, columns = sample.pixels.shape[:2]
        read_as = _SAMPLE.pack(sample.resolution_ppi, rows, columns, sample.position)
        text = f"{sample.modality.value}\0{model_id}\0{content_sha256}".encode()
        return hmac.new(self._naming_key, read_as + text, hashlib.sha256).digest()

    def seal(self, plain: bytes, *, record_key: bytes, model_id: ModelId) -> bytes:
        """Encrypted record: 12 bytes of nonce, then ciphertext and tag."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, self._bound_to(record_key, model_id))

    def unseal(self, sealed: bytes, *, record_key: bytes, model_id: ModelId) -> bytes:
        """Decrypted record.

        Raises:
            StoreError: The key is another one, or the record was altered or moved.
        """
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - optional part, loaded on first use

        nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, ciphertext, self._bound_to(record_key, model_id))
        except (InvalidTag, TypeError, ValueError) as exc:  # no bytes, or too few to hold a nonce
            raise StoreError("the record was altered, moved, or sealed with another key") from exc

    def _bound_to(self, record_key: bytes, model_id: ModelId) -> bytes:
        return struct.pack("<HH", self._schema_version, len(record_key)) + record_key + model_id.encode()


def _derived(key: bytes, salt: bytes) -> tuple[AESGCM, bytes]:
    """Cipher and naming key."""
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - optional part
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - optional part
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 - optional part
    except ImportError as exc:
        raise MissingPart("cryptography", extra="secure", purpose="the template store") from exc
    derivation = HKDF(SHA256(), 2 * _SUBKEY_BYTES, salt, b"biocapil template store")
    subkeys = derivation.derive(key)
    return AESGCM(subkeys[:_SUBKEY_BYTES]), subkeys[_SUBKEY_BYTES:]
