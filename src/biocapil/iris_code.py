"""`IrisCode`: the bits of one iris and which of them can be trusted; `CodeGeometry`: how they stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.vocabulary import ModelId

WORD_BITS = 64
COLUMN_BITS = (8, 16, 32, 64)
"""Sizes of a column: those that fill a word without a rest."""

MOST_COLUMNS = 1024
"""Columns of a code at most: 65,536 bits, so that counts of bits stay small integers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeGeometry:
    """How the bits of a code stand: column after column around the pupil.

    A column holds all bits that were read at one angle, so that turning the eye shifts whole columns.

    Attributes:
        columns: Angles at which bits were read, 1 to `MOST_COLUMNS`; the last is beside the first.
        column_bits: Bits read at each: 8, 16, 32 or 64.
    """

    columns: int
    column_bits: int

    def __post_init__(self) -> None:
        if not 1 <= self.columns <= MOST_COLUMNS:
            raise ValueError(f"columns must lie in 1..{MOST_COLUMNS}, got {self.columns}")
        if self.column_bits not in COLUMN_BITS:
            raise ValueError(f"column_bits must be one of {COLUMN_BITS}, got {self.column_bits}")

    @property
    def bits(self) -> int:
        """Bits of a code."""
        return self.columns * self.column_bits

    @property
    def words(self) -> int:
        """64-bit words that hold a code; the last may be filled in part."""
        return -(-self.bits // WORD_BITS)

    @property
    def columns_per_word(self) -> int:
        """Columns that stand in one word."""
        return WORD_BITS // self.column_bits

    def columns_of(self, words: NDArray[np.uint64]) -> NDArray[np.unsignedinteger]:
        """Words as one unsigned integer a column. Shape (..., words) to (..., columns)."""
        narrow: NDArray[np.unsignedinteger] = words.astype("<u8").view(f"<u{self.column_bits // 8}")
        return narrow[..., : self.columns]

    def words_of(self, columns: NDArray[np.unsignedinteger]) -> NDArray[np.uint64]:
        """The way back from `columns_of`; bits past the last column are 0."""
        filled = np.zeros(
            (*columns.shape[:-1], self.words * self.columns_per_word), f"<u{self.column_bits // 8}"
        )
        filled[..., : self.columns] = columns
        return filled.view("<u8").astype(np.uint64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IrisCode:
    """Bits of one iris with their mask.

    Attributes:
        code: The bits; column c starts at bit ``c * column_bits``, bit b is bit ``b % 64`` of word
            ``b // 64``. Shape (geometry.words,), uint64, read-only.
        mask: 1 where the bit of the same place may be compared; 0 past the last column. Shape
            (geometry.words,), uint64, read-only.
        geometry: How the bits stand.
        model_id: Model or encoder that made them; codes of different models never compare.
    """

    code: NDArray[np.uint64]
    mask: NDArray[np.uint64]
    geometry: CodeGeometry
    model_id: ModelId

    def __post_init__(self) -> None:
        shape = (self.geometry.words,)
        for name in ("code", "mask"):
            array = getattr(self, name)
            if array.dtype != np.uint64 or array.shape != shape:
                raise ValueError(
                    f"{name} must be uint64 of shape {shape}, got {array.dtype} of shape {array.shape}"
                )
        rest = self.geometry.words * WORD_BITS - self.geometry.bits
        if int(self.mask[-1]) >> (WORD_BITS - rest):
            raise ValueError(f"the last {rest} bits of mask stand past the last column and must be 0")
        for name in ("code", "mask"):
            view = np.ascontiguousarray(getattr(self, name)).view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)

    @classmethod
    def from_bits(cls, code: NDArray[np.bool_], mask: NDArray[np.bool_], *, model_id: ModelId) -> IrisCode:
        """Pack a code from one truth value a bit.

        Args:
            code: The bits. Shape (columns, column_bits), bool.
            mask: True where a bit may be compared. Same shape, bool.
            model_id: Model or encoder that made them.

        Raises:
            ValueError: Shapes or types are others, or the geometry is none that is known.
        """
        if code.dtype != np.bool_ or mask.dtype != np.bool_ or code.ndim != 2 or code.shape != mask.shape:
            raise ValueError(
                f"code and mask must be bool of one shape (columns, column_bits), got {code.dtype} of shape "
                f"{code.shape} and {mask.dtype} of shape {mask.shape}"
            )
        geometry = CodeGeometry(columns=code.shape[0], column_bits=code.shape[1])
        columns = [
            np.packbits(bits, axis=1, bitorder="little").view(f"<u{geometry.column_bits // 8}")[:, 0]
            for bits in (code, mask)
        ]
        return cls(
            code=geometry.words_of(columns[0]),
            mask=geometry.words_of(columns[1]),
            geometry=geometry,
            model_id=model_id,
        )

    def __repr__(self) -> str:
        share = self.valid_bits / self.geometry.bits
        return f"IrisCode({self.geometry.bits} bits, {share:.0%} valid, model {self.model_id})"

    @property
    def valid_bits(self) -> int:
        """Bits that may be compared."""
        return int(np.bitwise_count(self.mask).sum())

    def turned(self, columns: int) -> IrisCode:
        """The same eye turned: column c of the answer is column c + `columns` of this code."""
        geometry = self.geometry
        code, mask = (
            geometry.words_of(np.roll(geometry.columns_of(words), -columns))
            for words in (self.code, self.mask)
        )
        return IrisCode(code=code, mask=mask, geometry=geometry, model_id=self.model_id)
