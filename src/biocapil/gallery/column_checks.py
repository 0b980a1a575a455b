"""What a search relies on in columns that were read, checked one column after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.layout import MAX_MINUTIAE
from biocapil.errors import FormatError
from biocapil.gallery.columns import Columns
from biocapil.gallery.person_record import Sex
from biocapil.gallery.record_codec import id_hash
from biocapil.gallery.shelf import Shelf, lanes_of
from biocapil.vocabulary import EyePosition, FingerPosition, Modality

RECORD = "gallery segment"
LARGEST_POSITION = {Modality.FINGER: max(FingerPosition), Modality.IRIS: max(EyePosition), Modality.FACE: 0}
BLOCKS_AT_ONCE = 4096


def check_columns(columns: Columns, *, regions: int) -> None:
    """Refuse columns that a search could not rely on.

    Args:
        columns: What was read.
        regions: How many regions the manifest names.

    Raises:
        FormatError: They are not as `columns_of` makes them; the message names the column.
    """
    faults = {
        "id_hashes": _falls(columns.id_hashes),
        "regions": bool((columns.regions >= regions).any()),
        "sexes": not np.isin(columns.sexes, list(Sex)).all(),
        "id_ends": _falls(columns.id_ends)
        or (int(columns.id_ends[-1]) if columns.persons else 0) != len(columns.ids),
    }
    for shelf in columns.shelves.values():
        faults |= {f"{shelf.modality.value}.{name}": wrong for name, wrong in _faults(shelf, columns.persons)}
    for name, wrong in faults.items():
        if wrong:
            raise FormatError("holds what no writer writes", record=RECORD, field=name)
    _check_ids(columns)


def _faults(shelf: Shelf, persons: int) -> Iterator[tuple[str, bool]]:
    positions, owners = shelf.positions, shelf.owners
    misplaced = (positions > LARGEST_POSITION[shelf.modality]).any() or _falls(positions)
    yield "positions", bool(misplaced)
    falling = (owners[1:] < owners[:-1]) & (positions[1:] == positions[:-1])
    yield "owners", bool(((owners < 0) | (owners >= persons)).any() or falling.any())
    if shelf.modality is Modality.FINGER:
        yield "offsets", _wrong_offsets(shelf)
    elif not misplaced:
        yield from _wrong_lanes(shelf)


def _wrong_offsets(shelf: Shelf) -> bool:
    offsets = shelf.payload["offsets"]
    sizes = np.diff(offsets)
    ends = offsets[0] != 0 or offsets[-1] != len(shelf.payload["words"])
    return bool(ends or ((sizes < 0) | (sizes > MAX_MINUTIAE)).any())


def _wrong_lanes(shelf: Shelf) -> Iterator[tuple[str, bool]]:
    """Whether masks say what their counts say, and lanes without a template hold none."""
    lanes = lanes_of(shelf.positions, shelf.modality)
    used = np.zeros(lanes, np.bool_)
    used[shelf.slots()] = True
    for prefix in ("", "thinned_") if shelf.modality is Modality.IRIS else ():
        if f"{prefix}codes" in shelf.payload:
            counts = shelf.payload[f"{prefix}valid_bits"]
            yield (
                f"{prefix}valid_bits",
                counts.size != lanes
                or _miscounted(shelf.payload[f"{prefix}codes"], counts, used.reshape(counts.shape)),
            )
    if shelf.modality is Modality.FACE:
        signs = shelf.payload["signs"]
        yield "signs", signs.shape[0] * signs.shape[2] != lanes


def _miscounted(codes: NDArray[np.uint64], counts: NDArray[np.int64], used: NDArray[np.bool_]) -> bool:
    for first in range(0, len(codes), BLOCKS_AT_ONCE):
        some = slice(first, first + BLOCKS_AT_ONCE)
        found = np.bitwise_count(codes[some, :, 1]).sum(axis=1, dtype=np.int64)
        if (found != counts[some]).any() or found[~used[some]].any():
            return True
    return False


def _check_ids(columns: Columns) -> None:
    for row in range(columns.persons):
        try:
            sound = id_hash(columns.person_id(row)) == int(columns.id_hashes[row])
        except UnicodeDecodeError:
            sound = False
        if not sound:
            raise FormatError(f"person {row} has another hash", record=RECORD, field="ids")


def _falls(values: NDArray[Any]) -> bool:
    return bool((values[1:] < values[:-1]).any())
