"""Where each column of a segment stands: it follows from the manifest, so the file holds nothing to parse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from types import MappingProxyType

import numpy as np
from numpy.typing import DTypeLike

from biocapil.comparison.layout import WORDS
from biocapil.gallery.lanes import lane_columns
from biocapil.gallery.manifest import SegmentEntry, ShelfEntry
from biocapil.gallery.models import GalleryModels
from biocapil.gallery.record_codec import HASH_BYTES
from biocapil.vocabulary import Modality

PAGE = 4096

Form = tuple[DTypeLike, tuple[int, ...]]
"""Little-endian type and shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one column stands.

    Attributes:
        start: First byte.
        dtype: Little-endian type.
        shape: Shape.
    """

    start: int
    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """Bytes."""
        return prod(self.shape) * self.dtype.itemsize

    @property
    def end(self) -> int:
        """One past the last byte."""
        return self.start + self.size


Places = Mapping[tuple[Modality | None, str], Place]
"""Places by modality, None for persons, and name of the column; in order."""


def places_of(entry: SegmentEntry, models: GalleryModels) -> Places:
    """Where each column stands, each from a page border on."""
    columns: dict[tuple[Modality | None, str], Form] = {
        (None, name): form for name, form in _person_columns(entry).items()
    }
    for modality, shelf in zip(models.modalities, entry.shelves, strict=True):
        forms = shelf_columns(modality, shelf, models)
        columns |= {(modality, name): form for name, form in forms.items()}
    places: dict[tuple[Modality | None, str], Place] = {}
    start = 0
    for name, (dtype, shape) in columns.items():
        places[name] = Place(start=start, dtype=np.dtype(dtype), shape=shape)
        start = -(-places[name].end // PAGE) * PAGE
    return MappingProxyType(places)


def file_bytes(entry: SegmentEntry, models: GalleryModels) -> int:
    """Length that the file of a segment must have."""
    return max(place.end for place in places_of(entry, models).values())


def payload_bytes(entry: SegmentEntry, models: GalleryModels) -> int:
    """Bytes of all templates."""
    return sum(
        shelf_payload_bytes(modality, shelf, models)
        for modality, shelf in zip(models.modalities, entry.shelves, strict=True)
    )


def shelf_payload_bytes(modality: Modality, shelf: ShelfEntry, models: GalleryModels) -> int:
    """Bytes of what kernels read of one modality, lanes that are left over included."""
    forms = shelf_columns(modality, shelf, models)
    beside = {"owners", "positions", "offsets"}
    return sum(
        prod(shape) * np.dtype(dtype).itemsize for name, (dtype, shape) in forms.items() if name not in beside
    )


def shelf_columns(modality: Modality, shelf: ShelfEntry, models: GalleryModels) -> dict[str, Form]:
    """Columns of one modality."""
    columns: dict[str, Form] = {
        "owners": ("<i4", (shelf.templates,)),
        "positions": ("u1", (shelf.templates,)),
    }
    if modality is Modality.FINGER:
        columns["offsets"] = ("<i8", (shelf.templates + 1,))
        columns["words"] = ("<u8", (shelf.rows, WORDS))
    for name, lanes in lane_columns(modality, models).items():
        columns[name] = (lanes.dtype, lanes.shape(shelf.rows))
    return columns


def _person_columns(entry: SegmentEntry) -> dict[str, Form]:
    persons = entry.persons
    return {
        "id_hashes": ("<u8", (persons,)),
        "contents": ("u1", (persons, HASH_BYTES)),
        "regions": ("<u2", (persons,)),
        "birth_years": ("<u2", (persons,)),
        "sexes": ("u1", (persons,)),
        "id_ends": ("<i8", (persons,)),
        "ids": ("u1", (entry.id_bytes,)),
    }
