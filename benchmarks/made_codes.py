"""Iris codes of eyes that do not exist, made as an encoder makes them: phases of band-passed texture.

texture of an eye ─► complex Gabor response around the pupil ─► signs of its real and imaginary part ─► bits
the same eye again: other noise in the texture, turned by any angle, lids elsewhere

Neighbouring columns and rows are alike, so that strangers spread as with a few hundred independent bits;
`freedom` measures how many. What holds on such codes need not hold on codes of real eyes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import PackedCodes
from biocapil.iris_code import CodeGeometry
from biocapil.vocabulary import ModelId

MODEL = ModelId("made@1")
MADE_AT_ONCE = 512
SMALL = CodeGeometry(columns=128, column_bits=16)
"""2,048 bits."""

LARGE = CodeGeometry(columns=200, column_bits=64)
"""12,800 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texture:
    """How the codes of a set are made.

    Attributes:
        geometry: Columns, each of so many wavelets × rows × (real, imaginary).
        waves: Cycles around the pupil of each wavelet's middle.
        band: Standard deviation of its band, as a share of the middle.
        alike_rows: Standard deviation, in rows, of the blur across rows: more means fewer independent bits.
        noise: Smallest and largest amount of other texture in the same eye again, as a share of its own.
        largest_turn: Columns that the eye is turned at most.
        fragile: Share of the weakest responses that the mask leaves out.
    """

    geometry: CodeGeometry
    waves: tuple[float, ...]
    band: float
    alike_rows: float
    noise: tuple[float, float] = (0.3, 2.4)
    largest_turn: float
    fragile: float = 0.0

    @property
    def rows(self) -> int:
        """Rows of each wavelet."""
        return self.geometry.column_bits // (2 * len(self.waves))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MadeCodes:
    """Codes of some eyes, as rows of words.

    Attributes:
        words: Code and mask of each. Shape (N, 2, words), uint64.
        geometry: How the bits stand.
    """

    words: NDArray[np.uint64]
    geometry: CodeGeometry

    def packed(self) -> PackedCodes:
        """The same as references."""
        count, _, words = self.words.shape
        padded = np.zeros((-(-count // 8) * 8, 2, words), np.uint64)
        padded[:count] = self.words
        blocks = np.ascontiguousarray(padded.reshape(-1, 8, 2, words).transpose(0, 3, 2, 1))
        return PackedCodes.from_blocks(blocks, count=count, geometry=self.geometry, model_id=MODEL)


def made_codes(
    rng: np.random.Generator, texture: Texture, *, eyes: int, again: int = 0
) -> tuple[MadeCodes, MadeCodes]:
    """Codes of eyes, and codes of the first of them again.

    Args:
        rng: Draws everything.
        texture: How they are made.
        eyes: How many.
        again: How many of them, from the first on, have a second code.
    """
    first: list[NDArray[np.uint64]] = []
    second: list[NDArray[np.uint64]] = []
    for start in range(0, eyes, MADE_AT_ONCE):
        count = min(MADE_AT_ONCE, eyes - start)
        spectra = _spectra(rng, texture, count)
        first.append(_coded(rng, texture, spectra))
        mates = max(0, min(count, again - start))
        if mates:
            second.append(_coded(rng, texture, _seen_again(rng, texture, spectra[:mates])))
    shape = (0, 2, texture.geometry.words)
    return (
        MadeCodes(words=np.concatenate([np.empty(shape, np.uint64), *first]), geometry=texture.geometry),
        MadeCodes(words=np.concatenate([np.empty(shape, np.uint64), *second]), geometry=texture.geometry),
    )


def freedom(codes: MadeCodes) -> float:
    """Independent bits that strangers spread as at one turn: p (1 - p) / variance (Daugman 2004)."""
    distances = np.concatenate(list(_stranger_distances(codes)))
    mean = distances.mean()
    return float(mean * (1 - mean) / distances.var())


def _stranger_distances(codes: MadeCodes) -> Iterator[NDArray[np.float64]]:
    half = min(2000, len(codes.words) // 2)
    for shift in range(1, 6):
        one, other = codes.words[:half], np.roll(codes.words[half : 2 * half], shift, axis=0)
        both = one[:, 1] & other[:, 1]
        differing = np.bitwise_count((one[:, 0] ^ other[:, 0]) & both).sum(axis=1)
        yield differing / np.bitwise_count(both).sum(axis=1)


def _spectra(rng: np.random.Generator, texture: Texture, count: int) -> NDArray[np.complex64]:
    """Texture behind each wavelet. Shape (count, wavelets, rows, columns)."""
    columns, rows = texture.geometry.columns, texture.rows
    shape = (count, len(texture.waves), rows, columns)
    white = rng.standard_normal((*shape, 2), dtype=np.float32).view(np.complex64)[..., 0]
    cycles = np.arange(columns)
    middles = np.array(texture.waves)[:, None]
    gain = np.exp(-0.5 * ((cycles - middles) / (texture.band * middles)) ** 2) * (cycles > 0)
    gain = gain * (cycles < columns // 2)
    apart = np.subtract.outer(np.arange(rows), np.arange(rows)) / texture.alike_rows
    shaped = white * gain[:, None].astype(np.float32)
    blurred: NDArray[np.complex64] = np.einsum("ewrc,rs->ewsc", shaped, np.exp(-0.5 * apart**2)).astype(
        np.complex64
    )
    return blurred


def _seen_again(
    rng: np.random.Generator, texture: Texture, spectra: NDArray[np.complex64]
) -> NDArray[np.complex64]:
    count, columns = len(spectra), texture.geometry.columns
    amount = rng.uniform(*texture.noise, (count, 1, 1, 1)).astype(np.float32)
    turn = rng.uniform(-texture.largest_turn, texture.largest_turn, (count, 1, 1, 1))
    turned = spectra * np.exp(2j * np.pi * np.arange(columns) * turn / columns)
    seen: NDArray[np.complex64] = (turned + amount * _spectra(rng, texture, count)).astype(np.complex64)
    return seen


def _coded(rng: np.random.Generator, texture: Texture, spectra: NDArray[np.complex64]) -> NDArray[np.uint64]:
    """Code and mask of each. Shape (count, 2, words), uint64."""
    geometry = texture.geometry
    response = np.fft.ifft(spectra, axis=-1)
    parts = np.stack([response.real, response.imag], axis=-1)  # eye, wavelet, row, column, part
    valid = np.broadcast_to(_lids(rng, len(spectra), texture)[:, None, :, :, None], parts.shape)
    if texture.fragile:
        strength = np.abs(parts)
        valid = valid & (strength >= np.quantile(strength, texture.fragile, axis=(2, 3), keepdims=True))
    rows = [
        np.packbits(
            bits.transpose(0, 3, 1, 2, 4).reshape(len(spectra), geometry.columns, -1),
            axis=2,
            bitorder="little",
        ).view(f"<u{geometry.column_bits // 8}")[..., 0]
        for bits in (parts > 0, valid)
    ]
    return np.stack([geometry.words_of(row) for row in rows], axis=1)


def _lids(rng: np.random.Generator, count: int, texture: Texture) -> NDArray[np.bool_]:
    """An upper and a lower lid that hide more of the outer rows; about 85 % stay valid."""
    column = np.arange(texture.geometry.columns) / texture.geometry.columns
    row = np.arange(texture.rows)[:, None] / texture.rows
    valid = np.ones((count, texture.rows, texture.geometry.columns), np.bool_)
    for middle in (0.25, 0.75):
        width = rng.uniform(0.03, 0.17, (count, 1, 1))
        valid &= np.abs(column - middle) > width * (0.2 + row)
    return valid
