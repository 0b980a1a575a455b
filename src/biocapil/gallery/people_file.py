"""`PeopleFile`: the people of a Parquet file that `export_people` wrote, checked as they are read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np

from biocapil.comparison import PackedTemplates
from biocapil.comparison.layout import LAYOUT_VERSION, WORDS
from biocapil.embedding import Embedding
from biocapil.errors import ChecksumMismatch, FormatError, UnsupportedVersion
from biocapil.gallery.json_values import text, whole_number
from biocapil.gallery.models import GalleryModels
from biocapil.gallery.models_json import models_from_fields
from biocapil.gallery.people_schema import METADATA, SCHEMA, PeopleHash, arrow, table_schema
from biocapil.gallery.person_record import PersonRecord, Sex
from biocapil.iris_code import IrisCode
from biocapil.vocabulary import EyePosition, FingerPosition, ModelId, SubjectId

RECORD = "people file"
AT_ONCE = 256
"""People that are read at a time."""

MINUTIA_BYTES = WORDS * 8
MOST_PERSONS = 1 << 40


class PeopleFile:
    """A file of people that was opened; closing gives the file back."""

    def __init__(self, path: Path) -> None:
        """Open a file and read what it says of itself.

        Raises:
            MissingPart: PyArrow is not installed.
            OSError: It cannot be opened.
            FormatError: It is no file of people.
            UnsupportedVersion: It is of another version of BioCapil, or packed in another layout.
        """
        pa, parquet = arrow()
        self._arrow_errors = (pa.ArrowException, ValueError, TypeError, OSError)
        self._file = path.open("rb")
        try:
            try:
                self._parquet: Any = parquet.ParquetFile(self._file, pre_buffer=False)
                metadata: dict[bytes, bytes] | None = self._parquet.metadata.metadata
            except self._arrow_errors as exc:
                raise FormatError("no Parquet file", record=RECORD) from exc
            self.models, self.persons, self._sha256 = _terms((metadata or {}).get(METADATA))
            _require_columns(self._parquet.schema_arrow, table_schema(pa, self.models))
        except BaseException:
            self._file.close()
            raise

    def records(self) -> Iterator[PersonRecord]:
        """Everybody, in the order of the file.

        Raises:
            FormatError: A row is no person.
            ChecksumMismatch: After the last person: these are not those who were written.
        """
        seen = PeopleHash()
        for row in self._rows():
            try:
                record = _record(row, self.models)
            except (ValueError, TypeError, KeyError) as exc:
                raise FormatError(
                    f"row {seen.persons} is no sound person: {type(exc).__name__}", record=RECORD
                ) from exc
            seen.take(record)
            yield record
        if (seen.persons, seen.digest()) != (self.persons, self._sha256):
            raise ChecksumMismatch(
                "people file: these are not the people who were written: export them again"
            )

    def require_sound(self) -> None:
        """Read everybody, to know the whole file before any of it is used.

        Raises:
            FormatError: A row is no person.
            ChecksumMismatch: The people are not those who were written.
        """
        for _ in self.records():
            pass

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_problem: object) -> None:
        self.close()

    def _rows(self) -> Iterator[dict[str, Any]]:
        try:
            for batch in self._parquet.iter_batches(batch_size=AT_ONCE):
                yield from batch.to_pylist()
        except self._arrow_errors as exc:
            raise FormatError("ends or breaks in the middle", record=RECORD) from exc


def _require_columns(found: Any, meant: Any) -> None:
    if not found.remove_metadata().equals(meant):
        raise FormatError("has other columns than its models need", record=RECORD)


def _terms(stated: bytes | None) -> tuple[GalleryModels, int, str]:
    """Models, number of people and checksum that a file states."""
    if stated is None:
        raise FormatError("says nothing of its models: no file that BioCapil exported", record=RECORD)
    try:
        terms: dict[str, Any] = json.loads(stated)
        found = terms["schema"], terms["layout_version"]
    except (ValueError, RecursionError, TypeError, KeyError) as exc:
        raise FormatError("states no sound terms", record=RECORD) from exc
    if found != (SCHEMA, LAYOUT_VERSION):
        raise UnsupportedVersion(
            f"is {found[0]!r:.60} with layout {found[1]!r:.20}, this BioCapil reads {SCHEMA!r} with layout "
            f"{LAYOUT_VERSION}: export the people again, from the system of record if need be",
            record=RECORD,
        )
    try:
        models = models_from_fields(terms["models"])
        return models, whole_number(terms["persons"], MOST_PERSONS), text(terms["sha256"])
    except (KeyError, TypeError, ValueError) as exc:
        raise FormatError(f"states no sound terms: {type(exc).__name__}: {exc}"[:200], record=RECORD) from exc


def _record(row: dict[str, Any], models: GalleryModels) -> PersonRecord:
    fingers, irises, faces = (row.get(name) or () for name in ("fingers", "irises", "faces"))
    return PersonRecord(
        person_id=SubjectId(row["person_id"]),
        fingers=_fingers([each["minutiae"] for each in fingers], models.finger),
        finger_positions=tuple(FingerPosition(each["position"]) for each in fingers),
        irises=tuple(_iris(each, models) for each in irises),
        eyes=tuple(EyePosition(each["eye"]) for each in irises),
        faces=tuple(_face(each["values"], models) for each in faces),
        region=row["region"],
        birth_year=row["birth_year"],
        sex=Sex(row["sex"]),
    )


def _fingers(rows: Sequence[bytes], model_id: ModelId | None) -> PackedTemplates | None:
    if not rows or model_id is None:
        return None
    ends = np.cumsum([0, *(len(each) // MINUTIA_BYTES for each in rows)], dtype=np.int64)
    words = np.frombuffer(b"".join(rows), "<u8").astype(np.uint64).reshape(-1, WORDS)
    return PackedTemplates(words=words, offsets=ends, model_id=model_id)


def _iris(fields: dict[str, bytes], models: GalleryModels) -> IrisCode:
    if models.iris is None:
        raise ValueError("no model of irises")
    code, mask = (np.frombuffer(fields[name], "<u8").astype(np.uint64) for name in ("code", "mask"))
    return IrisCode(code=code, mask=mask, geometry=models.iris.geometry, model_id=models.iris.model_id)


def _face(values: Sequence[float], models: GalleryModels) -> Embedding:
    if models.face is None or len(values) != models.face.dimensions:
        raise ValueError("an embedding of another length")
    return Embedding(values=np.array(values, np.float32), model_id=models.face.model_id)
