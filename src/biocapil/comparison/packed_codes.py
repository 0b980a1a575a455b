"""`PackedCodes`: iris codes of many eyes, eight interleaved, the form that search reads.

    blocks[b, w, 0, l]   word w of the code of reference 8 b + l
    blocks[b, w, 1, l]   word w of its mask

`thin` keeps every n-th column of each, and some of its bits: neighbours are much alike, so that a few of them
already tell strangers apart, and a two-stage search compares in full only what they propose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import IncompatibleTemplates
from biocapil.iris_code import COLUMN_BITS, CodeGeometry, IrisCode
from biocapil.vocabulary import ModelId

LANES = 8
"""References of a block."""

KEPT_BITS = 16
"""Bits that `thin` keeps of a column by default."""

PACKED_AT_ONCE = 4096
"""References that packing holds twice."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PackedCodes:
    """Iris codes of one model, ready for search; the blocks may lie in a memory-mapped file.

    Attributes:
        blocks: Interleaved codes and masks. Shape (B, geometry.words, 2, 8), uint64, C order, read-only; the
            lanes past the last code are 0.
        valid_bits: Set bits of each mask. Shape (B, 8), int64, read-only.
        count: Codes.
        geometry: How their bits stand.
        model_id: Model or encoder that made all of them.
    """

    blocks: NDArray[np.uint64]
    valid_bits: NDArray[np.int64]
    count: int
    geometry: CodeGeometry
    model_id: ModelId

    def __post_init__(self) -> None:
        blocks = -(-self.count // LANES)
        _require("blocks", self.blocks, np.dtype(np.uint64), (blocks, self.geometry.words, 2, LANES))
        _require("valid_bits", self.valid_bits, np.dtype(np.int64), (blocks, LANES))
        rest = self.count % LANES
        if rest and (self.blocks[-1, :, 1, rest:].any() or self.valid_bits[-1, rest:].any()):
            raise ValueError(f"the last {LANES - rest} lanes hold no code, so that their masks must be 0")
        for name in ("blocks", "valid_bits"):
            view = np.ascontiguousarray(getattr(self, name)).view(np.ndarray)
            view.flags.writeable = False
            object.__setattr__(self, name, view)

    @classmethod
    def from_blocks(
        cls, blocks: NDArray[np.uint64], *, count: int, geometry: CodeGeometry, model_id: ModelId
    ) -> PackedCodes:
        """Codes that are interleaved already; their valid bits are counted."""
        valid = np.bitwise_count(blocks[:, :, 1]).sum(axis=1, dtype=np.int64)
        return cls(blocks=blocks, valid_bits=valid, count=count, geometry=geometry, model_id=model_id)

    def __len__(self) -> int:
        return self.count

    def __repr__(self) -> str:
        return (
            f"PackedCodes({self.count} codes of {self.geometry.bits} bits, {self.blocks.nbytes} bytes, "
            f"model {self.model_id})"
        )

    def code(self, row: int) -> IrisCode:
        """One code, as it was packed."""
        if not 0 <= row < self.count:
            raise ValueError(f"row must lie in 0..{self.count - 1}, got {row}")
        code, mask = self.blocks[row // LANES, :, :, row % LANES].T.copy()
        return IrisCode(code=code, mask=mask, geometry=self.geometry, model_id=self.model_id)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ThinnedCodes:
    """Every n-th column of some packed codes, and every m-th pair of its bits, for stage one of a search.

    Attributes:
        codes: The kept bits, packed.
        every: One column in so many is kept.
        pairs_every: One pair of neighbouring bits of a column in so many is kept.
        of_geometry: How the whole codes stand.
    """

    codes: PackedCodes
    every: int
    pairs_every: int
    of_geometry: CodeGeometry


def pack_codes(
    codes: Sequence[IrisCode], *, geometry: CodeGeometry | None = None, model_id: ModelId | None = None
) -> PackedCodes:
    """Pack iris codes of one model.

    Args:
        codes: The codes, at least one unless `geometry` and `model_id` are given.
        geometry: How their bits must stand; by default as those of the first.
        model_id: Model that they must be of; by default that of the first.

    Raises:
        IncompatibleTemplates: The codes are of different models or geometries.
        ValueError: There is no code, and no `geometry` or no `model_id`.
    """
    if not codes and (geometry is None or model_id is None):
        raise ValueError("packing no code needs geometry and model_id, so that the gallery knows its own")
    geometry = geometry or codes[0].geometry
    model_id = model_id or codes[0].model_id
    require_alike(codes, geometry, model_id)
    blocks = np.zeros((-(-len(codes) // LANES), geometry.words, 2, LANES), np.uint64)
    for first in range(0, len(codes), PACKED_AT_ONCE):
        some = codes[first : first + PACKED_AT_ONCE]
        rows = np.array([(code.code, code.mask) for code in some])
        interleave(rows, blocks[first // LANES : -(-(first + len(some)) // LANES)])
    return PackedCodes.from_blocks(blocks, count=len(codes), geometry=geometry, model_id=model_id)


def interleave(rows: NDArray[np.uint64], blocks: NDArray[np.uint64]) -> None:
    """Put rows of words into zeroed blocks, eight to a block.

    Args:
        rows: Code and mask of each reference. Shape (N, 2, words).
        blocks: Receives them. Shape (ceil(N / 8), words, 2, 8).
    """
    whole = len(rows) // LANES
    blocks[:whole] = rows[: whole * LANES].reshape(whole, LANES, *rows.shape[1:]).transpose(0, 3, 2, 1)
    for lane, row in enumerate(rows[whole * LANES :]):
        blocks[whole, :, :, lane] = row.T


def thin(packed: PackedCodes, *, every: int = 3, pairs_every: int | None = None) -> ThinnedCodes:
    """Keep every n-th column of packed codes, and of its bits every m-th pair.

    The two bits of a pair are the real and the imaginary part of one response, in encoders that write them
    side by side; neighbouring rows are as much alike as neighbouring columns.

    Args:
        packed: The codes.
        every: One column in so many is kept.
        pairs_every: One pair of bits in so many is kept; by default as many as leave 16 bits of a column.

    Raises:
        ValueError: `every` is smaller than 2 or larger than the number of columns, or `pairs_every` does not
            leave 8, 16, 32 or 64 bits of a column.
    """
    geometry = packed.geometry
    if not 2 <= every <= geometry.columns:
        raise ValueError(f"every must lie in 2..{geometry.columns}, the columns of a code, got {every}")
    bits = geometry.column_bits
    by = usual_pairs_every(geometry) if pairs_every is None else pairs_every
    if by < 1 or bits % by or bits // by not in COLUMN_BITS:
        raise ValueError(
            f"pairs_every must leave one of {COLUMN_BITS} bits of the {bits} bits of a column, got {by}"
        )
    kept = kept_geometry(geometry, every=every, pairs_every=by)
    blocks = np.empty((len(packed.blocks), kept.words, 2, LANES), np.uint64)
    step = PACKED_AT_ONCE // LANES
    for first in range(0, len(blocks), step):
        words = np.ascontiguousarray(np.moveaxis(packed.blocks[first : first + step], 1, -1))
        columns = geometry.columns_of(words)[..., ::every]
        thinned = kept.words_of(kept_pairs(columns, bits, pairs_every=by))
        blocks[first : first + step] = np.moveaxis(thinned, -1, 1)
    codes = PackedCodes.from_blocks(blocks, count=packed.count, geometry=kept, model_id=packed.model_id)
    return ThinnedCodes(codes=codes, every=every, pairs_every=by, of_geometry=geometry)


def usual_pairs_every(geometry: CodeGeometry) -> int:
    """One pair of bits in so many that leaves `KEPT_BITS` of a column, where it has more."""
    return max(1, geometry.column_bits // KEPT_BITS)


def kept_geometry(geometry: CodeGeometry, *, every: int, pairs_every: int) -> CodeGeometry:
    """How the bits stand that `thin` keeps."""
    return CodeGeometry(
        columns=-(-geometry.columns // every), column_bits=geometry.column_bits // pairs_every
    )


def kept_pairs(
    columns: NDArray[np.unsignedinteger], column_bits: int, *, pairs_every: int
) -> NDArray[np.unsignedinteger]:
    """Every m-th pair of neighbouring bits of each column, from the middle of the first m on.

    Args:
        columns: Columns, of any shape.
        column_bits: Bits of each.
        pairs_every: One pair in so many is kept.

    Returns:
        The kept bits side by side, in the same shape.
    """
    if pairs_every == 1:
        return columns
    kept = np.zeros_like(columns)
    places = range((pairs_every - 1) // 2, column_bits // 2, pairs_every)
    for place, pair in enumerate(places):
        kept |= ((columns >> columns.dtype.type(2 * pair)) & columns.dtype.type(3)) << columns.dtype.type(
            2 * place
        )
    return kept


def require_alike(codes: Sequence[IrisCode], geometry: CodeGeometry, model_id: ModelId) -> None:
    """Refuse codes of another model or geometry.

    Raises:
        IncompatibleTemplates: One is.
    """
    for index, code in enumerate(codes):
        if code.model_id != model_id or code.geometry != geometry:
            raise IncompatibleTemplates(
                f"code {index} was made by {code.model_id} with {code.geometry}, the others by {model_id} "
                f"with {geometry}; codes of different models never compare: make all of them with one"
            )


def _require(
    name: str, array: NDArray[np.generic], dtype: np.dtype[np.generic], shape: tuple[int, ...]
) -> None:
    if array.dtype != dtype or array.shape != shape:
        raise ValueError(f"{name} must be {dtype} of shape {shape}, got {array.dtype} of shape {array.shape}")
