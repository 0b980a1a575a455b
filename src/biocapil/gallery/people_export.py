"""`export_people`: everybody of a snapshot into one Parquet file, a few people in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from biocapil.comparison.layout import LAYOUT_VERSION
from biocapil.gallery.durable import replacing
from biocapil.gallery.models_json import models_to_fields
from biocapil.gallery.people_schema import (
    METADATA,
    SCHEMA,
    PeopleHash,
    arrow,
    batch_of,
    canonical,
    table_schema,
)
from biocapil.gallery.person_record import PersonRecord
from biocapil.gallery.snapshot import GallerySnapshot

MOST_PERSONS = 1000
"""People of one row group at most."""

MOST_BYTES = 16 << 20
"""Bytes of templates after which a row group ends."""


def export_people(
    snapshot: GallerySnapshot, path: Path, *, on_progress: Callable[[int, int], None] | None = None
) -> int:
    """Write everybody who is there; the file is whole or not there, and readable by its owner alone.

    It holds biometric data in the clear, as the gallery does.

    Args:
        snapshot: Gallery.
        path: File, replaced where there is one.
        on_progress: Called with the persons written and their number.

    Returns:
        How many people there are.

    Raises:
        MissingPart: PyArrow is not installed.
        OSError: The file cannot be written; what stood there stands.
    """
    pa, parquet = arrow()
    seen = PeopleHash()
    models = snapshot.models
    with replacing(path) as file, parquet.ParquetWriter(file, table_schema(pa, models)) as writer:
        for part in _parts(snapshot.records()):
            for record in part:
                seen.take(record)
            writer.write_batch(batch_of(pa, part, models))
            if on_progress is not None:
                on_progress(seen.persons, len(snapshot))
        terms = {
            "schema": SCHEMA,
            "layout_version": LAYOUT_VERSION,
            "models": models_to_fields(models),
            "persons": seen.persons,
            "sha256": seen.digest(),
        }
        writer.add_key_value_metadata({METADATA: canonical(terms).encode("ascii")})
    return seen.persons


def _parts(records: Iterable[PersonRecord]) -> Iterator[list[PersonRecord]]:
    part: list[PersonRecord] = []
    filled = 0
    for record in records:
        part.append(record)
        filled += record.payload_bytes
        if len(part) == MOST_PERSONS or filled >= MOST_BYTES:
            yield part
            part, filled = [], 0
    if part:
        yield part
