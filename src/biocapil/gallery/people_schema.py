"""What a Parquet file of people holds: one row a person, templates as they are packed, and a checksum.

    person_id, region, birth_year, sex
    fingers   position, minutiae (64 bytes each)                     of each template
    irises    eye, code, mask (little-endian 64-bit words)           of each template
    faces     values                                                 of each template

Columns of modalities that the gallery does not hold are left out. The file's metadata name the models and the
SHA-256 of all persons in order, each as `record_codec` writes it after its length.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from biocapil.errors import MissingPart
from biocapil.gallery.models import GalleryModels
from biocapil.gallery.person_record import PersonRecord
from biocapil.gallery.record_codec import encode_record

SCHEMA = "biocapil/people/1"
METADATA = b"biocapil.people"


def arrow() -> tuple[Any, Any]:
    """PyArrow and its Parquet part.

    Raises:
        MissingPart: It is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 # optional part: only where Parquet is read or written
        import pyarrow.parquet as pq  # noqa: PLC0415 # the same
    except ImportError as exc:
        raise MissingPart("PyArrow", extra="arrow", purpose="reading and writing Parquet files") from exc
    return pa, pq


def table_schema(pa: Any, models: GalleryModels) -> Any:
    """Names and types of the columns."""

    def required(name: str, kind: Any) -> Any:
        return pa.field(name, kind, nullable=False)

    def listed(name: str, *parts: Any) -> Any:
        return required(name, pa.list_(required("element", pa.struct(list(parts)))))

    columns = [
        required("person_id", pa.string()),
        required("region", pa.string()),
        pa.field("birth_year", pa.uint16()),
        required("sex", pa.uint8()),
    ]
    if models.finger is not None:
        columns.append(listed("fingers", required("position", pa.uint8()), required("minutiae", pa.binary())))
    if models.iris is not None:
        parts = [required("eye", pa.uint8()), required("code", pa.binary()), required("mask", pa.binary())]
        columns.append(listed("irises", *parts))
    if models.face is not None:
        values = pa.list_(required("element", pa.float32()))
        columns.append(listed("faces", required("values", values)))
    return pa.schema(columns)


def batch_of(pa: Any, records: Sequence[PersonRecord], models: GalleryModels) -> Any:
    """Some persons as rows."""
    schema = table_schema(pa, models)
    columns: dict[str, Any] = {
        "person_id": pa.array([each.person_id for each in records], pa.string()),
        "region": pa.array([each.region for each in records], pa.string()),
        "birth_year": pa.array([each.birth_year for each in records], pa.uint16()),
        "sex": pa.array([int(each.sex) for each in records], pa.uint8()),
        "fingers": None if models.finger is None else _fingers(pa, records, schema),
        "irises": None if models.iris is None else _irises(pa, records, schema),
        "faces": None if models.face is None else _faces(pa, records, schema),
    }
    return pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)


class PeopleHash:
    """SHA-256 of persons that pass by."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.persons = 0

    def take(self, record: PersonRecord) -> None:
        """Take the next person."""
        data = encode_record(record)
        self._hash.update(len(data).to_bytes(4, "little"))
        self._hash.update(data)
        self.persons += 1

    def digest(self) -> str:
        """Of all persons so far."""
        return self._hash.hexdigest()


def canonical(fields: dict[str, Any]) -> str:
    """Text that is the same for the same fields."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _fingers(pa: Any, records: Sequence[PersonRecord], schema: Any) -> Any:
    rows = [
        each.fingers.rows(number).astype("<u8", copy=False).tobytes()
        for each in records
        if each.fingers is not None
        for number in range(len(each.fingers))
    ]
    positions = [int(position) for each in records for position in each.finger_positions]
    counts = [len(each.finger_positions) for each in records]
    parts = [pa.array(positions, pa.uint8()), pa.array(rows, pa.binary())]
    return _lists(pa, schema.field("fingers").type, parts, counts)


def _irises(pa: Any, records: Sequence[PersonRecord], schema: Any) -> Any:
    eyes = [int(eye) for each in records for eye in each.eyes]
    codes = [code.code.astype("<u8", copy=False).tobytes() for each in records for code in each.irises]
    masks = [code.mask.astype("<u8", copy=False).tobytes() for each in records for code in each.irises]
    parts = [pa.array(eyes, pa.uint8()), pa.array(codes, pa.binary()), pa.array(masks, pa.binary())]
    return _lists(pa, schema.field("irises").type, parts, [len(each.eyes) for each in records])


def _faces(pa: Any, records: Sequence[PersonRecord], schema: Any) -> Any:
    kind = schema.field("faces").type
    faces = [face.values for each in records for face in each.faces]
    ends = _ends([len(values) for values in faces])
    flat = np.concatenate([np.zeros(0, np.float32), *faces])
    values = pa.ListArray.from_arrays(
        pa.array(ends, pa.int32()), pa.array(flat, pa.float32()), type=kind.value_type.field("values").type
    )
    return _lists(pa, kind, [values], [len(each.faces) for each in records])


def _lists(pa: Any, kind: Any, parts: Sequence[Any], counts: Sequence[int]) -> Any:
    """A column of lists of structures."""
    structures = pa.StructArray.from_arrays(parts, fields=list(kind.value_type))
    return pa.ListArray.from_arrays(pa.array(_ends(counts), pa.int32()), structures, type=kind)


def _ends(counts: Sequence[int]) -> list[int]:
    ends: list[int] = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64).tolist()
    return ends
