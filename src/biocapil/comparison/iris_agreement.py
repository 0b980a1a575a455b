"""Where two iris codes agree: the best turn and every bit at it, for pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.iris_references import iris_similarity, normalised_distance
from biocapil.comparison.packed_codes import pack_codes
from biocapil.comparison.search_codes import search_codes
from biocapil.iris_code import CodeGeometry, IrisCode


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IrisAgreement:
    """Two codes at the turn at which they differ least.

    Attributes:
        turn: Columns: column c of the reference is like column c + turn of the probe.
        differing_bits: Compared bits that differ.
        compared_bits: Bits that are valid in both.
        similarity: As a search gives it.
        compared: Bit by column of the reference: whether it was compared. Shape (column_bits, columns), bool.
        agrees: Whether it is the same in both. Same shape, bool.
    """

    turn: int
    differing_bits: int
    compared_bits: int
    similarity: float
    compared: NDArray[np.bool_]
    agrees: NDArray[np.bool_]


def iris_agreement(probe: IrisCode, reference: IrisCode, *, turns: int) -> IrisAgreement | None:
    """Compare two codes bit by bit.

    Args:
        probe: One code.
        reference: Another of the same model.
        turns: Columns that the eye may be turned either way.

    Returns:
        Their agreement, or None where too few bits are valid in both.

    Raises:
        IncompatibleTemplates: The codes are of different models or geometries.
    """
    (found,) = search_codes([probe], pack_codes([reference]), turns=turns, limit=1)
    for best in found:
        turned = probe.turned(best.turn)
        geometry = reference.geometry
        distance = normalised_distance(np.array(best.dissimilarity), np.array(best.compared_bits), geometry)
        return IrisAgreement(
            turn=best.turn,
            differing_bits=best.differing_bits,
            compared_bits=best.compared_bits,
            similarity=float(iris_similarity(distance)),
            compared=_bits(turned.mask & reference.mask, geometry),
            agrees=_bits(~(turned.code ^ reference.code), geometry),
        )
    return None


def _bits(words: NDArray[np.uint64], geometry: CodeGeometry) -> NDArray[np.bool_]:
    """Bit by column. Shape (column_bits, columns)."""
    columns = geometry.columns_of(words).astype(np.uint64)
    places = np.arange(geometry.column_bits, dtype=np.uint64)[:, None]
    bits: NDArray[np.bool_] = (columns >> places) & np.uint64(1) == 1
    return bits
