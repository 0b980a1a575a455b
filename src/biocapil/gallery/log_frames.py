"""What the log of a gallery holds: one frame a change, in the order in which they were made.

    kind u8 | three zero bytes | payload bytes u32 | payload

    1 person enrolled     payload: the person, see `record_codec`
    2 person withdrawn    payload: identifier of a person whose frame stands earlier in this log
    3 persons buried      payload: number of a segment u32, rows of persons in it u32 each

The manifest says how long the log is and which checksum it has, so frames need none of their own.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import FormatError
from biocapil.gallery.models import GalleryModels
from biocapil.gallery.person_record import PersonRecord
from biocapil.gallery.record_codec import decode_record, encode_record
from biocapil.vocabulary import SubjectId

RECORD = "gallery log"
ENROLLED, WITHDRAWN, BURIED = 1, 2, 3

_HEAD = struct.Struct("<B3xI")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Enrolled:
    """A person was added.

    Attributes:
        record: The person.
    """

    record: PersonRecord


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Withdrawn:
    """A person of the log was deleted.

    Attributes:
        person_id: Who.
    """

    person_id: SubjectId


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Buried:
    """Persons of a segment were deleted.

    Attributes:
        segment: Number of the segment.
        rows: Their rows in it. Shape (n,), uint32.
    """

    segment: int
    rows: NDArray[np.uint32]


Frame = Enrolled | Withdrawn | Buried


def encode_frame(frame: Frame) -> bytes:
    """Bytes of one change."""
    if isinstance(frame, Enrolled):
        kind, payload = ENROLLED, encode_record(frame.record)
    elif isinstance(frame, Withdrawn):
        kind, payload = WITHDRAWN, frame.person_id.encode()
    else:
        kind = BURIED
        payload = struct.pack("<I", frame.segment) + frame.rows.astype("<u4", copy=False).tobytes()
    return _HEAD.pack(kind, len(payload)) + payload


def decode_frames(data: bytes, *, models: GalleryModels) -> Iterator[Frame]:
    """Changes of a log, or of its newest part.

    Args:
        data: Whole frames.
        models: Models of the gallery.

    Raises:
        FormatError: The bytes are no frames.
    """
    place = 0
    while place < len(data):
        if len(data) - place < _HEAD.size:
            raise FormatError("ends inside the head of a frame", record=RECORD, offset=place)
        kind, size = _HEAD.unpack_from(data, place)
        start = place + _HEAD.size
        if size > len(data) - start:
            raise FormatError("ends inside a frame", record=RECORD, offset=place)
        try:
            yield _decoded(kind, data[start : start + size], models)
        except (FormatError, ValueError) as exc:
            raise FormatError(f"holds no sound frame: {exc}", record=RECORD, offset=place) from exc
        place = start + size


def _decoded(kind: int, payload: bytes, models: GalleryModels) -> Frame:
    if kind == ENROLLED:
        return Enrolled(record=decode_record(payload, models=models))
    if kind == WITHDRAWN:
        return Withdrawn(person_id=SubjectId(payload.decode()))
    if kind != BURIED or len(payload) < 4 or len(payload) % 4:
        raise ValueError(f"kind {kind} with {len(payload)} bytes is none that this version writes")
    numbers = np.frombuffer(payload, "<u4").astype(np.uint32)
    return Buried(segment=int(numbers[0]), rows=numbers[1:])
