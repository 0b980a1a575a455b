"""`PersonRecord` to bytes and back, and the hash by which the same content is known again.

Little-endian:

    id bytes u8 | region bytes u8 | year of birth u16, 0 unknown | sex u8 | fingers u8 | irises u8 | faces u8
    | id | region | position u8 each | minutiae u8 each | eye u8 each
    | packed minutiae, 64 bytes each | code and mask of each iris | float32 values of each face

How long codes and embeddings are says the gallery's manifest.
"""

from __future__ import annotations

import hashlib
import struct

import numpy as np

from biocapil.comparison import PackedTemplates
from biocapil.comparison.layout import WORDS
from biocapil.embedding import Embedding
from biocapil.errors import FormatError
from biocapil.gallery.models import GalleryModels
from biocapil.gallery.person_record import PersonRecord, Sex
from biocapil.iris_code import IrisCode
from biocapil.vocabulary import EyePosition, FingerPosition, SubjectId

RECORD = "gallery person"
HASH_BYTES = 16
MINUTIA_BYTES = WORDS * 8

_HEAD = struct.Struct("<BBHBBBB")


def encode_record(record: PersonRecord) -> bytes:
    """Bytes of a person; the same person gives the same bytes."""
    person_id, region = record.person_id.encode(), record.region.encode()
    counts = len(record.finger_positions), len(record.irises), len(record.faces)
    head = _HEAD.pack(len(person_id), len(region), record.birth_year or 0, record.sex, *counts)
    parts = [head, person_id, region, bytes(record.finger_positions)]
    if record.fingers is not None:
        parts.append(record.fingers.sizes().astype(np.uint8).tobytes())
    parts.append(bytes(record.eyes))
    if record.fingers is not None:
        parts.append(record.fingers.words.astype("<u8", copy=False).tobytes())
    for iris in record.irises:
        parts += [
            iris.code.astype("<u8", copy=False).tobytes(),
            iris.mask.astype("<u8", copy=False).tobytes(),
        ]
    parts += [face.values.astype("<f4", copy=False).tobytes() for face in record.faces]
    return b"".join(parts)


def decode_record(data: bytes, *, models: GalleryModels) -> PersonRecord:
    """Person of its bytes.

    Args:
        data: What `encode_record` made.
        models: Models of the gallery.

    Raises:
        FormatError: The bytes are no person of such a gallery.
    """
    cursor = _Cursor(data)
    id_bytes, region_bytes, birth_year, sex, fingers, irises, faces = _HEAD.unpack(cursor.take(_HEAD.size))
    person_id, region = cursor.take(id_bytes), cursor.take(region_bytes)
    positions, sizes, eyes = cursor.take(fingers), cursor.take(fingers), cursor.take(irises)
    try:
        record = PersonRecord(
            person_id=SubjectId(person_id.decode()),
            fingers=_fingers(cursor, sizes, models) if fingers else None,
            finger_positions=tuple(map(FingerPosition, positions)),
            irises=tuple(_iris(cursor, models) for _ in range(irises)),
            eyes=tuple(map(EyePosition, eyes)),
            faces=tuple(_face(cursor, models) for _ in range(faces)),
            region=region.decode(),
            birth_year=birth_year or None,
            sex=Sex(sex),
        )
    except ValueError as exc:
        raise FormatError(f"holds no sound person: {type(exc).__name__}: {exc}", record=RECORD) from exc
    cursor.require_end()
    return record


def content_hash(record: PersonRecord) -> bytes:
    """Sixteen bytes that change with everything that is kept of a person."""
    return hashlib.blake2b(encode_record(record), digest_size=HASH_BYTES).digest()


def id_hash(person_id: str) -> int:
    """Place of an identifier in the order of a segment: 64 bits."""
    return int.from_bytes(hashlib.blake2b(person_id.encode(), digest_size=8).digest(), "little")


class _Cursor:
    """Reads bytes one part after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def take(self, size: int) -> bytes:
        """The next bytes.

        Raises:
            FormatError: There are not so many left.
        """
        part = self._data[self._place : self._place + size]
        if len(part) != size:
            raise FormatError(
                f"{size} bytes belong here, {len(part)} are left", record=RECORD, offset=self._place
            )
        self._place += size
        return part

    def require_end(self) -> None:
        """Refuse bytes that are left over."""
        left = len(self._data) - self._place
        if left:
            raise FormatError(f"{left} bytes are left over", record=RECORD, offset=self._place)


def _fingers(cursor: _Cursor, sizes: bytes, models: GalleryModels) -> PackedTemplates:
    if models.finger is None:
        raise ValueError("fingers in a gallery that holds none")
    ends = np.cumsum(np.frombuffer(sizes, np.uint8), dtype=np.int64)
    words = np.frombuffer(cursor.take(int(ends[-1]) * MINUTIA_BYTES), "<u8").astype(np.uint64)
    return PackedTemplates(
        words=words.reshape(-1, WORDS),
        offsets=np.concatenate([np.zeros(1, np.int64), ends]),
        model_id=models.finger,
    )


def _iris(cursor: _Cursor, models: GalleryModels) -> IrisCode:
    model = models.iris
    if model is None:
        raise ValueError("irises in a gallery that holds none")
    words = np.frombuffer(cursor.take(2 * 8 * model.geometry.words), "<u8").astype(np.uint64)
    code, mask = words.reshape(2, -1)
    return IrisCode(code=code, mask=mask, geometry=model.geometry, model_id=model.model_id)


def _face(cursor: _Cursor, models: GalleryModels) -> Embedding:
    model = models.face
    if model is None:
        raise ValueError("faces in a gallery that holds none")
    values = np.frombuffer(cursor.take(4 * model.dimensions), "<f4").astype(np.float32)
    return Embedding(values=values, model_id=model.model_id)
