"""An image record for people, as tables, and for programs, as JSON lines; never its pixels.

The fields are those of the record's own nouns, under the same names, so that a new edition needs no listing
of its own; codes that have a word are followed by it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from enum import IntEnum
from typing import Any, cast

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from biocapil.formats import (
    CaptureDate,
    ColourSpace,
    EyeColour,
    FaceImageType,
    Gender,
    HairColour,
    ImageEncoding,
    ImageRecord,
    IrisImageRecord2005,
    IrisImageType,
    RecordedImpression,
    RecordedPosition,
    ScaleUnit,
)
from biocapil.vocabulary import EyePosition, Modality

Fields = dict[str, Any]

WORDS: dict[tuple[Modality, str], type[IntEnum]] = {
    (Modality.FINGER, "position"): RecordedPosition,
    (Modality.FINGER, "impression"): RecordedImpression,
    (Modality.FINGER, "scale_unit"): ScaleUnit,
    (Modality.FACE, "gender"): Gender,
    (Modality.FACE, "eye_colour"): EyeColour,
    (Modality.FACE, "hair_colour"): HairColour,
    (Modality.FACE, "image_type"): FaceImageType,
    (Modality.FACE, "colour_space"): ColourSpace,
    (Modality.IRIS, "eye"): EyePosition,
    (Modality.IRIS, "image_type"): IrisImageType,
}
WORD_SUFFIX = "_name"
PARTS = ("representations", "eyes")
"""Attribute of a record that holds its images, or its eyes with theirs."""


def image_record_lines(record: ImageRecord) -> Iterator[str]:
    """One JSON object for the header, then one an image, or one an eye in the 2005 edition of irises."""
    yield json.dumps(
        {
            "type": "header",
            "standard": record.title,
            "modality": _modality(record).value,
            "images": len(record.images),
            **_fields(record, _modality(record)),
        }
    )
    noun, parts = _parts(record)
    for number, part in enumerate(parts, start=1):
        yield json.dumps({"type": noun, "number_in_record": number, **_fields(part, _modality(record))})


def image_record_report(record: ImageRecord) -> Iterator[RenderableType]:
    """A heading and a table each for the header and for every image."""
    yield Text(f"\n{record.title}", style="bold")
    header = {"modality": _modality(record).value, "images": len(record.images)}
    yield _table({**header, **_fields(record, _modality(record))})
    noun, parts = _parts(record)
    for number, part in enumerate(parts, start=1):
        yield Text(f"\n{noun} {number}", style="bold")
        yield _table(_fields(part, _modality(record)))


def _modality(record: ImageRecord) -> Modality:
    return record.images[0].modality


def _parts(record: ImageRecord) -> tuple[str, tuple[Any, ...]]:
    """Images of a record, or its eyes with theirs, and what one of them is called."""
    if isinstance(record, IrisImageRecord2005):
        return "eye", record.eyes
    return "image", record.representations


def _fields(noun: Any, modality: Modality) -> Fields:
    """Fields of a noun by name, nested as it is; bytes are only counted."""
    found: Fields = {}
    for name in (field.name for field in fields(noun) if field.name not in PARTS):
        value = getattr(noun, name)
        if isinstance(value, bytes):
            found[f"{name}_bytes"] = len(value)
            continue
        found[name] = _plain(value, modality)
        words = WORDS.get((modality, name))
        if words is not None:
            found[f"{name}{WORD_SUFFIX}"] = _word(words, value)
    return found


def _plain(value: Any, modality: Modality) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, CaptureDate) and value.moment is not None:
        return value.moment.isoformat()
    if isinstance(value, ImageEncoding):
        return value.value
    if isinstance(value, tuple):
        return [_plain(item, modality) for item in cast("tuple[object, ...]", value)]
    return value if isinstance(value, int) else _fields(value, modality)


def _word(words: type[IntEnum], code: int) -> str:
    return words(code).name.lower() if code in frozenset(words) else f"undefined_{code}"


def _table(found: Fields) -> Table:
    table = Table("field", "value")
    for name, value in _flat(found):
        table.add_row(name, value)
    return table


def _flat(found: Fields, before: str = "") -> Iterator[tuple[str, str]]:
    """Rows of a table: nested names joined, a code with its word, what is nothing left out."""
    for name, value in found.items():
        label = f"{before}{name.replace('_', ' ')}"
        if name.endswith(WORD_SUFFIX) and name.removesuffix(WORD_SUFFIX) in found:
            continue
        if isinstance(value, dict):
            yield from _flat(cast("Fields", value), f"{label}, ")
        elif isinstance(value, list):
            for number, item in enumerate(cast("list[Fields]", value), start=1):
                yield from _flat(item, f"{label} {number}, ")
        else:
            word = found.get(f"{name}{WORD_SUFFIX}")
            yield label, f"{value} ({word.replace('_', ' ')})" if word else str(value)
