"""Minutiae for the chip of a card: bare rows of three or five bytes, one finger a data object.

    compact  x, y in 0.1 mm (1 byte each) | type (2 bits), angle in 360/64 degrees (6 bits)
    normal   type (2 bits), x in 0.01 mm (14 bits) | reserved (2 bits), y (14 bits) | angle in 360/256 degrees

There is no header: the card itself says the form and the order of minutiae (biometric information template),
the length says their number. Qualities have no place. Origin and directions are those of the record format.
The tags around the rows (ISO/IEC 7816-11) are for the program that talks to the card.

Reference: ISO/IEC 19794-2:2005, clause 9; for the order of removal ISO/IEC 19794-2:2011, clause 9.3.2.
"""

from __future__ import annotations

from enum import Enum

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import FormatError, TruncatedRecord
from biocapil.formats.minutiae_record import MAX_MINUTIAE
from biocapil.formats.minutiae_removal import lasting_first
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import FingerPosition, MinutiaType, ModelId


class CardFormat(Enum):
    """The two forms of a minutia on a card."""

    COMPACT = "iso-19794-2-card-compact"
    NORMAL = "iso-19794-2-card-normal"

    @property
    def title(self) -> str:
        """Name in words."""
        return f"ISO/IEC 19794-2:2005, card format, {self.name.lower()} size"

    @property
    def minutia_bytes(self) -> int:
        """Bytes of a minutia."""
        return 3 if self is CardFormat.COMPACT else 5

    @property
    def unit_um(self) -> float:
        """Step of x and y."""
        return 100.0 if self is CardFormat.COMPACT else 10.0

    @property
    def angle_units(self) -> int:
        """Angle units in a full turn."""
        return 64 if self is CardFormat.COMPACT else 256

    @property
    def max_coordinate(self) -> int:
        """Largest x and y in steps: 25.5 mm or 163.83 mm."""
        return 0xFF if self is CardFormat.COMPACT else 0x3FFF


class CardOrder(Enum):
    """In which order a card wants its minutiae.

    Distances are from the centre of mass of the minutiae that are written. BEST_FIRST is for cards that want
    no order: it keeps the ranks of the qualities, which have no place of their own.
    """

    ANY = "any"
    BEST_FIRST = "best-first"
    X_ASCENDING = "x-ascending"
    X_DESCENDING = "x-descending"
    Y_ASCENDING = "y-ascending"
    Y_DESCENDING = "y-descending"
    ANGLE_ASCENDING = "angle-ascending"
    ANGLE_DESCENDING = "angle-descending"
    POLAR_ASCENDING = "polar-ascending"
    POLAR_DESCENDING = "polar-descending"


NORMAL_ROW = np.dtype([("kind_x", ">u2"), ("reserved_y", ">u2"), ("angle", "u1")])


def write_card_minutiae(
    template: FingerprintTemplate,
    *,
    card_format: CardFormat,
    limit: int = MAX_MINUTIAE,
    order: CardOrder = CardOrder.ANY,
) -> bytes:
    """Minutiae of one finger in a card format.

    Positions and angles are rounded to the nearest step. A print that reaches beyond the largest coordinate
    is shifted towards the origin, which no comparison notices; one that is too wide for that loses what lies
    farthest from its centre.

    Args:
        template: The finger.
        card_format: Form of a minutia.
        limit: Most minutiae that the card accepts, 1 to 255; `minutiae_removal` says which go.
        order: Order that the card wants; ANY leaves them as the template has them.

    Raises:
        ValueError: `limit` is outside 1..255, or the template has no minutiae.
    """
    if not 1 <= limit <= MAX_MINUTIAE:
        raise ValueError(f"limit must lie in 1..{MAX_MINUTIAE}, got {limit}")
    if not len(template):
        raise ValueError("a card needs at least one minutia, got a template without any")
    units = card_format.angle_units
    angles = np.rint(template.angles_rad.astype(np.float64) * (units / (2 * np.pi))).astype(np.int64) % units
    steps = np.rint(template.positions_um.astype(np.float64) / card_format.unit_um).astype(np.int64)
    steps -= _origin(steps, card_format.max_coordinate)
    inside = (steps >= 0) & (steps <= card_format.max_coordinate)
    fits = inside[:, 0] & inside[:, 1]
    lasting = lasting_first(
        template.positions_um.astype(np.float64),
        template.kinds,
        template.angles_rad.astype(np.float64),
        template.qualities,
    )
    kept = lasting[fits[lasting]][:limit]
    if order is not CardOrder.BEST_FIRST:
        kept = np.sort(kept)
    rows = kept[_in_order(steps[kept], angles[kept], order)]
    return _encode(card_format, steps[rows], angles[rows], template.kinds[rows].astype(np.int64))


