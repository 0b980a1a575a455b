"""The manifest of a gallery: the one file whose replacement is a commit."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, cast

from biocapil.comparison.layout import LAYOUT_VERSION
from biocapil.comparison.sign_spread import SignSpread, SignSpreads, WeighedSpread
from biocapil.errors import ChecksumMismatch, FormatError, UnsupportedVersion
from biocapil.gallery.json_values import number, text, whole_number
from biocapil.gallery.models import GalleryModels
from biocapil.gallery.models_json import models_from_fields, models_to_fields
from biocapil.gallery.shelf import GRAIN, FaceMeasures
from biocapil.vocabulary import Modality

SCHEMA = "biocapil/gallery/2"
RECORD = "gallery manifest"
MAX_BYTES = 64 << 20
MAX_REGIONS = 1 << 16
MAX_NUMBER = 1 << 32
MAX_COUNT = 1 << 56
ID_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfEntry:
    """Templates of one modality in a segment.

    Attributes:
        templates: How many.
        rows: Packed minutiae of fingers; lanes of irises and faces, those that are left over included.
        measures: Of faces, where there is one.
    """

    templates: int
    rows: int
    measures: FaceMeasures | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentEntry:
    """A sealed segment.

    Attributes:
        number: Names the file; never used twice in a gallery.
        persons: Persons in it, deleted ones included.
        id_bytes: Bytes of their identifiers.
        shelves: Their templates, one shelf for each modality of the gallery, in order.
        blocks: CRC-32 of each block of the file.
    """

    number: int
    persons: int
    id_bytes: int
    shelves: tuple[ShelfEntry, ...]
    blocks: tuple[int, ...]

    @property
    def file(self) -> str:
        """Name of the file."""
        return f"segment-{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """The append segment, as far as it is committed.

    Attributes:
        number: Names the file.
        size: Bytes that count.
        crc32: Of those bytes.
    """

    number: int
    size: int = 0
    crc32: int = 0

    @property
    def file(self) -> str:
        """Name of the file."""
        return f"log-{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a gallery consists of.

    Attributes:
        gallery_id: Drawn when the gallery was made: another gallery in the same place is known by it.
        generation: One more with every commit.
        next_number: First number that no file of this gallery ever had.
        models: Models of all templates.
        regions: Names of the regions that segments hold as numbers; grows, never changes.
        segments: Sealed segments.
        log: Append segment.
    """

    gallery_id: str
    generation: int
    next_number: int
    models: GalleryModels
    regions: tuple[str, ...]
    segments: tuple[SegmentEntry, ...]
    log: LogEntry

    @property
    def files(self) -> frozenset[str]:
        """Names of all files that count, but for the manifest."""
        return frozenset({self.log.file, *(segment.file for segment in self.segments)})


def manifest_to_json(manifest: Manifest) -> bytes:
    """The file's content; the same manifest gives the same bytes."""
    fields = asdict(manifest) | {"models": models_to_fields(manifest.models)}
    content = {"schema": SCHEMA, "layout_version": LAYOUT_VERSION, **fields}
    return json.dumps({**content, "sha256": _checksum(content)}, indent=1).encode("ascii") + b"\n"


def manifest_from_json(data: bytes) -> Manifest:
    """Read the file's content; anything that `manifest_to_json` does not write is refused.

    Raises:
        UnsupportedVersion: It is of another version, or its minutiae are packed in another layout.
        ChecksumMismatch: Its content is not what was written.
        FormatError: It is no manifest of a gallery.
    """
    fields = _fields(data)
    for name, known in (("schema", SCHEMA), ("layout_version", LAYOUT_VERSION)):
        found = fields.pop(name, None)
        if found != known:
            raise UnsupportedVersion(
                f"{name} is {found!r:.60}, this BioCapil reads {known!r}: rebuild the gallery from the "
                "system of record",
                record=RECORD,
            )
    stated = fields.pop("sha256", None)
    content = {"schema": SCHEMA, "layout_version": LAYOUT_VERSION, **fields}
    if stated != _checksum(content):
        raise ChecksumMismatch("gallery manifest: the content does not have the checksum that stands in it")
    try:
        manifest = _manifest(fields)
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise FormatError(f"no sound manifest: {type(exc).__name__}: {exc}"[:200], record=RECORD) from exc
    if manifest_to_json(manifest) != data:
        raise FormatError("not as a manifest is written", record=RECORD)
    return manifest


