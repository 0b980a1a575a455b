"""How embeddings stand in memory: sixteen rows side by side, one in each lane of a vector register.

    rows      (N, words, parts)           one embedding after the other
    blocks    (B, words, 16, parts)       the same word of sixteen rows is one contiguous run

    precision   a word holds                                        parts
    float32     one dimension                                       1 x float32
    float16     one dimension                                       1 x uint16, probes 1 x float32
    bfloat16    two dimensions, the upper halves of float32         2 x uint16
    int8        four dimensions; in a gallery 128 is added to each  4 x uint8, probes 4 x int8
    sign bits   64 dimensions, lowest bit first, 1 where above 0    1 x uint64

A lane is a row, so that a search never adds across lanes and compares sixteen scores with one instruction.
Dimensions are filled up with zeros to a multiple of sixteen, galleries to whole groups of three blocks.
Probes stand in tiles of eight in the same form. The 128 makes gallery bytes unsigned, as the dot product
instructions of processors want one side; it adds a constant to all scores of a probe, which is taken off.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

LANES = 16
"""Rows of a block."""

GROUP = 3
"""Blocks that are compared at once with a tile of probes; galleries hold whole groups."""

TILE = 8
"""Probes of a tile."""

BYTE_ZERO = 128
"""What stands for 0 in a gallery of bytes."""

BYTE_MAX = 127
"""Largest quantised value, either way."""

CACHE_LINE = 64
"""Bytes."""

ROWS_AT_ONCE = 48 * 256
"""Rows that packing turns at a time: the copies in between stay small."""

Words = NDArray[Any]


def float_words(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Embeddings as words of one dimension. Shape (N, D) to (N, D filled up, 1)."""
    return filled_up(rows)[:, :, None]


def quantised(rows: NDArray[np.float32], scale: float) -> NDArray[np.int8]:
    """Embeddings in steps of 1 / scale, cut off at 127 steps. Shape (N, D)."""
    steps = np.rint(rows * np.float32(scale))
    clipped: NDArray[np.int8] = np.clip(steps, -BYTE_MAX, BYTE_MAX).astype(np.int8)
    return clipped


def byte_words(steps: NDArray[np.int8]) -> NDArray[np.int8]:
    """Quantised embeddings as words of four dimensions. Shape (N, D) to (N, D filled up / 4, 4)."""
    filled = filled_up(steps)
    return filled.reshape(len(filled), filled.shape[1] // 4, 4)


def sign_words(rows: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Signs of embeddings as words of 64 dimensions. Shape (N, D) to (N, D filled up / 64, 1)."""
    octets = np.zeros((len(rows), -(-rows.shape[1] // 64) * 8), np.uint8)
    packed = np.packbits(rows > 0, axis=1, bitorder="little")
    octets[:, : packed.shape[1]] = packed
    return octets.view("<u8").astype(np.uint64)[:, :, None]


def offset_bytes(words: NDArray[np.int8]) -> NDArray[np.uint8]:
    """Signed words of probes as unsigned words of a gallery, 128 larger."""
    return words.view(np.uint8) ^ np.uint8(BYTE_ZERO)


def signed_bytes(words: NDArray[np.uint8]) -> NDArray[np.int8]:
    """Unsigned words of a gallery as signed words of probes, 128 smaller."""
    return (words ^ np.uint8(BYTE_ZERO)).view(np.int8)


def gallery_blocks(count: int) -> int:
    """Blocks that hold so many rows, in whole groups."""
    return -(-count // (LANES * GROUP)) * GROUP


def aligned(shape: tuple[int, ...], dtype: type[np.generic], *, fill: int = 0) -> Words:
    """An array that begins at a cache line, so that no lane of a block reaches over two of them."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    room = np.empty(size + CACHE_LINE, np.uint8)
    start = -room.ctypes.data % CACHE_LINE
    array: Words = room[start : start + size].view(dtype).reshape(shape)
    array.fill(fill)
    return array


def interleave(words: Words, *, lanes: int, blocks: int, fill: int = 0) -> Words:
    """Rows to blocks.

    Args:
        words: Shape (N, words, parts).
        lanes: Rows of a block.
        blocks: How many blocks, enough for all rows.
        fill: What stands in the lanes that are left over.

    Returns:
        Shape (blocks, words, lanes, parts).
    """
    count, width, parts = words.shape
    whole, rest = divmod(count, lanes)
    out = np.full((blocks, width, lanes, parts), fill, words.dtype)
    out[:whole] = words[: whole * lanes].reshape(whole, lanes, width, parts).transpose(0, 2, 1, 3)
    if rest:
        out[whole, :, :rest] = words[whole * lanes :].transpose(1, 0, 2)
    return out


def rows_of_blocks(blocks: Words, rows: NDArray[np.int64]) -> Words:
    """Some rows of a gallery, as words again. Shape (len(rows), words, parts)."""
    chosen: Words = blocks[rows // LANES, :, rows % LANES]
    return chosen


def probe_tiles(words: Words) -> Words:
    """Probes to tiles: of one where there is one, else of eight. Shape (T, words, 1 or 8, parts)."""
    lanes = 1 if len(words) == 1 else TILE
    return interleave(words, lanes=lanes, blocks=-(-len(words) // lanes))


def filled_up(rows: Words) -> Words:
    """Rows with zeros up to a multiple of sixteen dimensions."""
    count, dimensions = rows.shape
    filled = np.zeros((count, -(-dimensions // LANES) * LANES), rows.dtype)
    filled[:, :dimensions] = rows
    return filled