def read_card_minutiae(
    data: bytes,
    *,
    card_format: CardFormat,
    best_first: bool = False,
    position: FingerPosition = FingerPosition.UNKNOWN,
    model_id: ModelId | None = None,
) -> FingerprintTemplate:
    """Template of the minutiae of one finger.

    Args:
        data: The rows, without the tags around them.
        card_format: Form of a minutia: the bytes do not say.
        best_first: The minutiae stand best first, as `CardOrder.BEST_FIRST` writes them: the template's
            qualities are ranks, falling from 100 to 1. Otherwise there are none, and a comparison has to take
            central minutiae for the best.
        position: Finger: the bytes do not say it either.
        model_id: What the template says made it; by default ``minutiae:`` and the format.

    Raises:
        TruncatedRecord: The bytes end inside a minutia.
        FormatError: There is no minutia, or more than 255, or one has the reserved type or reserved bits.
    """
    size = card_format.minutia_bytes
    title = card_format.title
    count, rest = divmod(len(data), size)
    if rest:
        text = f"bytes needed: {size}, left: {rest}"
        raise TruncatedRecord(text, record=title, field=f"minutia {count + 1}", offset=count * size)
    if not 1 <= count <= MAX_MINUTIAE:
        text = f"{count} is not allowed, must be 1..{MAX_MINUTIAE}"
        raise FormatError(text, record=title, field="number of minutiae", offset=0)
    steps, angles, kinds, reserved = _decode(card_format, data)
    for field, values, high in (("type", kinds, int(max(MinutiaType))), ("reserved bits", reserved, 0)):
        wrong = np.flatnonzero(values > high)
        if wrong.size:
            first = int(wrong[0])
            text = f"{int(values[first])} is outside 0..{high}"
            place = f"{field} of minutia {first + 1}"
            raise FormatError(text, record=title, field=place, offset=first * size)
    width, height = ((steps.max(axis=0) + 1) * card_format.unit_um).tolist()
    return FingerprintTemplate(
        positions_um=(steps * card_format.unit_um).astype(np.float32),
        angles_rad=(angles * (2 * np.pi / card_format.angle_units)).astype(np.float32),
        kinds=kinds.astype(np.uint8),
        qualities=np.rint(np.linspace(100 * best_first, best_first, count)).astype(np.uint8),
        extent_um=(width, height),
        model_id=model_id or ModelId(f"minutiae:{card_format.value}"),
        position=position,
    )


def _origin(steps: NDArray[np.int64], largest: int) -> NDArray[np.int64]:
    """What is taken off x and y, so that all lie in 0..`largest`, or those around the central minutia."""
    low, high = steps.min(axis=0), steps.max(axis=0)
    central = steps[((steps - steps.mean(axis=0)) ** 2).sum(axis=1).argmin()]
    around = np.clip(central - largest // 2, low, np.maximum(high - largest, low))
    shifted = np.where(high - low <= largest, high - largest, around)
    return np.where(high <= largest, 0, shifted)


def _in_order(steps: NDArray[np.int64], angles: NDArray[np.int64], order: CardOrder) -> NDArray[np.intp]:
    """Indices in the order that a card wants."""
    if order in {CardOrder.ANY, CardOrder.BEST_FIRST}:
        return np.arange(len(steps))
    x, y = steps.T
    key, _, direction = order.value.partition("-")
    distance2 = ((steps - steps.mean(axis=0)) ** 2).sum(axis=1)
    keys = {"x": (y, x), "y": (x, y), "angle": (angles,), "polar": (angles, distance2)}[key]
    rising = np.lexsort(keys)
    return rising if direction == "ascending" else rising[::-1]


def _encode(
    card_format: CardFormat, steps: NDArray[np.int64], angles: NDArray[np.int64], kinds: NDArray[np.int64]
) -> bytes:
    if card_format is CardFormat.COMPACT:
        return np.column_stack([steps, kinds << 6 | angles]).astype(np.uint8).tobytes()
    rows = np.empty(len(steps), NORMAL_ROW)
    rows["kind_x"] = kinds << 14 | steps[:, 0]
    rows["reserved_y"] = steps[:, 1]
    rows["angle"] = angles
    return rows.tobytes()


def _decode(
    card_format: CardFormat, data: bytes
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Steps of shape (N, 2), angles, kinds and reserved bits of shape (N,)."""
    if card_format is CardFormat.COMPACT:
        table = np.frombuffer(data, np.uint8).reshape(-1, card_format.minutia_bytes).astype(np.int64)
        return table[:, :2], table[:, 2] & 0x3F, table[:, 2] >> 6, np.zeros(len(table), np.int64)
    rows = np.frombuffer(data, NORMAL_ROW)
    kind_x, reserved_y = rows["kind_x"].astype(np.int64), rows["reserved_y"].astype(np.int64)
    steps = np.column_stack([kind_x & 0x3FFF, reserved_y & 0x3FFF])
    return steps, rows["angle"].astype(np.int64), kind_x >> 14, reserved_y >> 14
