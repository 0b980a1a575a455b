"""`EmbeddingPrecision`: what similarities are computed from, and how it stands in memory.

    precision   gallery word              probe word                   a product is
    float32     1 x float32               1 x float32                  float32
    float16     1 x uint16, IEEE binary16 1 x float32, same values     float32 of the widened values
    bfloat16    2 x uint16, upper halves  2 x float32, same values, or float32 of the widened values
                of float32                2 x uint16 for vdpbf16ps

Probes are rounded as references are, so that a similarity does not depend on which side is the probe.
Numba has no 16-bit floats: they travel as bits, and the tiles take int16 for float16, uint16 for bfloat16.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.embedding_layout import LANES, Words, filled_up, float_words


class EmbeddingPrecision(Enum):
    """What the similarities of a packed gallery are computed from."""

    FLOAT32 = "float32"
    """4 bytes a dimension, and 1.125 for the stages before."""

    FLOAT16 = "float16"
    """2 bytes a dimension, and 1.125 for the stages before; similarities are off by about 0.00001."""

    BFLOAT16 = "bfloat16"
    """The same bytes; similarities are off by about 0.0001. Fastest of the floats where a processor has
    fast dot products of them (Zen 4), otherwise about as fast as float32."""

    INT8 = "int8"
    """1.125 bytes a dimension; similarities are off by about 0.001."""


LARGEST_ROUNDING = {
    EmbeddingPrecision.FLOAT32: 0.0,
    EmbeddingPrecision.FLOAT16: 2.0**-11,
    EmbeddingPrecision.BFLOAT16: 2.0**-8,
    EmbeddingPrecision.INT8: 0.0,
}
"""How much longer, in parts of its length, rounding can make an embedding before it is quantised."""


def rounded(rows: NDArray[np.float32], precision: EmbeddingPrecision) -> NDArray[np.float32]:
    """Embeddings as a gallery of this precision will hold them, before they are quantised. Shape (N, D)."""
    if precision is EmbeddingPrecision.FLOAT16:
        return rows.astype(np.float16).astype(np.float32)
    if precision is EmbeddingPrecision.BFLOAT16:
        return widened(upper_halves(rows))
    return rows


def widened(halves: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Float32 values of which these are the upper halves."""
    return (halves.astype(np.uint32) << np.uint32(16)).view(np.float32)


def tile_bits(values: Words) -> Words:
    """Values of a gallery in the type by which the tiles know them."""
    return values.view(np.int16) if precision_of(values) is EmbeddingPrecision.FLOAT16 else values


def upper_halves(rows: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Upper halves of float32 values, rounded to the nearest, ties to even; finite values only."""
    bits = np.ascontiguousarray(rows).view(np.uint32)
    odd = (bits >> np.uint32(16)) & np.uint32(1)
    halves: NDArray[np.uint16] = ((bits + np.uint32(0x7FFF) + odd) >> np.uint32(16)).astype(np.uint16)
    return halves


def gallery_values(rows: NDArray[np.float32], precision: EmbeddingPrecision) -> Words | None:
    """Rounded embeddings as words of a gallery; None where it holds only bytes. Shape (N, words, parts)."""
    if precision is EmbeddingPrecision.INT8:
        return None
    if precision is EmbeddingPrecision.FLOAT16:
        return float_words(rows).astype(np.float16).view(np.uint16)
    if precision is EmbeddingPrecision.BFLOAT16:
        halves = filled_up(upper_halves(rows))
        return halves.reshape(len(halves), halves.shape[1] // 2, 2)
    return float_words(rows)


def probe_values(rows: NDArray[np.float32], precision: EmbeddingPrecision) -> Words | None:
    """Rounded embeddings as words of probes. Shape (P, words, parts)."""
    words = gallery_values(rows, precision)
    return None if words is None else as_probes(words, precision)


def as_probes(words: Words, precision: EmbeddingPrecision) -> Words:
    """Words of a gallery as words of probes."""
    from biocapil.comparison.kernels.compilation import multiplies_bfloat16_in_pairs

    if precision is EmbeddingPrecision.FLOAT16:
        return words.view(np.float16).astype(np.float32)
    if precision is EmbeddingPrecision.BFLOAT16 and not multiplies_bfloat16_in_pairs():
        return widened(words)
    return words


def form_of_values(
    precision: EmbeddingPrecision, *, blocks: int, dimensions: int
) -> tuple[np.dtype[Any], tuple[int, ...]]:
    """Type and shape of the values of a gallery.

    Args:
        precision: Any but INT8, whose galleries hold none.
        blocks: Blocks of sixteen rows.
        dimensions: Dimensions of an embedding.
    """
    filled = -(-dimensions // LANES) * LANES
    if precision is EmbeddingPrecision.FLOAT16:
        return np.dtype(np.uint16), (blocks, filled, LANES, 1)
    if precision is EmbeddingPrecision.BFLOAT16:
        return np.dtype(np.uint16), (blocks, filled // 2, LANES, 2)
    return np.dtype(np.float32), (blocks, filled, LANES, 1)


def precision_of(values: Words | None) -> EmbeddingPrecision:
    """Precision that a gallery of such values has."""
    if values is None:
        return EmbeddingPrecision.INT8
    if values.dtype != np.uint16:
        return EmbeddingPrecision.FLOAT32
    return EmbeddingPrecision.FLOAT16 if values.shape[-1] == 1 else EmbeddingPrecision.BFLOAT16
