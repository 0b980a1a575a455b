"""`PersonRecord` to bytes and back, and the hash by which the same content is known again.

Little-endian:

    id bytes u8 | region bytes u8 | year of birth u16, 0 unknown | sex u8 | templates u8
    | id | region | position u8 each | minutiae u8 each | packed minutiae, 64 bytes each
"""

from __future__ import annotations

import hashlib
import struct

import numpy as np

from biocapil.comparison import PackedTemplates
from biocapil.comparison.layout import WORDS
from biocapil.errors import FormatError
from biocapil.gallery.person_record import PersonRecord, Sex
from biocapil.vocabulary import FingerPosition, ModelId, SubjectId

RECORD = "gallery person"
HASH_BYTES = 16
MINUTIA_BYTES = WORDS * 8

_HEAD = struct.Struct("<BBHBB")


def encode_record(record: PersonRecord) -> bytes:
    """Bytes of a person; the same person gives the same bytes."""
    person_id, region = record.person_id.encode(), record.region.encode()
    head = _HEAD.pack(len(person_id), len(region), record.birth_year or 0, record.sex, len(record.templates))
    sizes = record.templates.sizes().astype(np.uint8)
    words = record.templates.words.astype("<u8", copy=False)
    return b"".join((head, person_id, region, bytes(record.positions), sizes.tobytes(), words.tobytes()))


def decode_record(data: bytes, *, model_id: ModelId) -> PersonRecord:
    """Person of its bytes.

    Args:
        data: What `encode_record` made.
        model_id: Model of the gallery.

    Raises:
        FormatError: The bytes are no person.
    """
    if len(data) < _HEAD.size:
        raise FormatError(f"the header has {_HEAD.size} bytes, here are {len(data)}", record=RECORD)
    id_bytes, region_bytes, birth_year, sex, count = _HEAD.unpack_from(data)
    region_at = _HEAD.size + id_bytes
    positions_at = region_at + region_bytes
    sizes_at = positions_at + count
    words_at = sizes_at + count
    sizes = np.frombuffer(data[sizes_at:words_at], np.uint8)
    minutiae = int(sizes.sum())
    wanted = words_at + minutiae * MINUTIA_BYTES
    if len(data) != wanted:
        raise FormatError(f"{minutiae} minutiae make {wanted} bytes, here are {len(data)}", record=RECORD)
    words = np.frombuffer(data, "<u8", minutiae * WORDS, words_at).astype(np.uint64)
    try:
        return PersonRecord(
            person_id=SubjectId(data[_HEAD.size : region_at].decode()),
            region=data[region_at:positions_at].decode(),
            birth_year=birth_year or None,
            sex=Sex(sex),
            positions=tuple(FingerPosition(code) for code in data[positions_at:sizes_at]),
            templates=PackedTemplates(
                words=words.reshape(-1, WORDS),
                offsets=np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]),
                model_id=model_id,
            ),
        )
    except ValueError as exc:
        raise FormatError(f"holds no sound person: {type(exc).__name__}: {exc}", record=RECORD) from exc


def content_hash(record: PersonRecord) -> bytes:
    """Sixteen bytes that change with everything that is kept of a person."""
    return hashlib.blake2b(encode_record(record), digest_size=HASH_BYTES).digest()


def id_hash(person_id: str) -> int:
    """Place of an identifier in the order of a segment: 64 bits."""
    return int.from_bytes(hashlib.blake2b(person_id.encode(), digest_size=8).digest(), "little")
