"""Iris codes as the tables that the kernels slide over references: every rotation is a place in the table.

sliding words    entry i holds the 64 bits that begin at column i - turns; rotation r of word w is entry
                 ``w * columns_per_word + r``
thinned table    entry ``w * rotations + r`` holds word w of the kept columns at rotation r
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.packed_codes import ThinnedCodes, kept_pairs
from biocapil.iris_code import CodeGeometry, IrisCode

PADDED_TO = 16
"""Rotations that the kernels may read at once; entries past the last rotation are read and not used."""

COLUMNS_PER_STEP = 100
"""Stage one turns a code of so many columns by one at a time, of twice as many by two: at most 3.6 degrees.
Half a step off, mates still look like mates to an encoder whose shortest wave spans a few steps."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CodeTables:
    """Tables of some probes.

    Attributes:
        code: Entries of each. Shape (Q, E), uint64, read-only.
        mask: The same of the masks. Shape (Q, E), uint64, read-only.
        valid_bits: Smallest and largest number of valid bits over the rotations. Shape (Q, 2), int64,
            read-only.
        stride: Entries from one word to the next.
        rotations: Rotations, the first at entry 0.
    """

    code: NDArray[np.uint64]
    mask: NDArray[np.uint64]
    valid_bits: NDArray[np.int64]
    stride: int
    rotations: int


def code_words(codes: Sequence[IrisCode], geometry: CodeGeometry) -> NDArray[np.uint64]:
    """Words and masks of some codes of one geometry. Shape (Q, 2, geometry.words), uint64."""
    words = [(code.code, code.mask) for code in codes]
    return np.array(words, np.uint64).reshape(len(codes), 2, geometry.words)


def sliding_words(words: NDArray[np.uint64], geometry: CodeGeometry, *, turns: int) -> CodeTables:
    """Tables for comparison in full, at all turns from -turns to turns; `words` as of `code_words`."""
    rotations = 2 * turns + 1
    stride = geometry.columns_per_word
    entries = stride * (geometry.words - 1) + -(-rotations // PADDED_TO) * PADDED_TO
    starts = np.arange(entries) - turns
    return _tables(words, geometry, starts[:, None] + np.arange(stride), geometry.words, (stride, rotations))


def thinned_table(words: NDArray[np.uint64], stage_one: ThinnedCodes, *, turns: int) -> CodeTables:
    """Tables for stage one, of the kept bits at every `turn_step`; `words` as of `code_words`."""
    geometry, kept, step = stage_one.of_geometry, stage_one.codes.geometry, turn_step(stage_one.of_geometry)
    count = -(-(2 * turns + 1) // step)
    at = step * np.arange(count) - step * (count - 1) // 2
    places = np.arange(kept.words)[:, None] * kept.columns_per_word + np.arange(kept.columns_per_word)
    starts = (stage_one.every * places[:, None, :] + at[:, None]).reshape(-1, kept.columns_per_word)
    padded = np.concatenate([starts, np.repeat(starts[-1:], PADDED_TO, axis=0)])
    narrowed = CodeGeometry(columns=geometry.columns, column_bits=kept.column_bits)
    bits = kept_pairs(geometry.columns_of(words), geometry.column_bits, pairs_every=stage_one.pairs_every)
    return _tables(narrowed.words_of(bits), narrowed, padded, kept.words, (count, count))


def turn_step(geometry: CodeGeometry) -> int:
    """Columns from one rotation of stage one to the next."""
    return max(1, geometry.columns // COLUMNS_PER_STEP)


def _tables(
    words: NDArray[np.uint64],
    geometry: CodeGeometry,
    columns: NDArray[np.integer],
    count: int,
    steps: tuple[int, int],
) -> CodeTables:
    """Entries that hold the given columns, counted around the eye.

    Args:
        words: The probes, as of `code_words`.
        geometry: How their bits stand.
        columns: Columns of each entry. Shape (E, columns_per_word).
        count: Words of a reference.
        steps: Entries from one word to the next, and rotations.
    """
    stride, rotations = steps
    chosen = np.ascontiguousarray(geometry.columns_of(words)[..., columns % geometry.columns])
    entries = chosen.view("<u8")[..., 0].astype(np.uint64)
    code, mask = np.ascontiguousarray(entries[:, 0]), np.ascontiguousarray(entries[:, 1])
    words_at = stride * np.arange(count)[:, None] + np.arange(rotations)
    counts = np.bitwise_count(mask[:, words_at]).sum(axis=1, dtype=np.int64)
    valid = np.stack([counts.min(axis=1), counts.max(axis=1)], axis=1)
    for array in (code, mask, valid):
        array.flags.writeable = False
    return CodeTables(code=code, mask=mask, valid_bits=valid, stride=stride, rotations=rotations)
