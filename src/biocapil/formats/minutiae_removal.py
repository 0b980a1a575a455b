"""Which minutiae stay where there is room for few: the rule of the standard for cards, for records too.

Minutiae of the lowest quality are removed first, of equal ones those farthest from the centre of mass of all,
then ridge endings, then those of the largest angle. Where no quality was reported, distance decides.

Reference: ISO/IEC 19794-2:2011, clause 9.3.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from biocapil.formats.extended_data import RIDGE_COUNTS
from biocapil.formats.finger_view import HEAD_BYTES, MINUTIA_BYTES
from biocapil.formats.known_editions import EDITIONS
from biocapil.formats.minutiae_record import MAX_MINUTIAE, FingerView, MinutiaeRecord, RecordedMinutiae
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import MinutiaType

LENGTH_BYTES = 2
"""Length of the extended data, which every view has."""


def lasting_first(
    places: NDArray[np.float64],
    kinds: NDArray[np.uint8],
    angles: NDArray[np.float64],
    qualities: NDArray[np.uint8],
) -> NDArray[np.intp]:
    """Indices of the minutiae, that first which is removed last.

    Args:
        places: x and y in one unit. Shape (N, 2).
        kinds: `MinutiaType` codes. Shape (N,).
        angles: In any unit. Shape (N,).
        qualities: 1 to 100, or 0 where none was reported. Shape (N,).

    Returns:
        Shape (N,).
    """
    if not len(places):
        return np.empty(0, np.intp)
    distance2 = ((places - places.mean(axis=0)) ** 2).sum(axis=1)
    endings = kinds == MinutiaType.ENDING
    return np.lexsort((angles, endings, distance2, -qualities.astype(np.int16)))


def remove_minutiae(template: FingerprintTemplate, *, limit: int) -> FingerprintTemplate:
    """The template with at most `limit` minutiae, in their order.

    Raises:
        ValueError: `limit` is negative.
    """
    if limit < 0:
        raise ValueError(f"limit must not be negative, got {limit}")
    if len(template) <= limit:
        return template
    order = lasting_first(
        template.positions_um.astype(np.float64),
        template.kinds,
        template.angles_rad.astype(np.float64),
        template.qualities,
    )
    kept = np.sort(order[:limit])
    return replace(
        template,
        positions_um=template.positions_um[kept],
        angles_rad=template.angles_rad[kept],
        kinds=template.kinds[kept],
        qualities=template.qualities[kept],
    )


def shorten_record(
    record: MinutiaeRecord, *, minutiae: int = MAX_MINUTIAE, max_bytes: int | None = None
) -> MinutiaeRecord:
    """The record with fewer minutiae, and in no more than so many bytes.

    To save bytes, extended data go first, then minutiae, the same number staying in every view that has so
    many. Ridge counts, which number the minutiae, go with any minutia of their view.

    Args:
        record: The record.
        minutiae: Minutiae of a view at most.
        max_bytes: Length at most; None for no limit.

    Raises:
        ValueError: `minutiae` is negative, or `max_bytes` holds not even the views without minutiae.
    """
    if minutiae < 0:
        raise ValueError(f"minutiae must not be negative, got {minutiae}")
    sound = replace(record, views=tuple(_view(view, minutiae) for view in record.views))
    if max_bytes is None or record_bytes(sound) <= max_bytes:
        return sound
    bare = replace(sound, views=tuple(replace(view, blocks=()) for view in sound.views))
    room = max_bytes - record_bytes(replace(bare, views=tuple(_view(view, 0) for view in bare.views)))
    if room < 0:
        raise ValueError(
            f"{len(record.views)} finger views without minutiae take {max_bytes - room} bytes, "
            f"max_bytes allows {max_bytes}"
        )
    most = _most_each([len(view.minutiae) for view in bare.views], room // MINUTIA_BYTES)
    return replace(bare, views=tuple(_view(view, most) for view in bare.views))


def record_bytes(record: MinutiaeRecord) -> int:
    """Length of a record as it would be written."""
    heads = len(record.views) * (HEAD_BYTES + LENGTH_BYTES)
    minutiae = sum(len(view.minutiae) for view in record.views) * MINUTIA_BYTES
    body = heads + minutiae + sum(view.extended_bytes for view in record.views)
    return body + len(EDITIONS[record.standard].encode_header(record.header, len(record.views), body))


def _most_each(counts: Sequence[int], room: int) -> int:
    """Largest number that may stay of each view, so that all of them together are at most `room`."""
    low, high = 0, max(counts)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(count, middle) for count in counts) <= room:
            low = middle
        else:
            high = middle - 1
    return low


def _view(view: FingerView, limit: int) -> FingerView:
    minutiae = view.minutiae
    if len(minutiae) <= limit:
        return view
    places = np.column_stack([minutiae.x_px, minutiae.y_px]).astype(np.float64)
    angles = minutiae.angles.astype(np.float64)
    kept = np.sort(lasting_first(places, minutiae.kinds, angles, minutiae.qualities)[:limit])
    return replace(
        view,
        minutiae=RecordedMinutiae(
            kinds=minutiae.kinds[kept],
            x_px=minutiae.x_px[kept],
            y_px=minutiae.y_px[kept],
            angles=minutiae.angles[kept],
            qualities=minutiae.qualities[kept],
            reserved=minutiae.reserved[kept],
        ),
        blocks=tuple(block for block in view.blocks if block.kind != RIDGE_COUNTS),
    )
