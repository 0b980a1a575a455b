"""Iris codes for the comparison tests: made of numbers, never of a person's eye.

`correlated_codes` makes codes whose neighbouring columns and rows are alike, as those of irises are, so that
strangers spread as with a few hundred independent bits.
"""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from biocapil.comparison.packed_bits import BitStrings
from biocapil.iris_code import CodeGeometry, IrisCode
from biocapil.vocabulary import ModelId

MODEL = ModelId("made@1")
OTHER_MODEL = ModelId("other@2")
SMALL = CodeGeometry(columns=128, column_bits=16)
LARGE = CodeGeometry(columns=200, column_bits=64)


def code_of(
    rng: np.random.Generator, geometry: CodeGeometry, *, valid: float = 0.85, model: ModelId = MODEL
) -> IrisCode:
    """Independent bits, each valid with some chance."""
    shape = (geometry.columns, geometry.column_bits)
    return IrisCode.from_bits(rng.random(shape) < 0.5, rng.random(shape) < valid, model_id=model)


def noisy(code: IrisCode, rng: np.random.Generator, *, flipped: float, turn: int = 0) -> IrisCode:
    """The same eye again: some bits flipped, the mask drawn anew, turned."""
    other = code_of(rng, code.geometry, model=code.model_id)
    shape = (code.geometry.columns, code.geometry.column_bits)
    flips = IrisCode.from_bits(rng.random(shape) < flipped, np.ones(shape, np.bool_), model_id=code.model_id)
    again = IrisCode(
        code=code.code ^ flips.code, mask=other.mask, geometry=code.geometry, model_id=code.model_id
    )
    return again.turned(turn)


def smooth_field(rng: np.random.Generator, count: int, columns: int, rows: int) -> NDArray[np.float32]:
    """Random fields, alike over 1/40 of a turn and 1/6 of the rows. Shape (count, columns, rows)."""
    field = np.fft.rfft(rng.standard_normal((count, columns, rows), dtype=np.float32), axis=1)
    cycles = np.arange(field.shape[1])[:, None]
    field = np.fft.irfft(field * np.exp(-2 * (np.pi * cycles / 40) ** 2), n=columns, axis=1)
    apart = np.subtract.outer(np.arange(rows), np.arange(rows)) / (rows / 6)
    blended = field @ np.exp(-0.5 * apart**2)
    return (blended / blended.std(axis=(0, 1))).astype(np.float32)


def lid_masks(rng: np.random.Generator, count: int, columns: int, rows: int) -> NDArray[np.bool_]:
    """Masks with one lid at the top and one at the bottom, about 85 % valid. Shape (count, columns, rows)."""
    column, row = np.arange(columns)[:, None] / columns, np.arange(rows) / rows
    valid = np.ones((count, columns, rows), np.bool_)
    for middle in (0.25, 0.75):
        width = rng.uniform(0.03, 0.17, (count, 1, 1))
        valid &= np.abs(column - middle) > width * row[None]
    return valid


def correlated_codes(
    rng: np.random.Generator, eyes: int, geometry: CodeGeometry, *, noise: float, largest_turn: int
) -> tuple[list[IrisCode], list[IrisCode]]:
    """Two codes of each eye: as enrolled, and again with noise of up to so much, turned and masked anew."""
    planes = 2 if geometry.column_bits < 64 else 4
    rows = geometry.column_bits // planes
    fields = [smooth_field(rng, eyes, geometry.columns, rows) for _ in range(planes)]
    amount = rng.uniform(0.1, noise, (eyes, 1, 1)).astype(np.float32)
    again = [field + amount * smooth_field(rng, eyes, geometry.columns, rows) for field in fields]
    enrolled, probes = [], []
    for codes, of in ((enrolled, fields), (probes, again)):
        masks = lid_masks(rng, eyes, geometry.columns, rows)
        for eye in range(eyes):
            bits = np.concatenate([field[eye] > 0 for field in of], axis=1)
            codes.append(IrisCode.from_bits(bits, np.tile(masks[eye], planes), model_id=MODEL))
    turns = rng.integers(-largest_turn, largest_turn + 1, eyes)
    return enrolled, [code.turned(int(turn)) for code, turn in zip(probes, turns, strict=True)]


SEEDS = st.integers(0, 2**31)
GEOMETRIES = st.builds(CodeGeometry, columns=st.integers(1, 40), column_bits=st.sampled_from([8, 16, 32, 64]))


@st.composite
def galleries(draw: st.DrawFn, *, largest: int = 40) -> tuple[list[IrisCode], list[IrisCode], int]:
    """Probes, references and turns: strangers, mates, equal codes, empty, full and sparse masks."""
    geometry = draw(GEOMETRIES)
    rng = np.random.default_rng(draw(SEEDS))
    kinds = draw(st.lists(st.sampled_from(["stranger", "mate", "equal", "empty", "full"]), max_size=largest))
    share = draw(st.sampled_from([0.9, 0.5, 0.2]))
    source = code_of(rng, geometry, valid=share)
    made = {
        "stranger": lambda: code_of(rng, geometry, valid=share),
        "mate": lambda: noisy(source, rng, flipped=0.2, turn=int(rng.integers(-3, 4))),
        "equal": lambda: source,
        "empty": lambda: code_of(rng, geometry, valid=0.0),
        "full": lambda: code_of(rng, geometry, valid=1.1),
    }
    probes = [source, *(code_of(rng, geometry, valid=share) for _ in range(draw(st.integers(0, 2))))]
    turns = draw(st.integers(0, min(20, geometry.columns // 2)))
    return probes, [made[kind]() for kind in kinds], turns


def strings_of(rng: np.random.Generator, count: int, bits: int, *, distinct: int | None = None) -> BitStrings:
    """Random bit strings; where only some are distinct, distances tie."""
    rows = np.packbits(rng.random((distinct or count, bits)) < 0.5, axis=1, bitorder="little")
    padded = np.zeros((len(rows), -(-bits // 64) * 8), np.uint8)
    padded[:, : rows.shape[1]] = rows
    words = padded.view("<u8").astype(np.uint64)
    return BitStrings(words=words[np.arange(count) % len(words)], bits=bits, model_id=MODEL)
