"""`PackedEmbeddings`: many embeddings in the form that search reads, see `embedding_layout`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.embedding_layout import (
    BYTE_MAX,
    BYTE_ZERO,
    LANES,
    ROWS_AT_ONCE,
    Words,
    aligned,
    byte_words,
    gallery_blocks,
    interleave,
    offset_bytes,
    quantised,
    sign_words,
)
from biocapil.comparison.embedding_precision import (
    EmbeddingPrecision,
    form_of_values,
    gallery_values,
    precision_of,
    rounded,
)
from biocapil.comparison.sign_spread import SignSpreads, measure_sign_spreads
from biocapil.embedding import Embedding, require_unit_rows
from biocapil.errors import IncompatibleTemplates
from biocapil.vocabulary import ModelId

UNCUT = 0.99
"""Share of the embeddings whose values are all quantised without being cut off."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PackedEmbeddings:
    """Embeddings of one model, ready for search.

    Attributes:
        count: How many.
        dimensions: Dimensions of each.
        signs: Sign bits. Shape (B, words, 16, 1), uint64, read-only.
        octets: Quantised values plus 128. Shape (B, words, 16, 4), uint8, read-only.
        values: The embeddings themselves, see `embedding_precision`; None where similarities are those of
            `octets`. Shape (B, words, 16, 1 or 2), float32 or uint16, read-only.
        scale: Quantised steps in a length of 1.
        rounding: Largest distance between an embedding and its quantised form.
        spreads: How far signs tell a similarity in this gallery.
        model_id: Model that made all of them.
    """

    count: int
    dimensions: int
    signs: NDArray[np.uint64]
    octets: NDArray[np.uint8]
    values: NDArray[np.float32] | NDArray[np.uint16] | None
    scale: float
    rounding: float
    spreads: SignSpreads
    model_id: ModelId

    def __post_init__(self) -> None:
        blocks, filled = gallery_blocks(self.count), -(-self.dimensions // LANES) * LANES
        shapes = {
            "signs": (np.dtype(np.uint64), (blocks, -(-self.dimensions // 64), LANES, 1)),
            "octets": (np.dtype(np.uint8), (blocks, filled // 4, LANES, 4)),
            "values": form_of_values(self.precision, blocks=blocks, dimensions=self.dimensions),
        }
        for name, (dtype, shape) in shapes.items():
            array: NDArray[Any] | None = getattr(self, name)
            if array is None and name == "values":
                continue
            if array is None or array.dtype != dtype or array.shape != shape:
                found = None if array is None else f"{array.dtype} of shape {array.shape}"
                raise ValueError(f"{name} must be {dtype} of shape {shape}, got {found}")
            view = np.ascontiguousarray(array).view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)

    @property
    def precision(self) -> EmbeddingPrecision:
        """What similarities are computed from."""
        return precision_of(self.values)

    def take(self, rows: NDArray[np.int64]) -> PackedEmbeddings:
        """Copies of some embeddings in a new order.

        Args:
            rows: Which. Shape (M,), int64.
        """
        blocks = gallery_blocks(len(rows))

        def taken(packed: Words, fill: int = 0) -> Words:
            chosen = packed[rows // LANES, :, rows % LANES]
            return interleave(chosen, lanes=LANES, blocks=blocks, fill=fill)

        return replace(
            self,
            count=len(rows),
            signs=taken(self.signs),
            octets=taken(self.octets, BYTE_ZERO),
            values=None if self.values is None else taken(self.values),
        )

    def __len__(self) -> int:
        return self.count

    def __repr__(self) -> str:
        return (
            f"PackedEmbeddings({self.count} of {self.dimensions} dimensions, {self.precision.value}, "
            f"model {self.model_id})"
        )


def pack_embeddings(
    embeddings: Sequence[Embedding], *, precision: EmbeddingPrecision = EmbeddingPrecision.FLOAT32
) -> PackedEmbeddings:
    """Pack embeddings of one model.

    Args:
        embeddings: At least one.
        precision: What similarities will be computed from.

    Raises:
        IncompatibleTemplates: The embeddings are of different models.
        ValueError: There is none, or they are not of the same length.
    """
    if not embeddings:
        raise ValueError("packing needs at least one embedding, got none")
    model_id = embeddings[0].model_id
    rows = stack_rows(embeddings, model_id=model_id, dimensions=len(embeddings[0]))
    return pack_embedding_rows(rows, model_id=model_id, precision=precision)


def pack_embedding_rows(
    rows: NDArray[np.float32],
    *,
    model_id: ModelId,
    precision: EmbeddingPrecision = EmbeddingPrecision.FLOAT32,
    scale: float | None = None,
) -> PackedEmbeddings:
    """Pack embeddings that stand in the rows of a matrix.

    Args:
        rows: Unit length each. Shape (N, D), float32, at least one row.
        model_id: Model that made them.
        precision: What similarities will be computed from.
        scale: Quantised steps in a length of 1; by default so many that hardly a value is cut off.

    Raises:
        ValueError: The matrix has another type or no row, or a row has not length 1.
    """
    if rows.dtype != np.float32 or rows.ndim != 2 or not len(rows):
        raise ValueError(
            f"rows must be float32 of shape (N, D) with N at least 1, got {rows.dtype} of shape {rows.shape}"
        )
    require_unit_rows(rows)
    rows = rounded(rows, precision)
    count, dimensions = rows.shape
    scale = _scale_of(rows) if scale is None else scale
    blocks, filled = gallery_blocks(count), -(-dimensions // LANES) * LANES
    signs = aligned((blocks, -(-dimensions // 64), LANES, 1), np.uint64)
    octets = aligned((blocks, filled // 4, LANES, 4), np.uint8, fill=BYTE_ZERO)
    values = None
    if precision is not EmbeddingPrecision.INT8:
        dtype, shape = form_of_values(precision, blocks=blocks, dimensions=dimensions)
        values = aligned(shape, dtype.type)
    rounding = 0.0
    for first in range(0, count, ROWS_AT_ONCE):
        some = rows[first : first + ROWS_AT_ONCE]
        part = slice(first // LANES, first // LANES + gallery_blocks(len(some)))
        steps = quantised(some, scale)
        rounding = max(rounding, rounding_of(some, steps, scale))
        signs[part] = interleave(sign_words(some), lanes=LANES, blocks=part.stop - part.start)
        octets[part] = interleave(
            offset_bytes(byte_words(steps)), lanes=LANES, blocks=part.stop - part.start, fill=BYTE_ZERO
        )
        words = gallery_values(some, precision)
        if values is not None and words is not None:
            values[part] = interleave(words, lanes=LANES, blocks=part.stop - part.start)
    return PackedEmbeddings(
        count=count, dimensions=dimensions, signs=signs, octets=octets, values=values,
        scale=scale, rounding=rounding, spreads=measure_sign_spreads(rows), model_id=model_id,
    )  # fmt: skip


def stack_rows(embeddings: Sequence[Embedding], *, model_id: ModelId, dimensions: int) -> NDArray[np.float32]:
    """Embeddings of one model and length as the rows of a matrix. Shape (N, D).

    Raises:
        IncompatibleTemplates: One is of another model.
        ValueError: One has another length.
    """
    for index, embedding in enumerate(embeddings):
        if embedding.model_id != model_id:
            raise IncompatibleTemplates(
                f"embedding {index} was made by {embedding.model_id}, the others by {model_id}; "
                f"embeddings of different models never compare: extract all of them with one model"
            )
        if len(embedding) != dimensions:
            raise ValueError(f"embedding {index} has {len(embedding)} dimensions, the others {dimensions}")
    rows = np.empty((len(embeddings), dimensions), np.float32)
    for index, embedding in enumerate(embeddings):
        rows[index] = embedding.values
    return rows


def rounding_of(rows: NDArray[np.float32], steps: NDArray[np.int8], scale: float) -> float:
    """Largest distance between embeddings and their quantised form."""
    off = rows - steps / np.float32(scale)
    return float(np.sqrt(np.einsum("nd,nd->n", off, off).max(initial=0.0)))


def _scale_of(rows: NDArray[np.float32]) -> float:
    """Scale at which 127 is the largest value of nearly all: an odd one is cut off, not the others coarse."""
    largest = np.maximum(rows.max(axis=1), -rows.min(axis=1))
    return float(BYTE_MAX / np.float32(np.quantile(largest, UNCUT, method="higher")))
