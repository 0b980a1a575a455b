"""`BitStrings` and `PackedBits`: plain bits, all of them valid, as they come and as search reads them.

blocks[b, w, l]   word w of string 8 b + l
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.packed_codes import LANES, interleave
from biocapil.iris_code import WORD_BITS
from biocapil.vocabulary import ModelId

MOST_BITS = 65_536
"""Bits of a string at most."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BitStrings:
    """Bit strings of one model, one a row.

    Attributes:
        words: Bit b of a string is bit ``b % 64`` of word ``b // 64``; bits past the last are 0. Shape
            (N, ceil(bits / 64)), uint64, read-only.
        bits: Bits of a string, 1 to `MOST_BITS`.
        model_id: Model that made them; strings of different models never compare.
    """

    words: NDArray[np.uint64]
    bits: int
    model_id: ModelId

    def __post_init__(self) -> None:
        count = _words_for(self.bits)
        if self.words.dtype != np.uint64 or self.words.ndim != 2 or self.words.shape[1] != count:
            raise ValueError(
                f"words must be uint64 of shape (N, {count}), got {self.words.dtype} of shape "
                f"{self.words.shape}"
            )
        rest = count * WORD_BITS - self.bits
        if rest and (self.words[:, -1] >> np.uint64(WORD_BITS - rest)).any():
            raise ValueError(f"the last {rest} bits of words stand past the last bit and must be 0")
        view = np.ascontiguousarray(self.words).view(np.ndarray)
        view.flags.writeable = False
        object.__setattr__(self, "words", view)

    def __len__(self) -> int:
        return len(self.words)

    def __repr__(self) -> str:
        return f"BitStrings({len(self)} strings of {self.bits} bits, model {self.model_id})"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PackedBits:
    """Bit strings of one model, ready for search; the blocks may lie in a memory-mapped file.

    Attributes:
        blocks: Eight strings interleaved word by word. Shape (B, ceil(bits / 64), 8), uint64, C order,
            read-only; what stands in the lanes past the last string is never looked at.
        count: Strings.
        bits: Bits of a string.
        model_id: Model that made all of them.
    """

    blocks: NDArray[np.uint64]
    count: int
    bits: int
    model_id: ModelId

    def __post_init__(self) -> None:
        shape = (-(-self.count // LANES), _words_for(self.bits), LANES)
        if self.blocks.dtype != np.uint64 or self.blocks.shape != shape:
            raise ValueError(
                f"blocks must be uint64 of shape {shape}, "
                f"got {self.blocks.dtype} of shape {self.blocks.shape}"
            )
        view = np.ascontiguousarray(self.blocks).view(np.ndarray)
        view.flags.writeable = False
        object.__setattr__(self, "blocks", view)

    def __len__(self) -> int:
        return self.count

    def __repr__(self) -> str:
        return (
            f"PackedBits({self.count} strings of {self.bits} bits, {self.blocks.nbytes} bytes, "
            f"model {self.model_id})"
        )


def pack_bits(strings: BitStrings) -> PackedBits:
    """Interleave bit strings for search."""
    rows = strings.words[:, None]
    blocks = np.zeros((-(-len(rows) // LANES), rows.shape[2], 1, LANES), np.uint64)
    interleave(rows, blocks)
    return PackedBits(
        blocks=blocks[:, :, 0], count=len(strings), bits=strings.bits, model_id=strings.model_id
    )


def _words_for(bits: int) -> int:
    if not 1 <= bits <= MOST_BITS:
        raise ValueError(f"bits must lie in 1..{MOST_BITS}, got {bits}")
    return -(-bits // WORD_BITS)