def _fields(data: bytes) -> dict[str, Any]:
    if len(data) > MAX_BYTES:
        raise FormatError(f"larger than {MAX_BYTES:,} bytes", record=RECORD)
    try:
        fields: object = json.loads(data.decode("ascii"))
        json.dumps(fields, allow_nan=False)
    except (ValueError, RecursionError) as exc:
        raise FormatError(f"no JSON: {type(exc).__name__}"[:200], record=RECORD) from exc
    if not isinstance(fields, dict):
        raise FormatError(f"a manifest is a JSON object, got {type(fields).__name__}", record=RECORD)
    return cast("dict[str, Any]", fields)


def _checksum(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _manifest(fields: dict[str, Any]) -> Manifest:
    next_number = whole_number(fields["next_number"], MAX_NUMBER)
    models = models_from_fields(fields["models"])
    segments = tuple(_segment(each, next_number, models) for each in fields["segments"])
    log = LogEntry(
        number=whole_number(fields["log"]["number"], next_number),
        size=whole_number(fields["log"]["size"], MAX_COUNT),
        crc32=whole_number(fields["log"]["crc32"], 1 << 32),
    )
    regions = tuple(text(each) for each in fields["regions"])
    if len({each.number for each in segments}) != len(segments) or len(set(regions)) != len(regions):
        raise ValueError("a segment or a region is named twice")
    if len(regions) > MAX_REGIONS:
        raise ValueError(f"at most {MAX_REGIONS} regions, got {len(regions)}")
    return Manifest(
        gallery_id=text(fields["gallery_id"]),
        generation=whole_number(fields["generation"], MAX_COUNT),
        next_number=next_number,
        models=models,
        regions=regions,
        segments=segments,
        log=log,
    )


def _segment(fields: dict[str, Any], next_number: int, models: GalleryModels) -> SegmentEntry:
    shelves = tuple(map(_shelf, fields["shelves"]))
    if len(shelves) != len(models.modalities):
        raise ValueError(f"{len(models.modalities)} modalities have so many shelves, got {len(shelves)}")
    for modality, shelf in zip(models.modalities, shelves, strict=True):
        if (shelf.measures is not None) is not (modality is Modality.FACE and shelf.templates > 0):
            raise ValueError(f"measures that do not fit {shelf.templates} templates of {modality.value}")
        if shelf.rows % GRAIN[modality]:
            raise ValueError(f"{modality.value} fills whole groups of {GRAIN[modality]}, got {shelf.rows}")
    return SegmentEntry(
        number=whole_number(fields["number"], next_number),
        persons=whole_number(fields["persons"], MAX_COUNT),
        id_bytes=whole_number(fields["id_bytes"], MAX_COUNT),
        shelves=shelves,
        blocks=tuple(whole_number(each, 1 << 32) for each in fields["blocks"]),
    )


def _shelf(fields: dict[str, Any]) -> ShelfEntry:
    return ShelfEntry(
        templates=whole_number(fields["templates"], MAX_COUNT),
        rows=whole_number(fields["rows"], MAX_COUNT),
        measures=None if fields["measures"] is None else _measures(fields["measures"]),
    )


def _measures(fields: dict[str, Any]) -> FaceMeasures:
    spreads = fields["spreads"]
    names = ("residual", "bias", "share", "share_spread")
    first = tuple(SignSpread(**{name: number(each[name]) for name in names}) for each in spreads["first"])
    weighed = WeighedSpread(**{name: number(spreads["weighed"][name]) for name in ("slope", *names[:2])})
    if not first or weighed.slope <= 0 or any(each.share_spread <= 0 for each in first):
        raise ValueError(f"no spread of signs: {first}, {weighed}")
    measured = [(each.residual, each.bias) for each in first] + [(weighed.residual, weighed.bias)]
    if any(residual <= 0 or bias > 0 for residual, bias in measured):
        raise ValueError(f"no spread of signs: {measured}")
    return FaceMeasures(
        rounding=number(fields["rounding"]), spreads=SignSpreads(first=first, weighed=weighed)
    )
