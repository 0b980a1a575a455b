"""Irises that do not exist: texture around a pupil, read as phase bits with a mask.

The texture is a Gaussian field: frequencies around the pupil with the weights of a band-pass filter, alike in
neighbouring rows. A capture adds a field of its own, turns the eye, and hides what lids and weak responses
hide. The numbers were fitted to the figures of real eyes that `results/population.json` names.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import PackedCodes
from biocapil.comparison.packed_codes import LANES, interleave
from biocapil.iris_code import CodeGeometry
from biocapil.vocabulary import ModelId
from population.draws import Draws, Floats, Rows, Stream

MODEL = ModelId("drawn-iris@1")
WEAK = 0.2533
"""Size of a response below which a fifth of them lie: those bits are masked."""

PUPIL = 0.35
"""Radius of the pupil, where that of the iris is 1."""


@dataclass(frozen=True, kw_only=True)
class IrisModel:
    """Numbers of the model.

    Attributes:
        rows: Rings that are read.
        columns: Angles at which they are read.
        wavelengths: Of the filters, as shares of a turn.
        bandwidth: Spread of a filter in space, in wavelengths.
        frequencies: Frequencies around the pupil, from 1 on.
        colour: Power by which the texture falls with frequency.
        modes: Independent rows of texture.
        row_reach: How far texture is alike across rows, as a share of all.
        clarity: Middle of the logit of the share of a capture's texture that is the eye's own.
        clarity_spread: Its spread over captures.
        clarity_skew: How much further it falls below the middle than it rises above.
        turn: Spread of the turn of an eye, as a share of a turn.
        lids: Middle and spread of where the upper and the lower lid stand, in radii of the iris.
    """

    rows: int = 8
    columns: int = 128
    wavelengths: tuple[float, ...] = (28 / 512,)
    bandwidth: float = 0.3
    frequencies: int = 38
    colour: float = 0.25
    modes: int = 4
    row_reach: float = 0.2
    clarity: float = 1.35
    clarity_spread: float = 0.52
    clarity_skew: float = 0.2
    turn: float = 0.011
    lids: tuple[tuple[float, float], tuple[float, float]] = ((0.80, 0.15), (0.95, 0.10))

    @property
    def geometry(self) -> CodeGeometry:
        """How the bits stand."""
        return CodeGeometry(columns=self.columns, column_bits=2 * self.rows * len(self.wavelengths))

    @cached_property
    def across(self) -> Floats:
        """How much of each mode is in each row, every row of power 1. Shape (modes, rows)."""
        places = (np.arange(self.rows) + 0.5) / self.rows
        middles = (np.arange(self.modes) + 0.5) / self.modes
        weights = np.exp(-((middles[:, None] - places) ** 2) / (2 * self.row_reach**2))
        across: Floats = (weights / np.sqrt((weights**2).sum(axis=0))).astype(np.float32)
        return across

    @cached_property
    def around(self) -> Floats:
        """From cosine and sine parts of each frequency to responses of power 1.

        Shape (2 · frequencies, wavelengths · columns · 2); the last are real and imaginary part.
        """
        frequency = np.arange(1, self.frequencies + 1)
        angles = 2 * np.pi * np.arange(self.columns) / self.columns
        waves = np.exp(1j * frequency[:, None] * angles)
        filters: list[Floats] = []
        for wavelength in self.wavelengths:
            spread = 1 / (2 * np.pi * self.bandwidth * wavelength)
            gain = np.exp(-((frequency - 1 / wavelength) ** 2) / (2 * spread**2)) * frequency**-self.colour
            response = waves * (gain / np.sqrt((gain**2).sum()))[:, None]
            filters.append(
                np.concatenate(
                    [
                        np.stack([response.real, response.imag], axis=2),
                        np.stack([-response.imag, response.real], axis=2),
                    ]
                ).reshape(2 * self.frequencies, -1)
            )
        return np.concatenate(filters, axis=1).astype(np.float32)

    @cached_property
    def places(self) -> tuple[Floats, Floats]:
        """Right and up of each column and row, in radii of the iris. Shape (columns, rows) each."""
        angles = 2 * np.pi * np.arange(self.columns) / self.columns
        radii = PUPIL + (1 - PUPIL) * 0.85 * (np.arange(self.rows) + 0.5) / self.rows
        x, y = np.outer(np.cos(angles), radii), np.outer(np.sin(angles), radii)
        return x.astype(np.float32), y.astype(np.float32)


FITTED = IrisModel()
FINE = IrisModel(rows=16, columns=200, wavelengths=(18 / 512, 40 / 512), frequencies=64, modes=8)
"""The same eyes in codes of 12,800 bits; not fitted."""


def draw_irises(
    eyes: Rows, captures: Rows, *, eye: int, seed: int, model: IrisModel = FITTED
) -> NDArray[np.uint64]:
    """One capture each of some eyes: code and mask.

    Args:
        eyes: Person of each eye. Shape (N,).
        captures: Number of each capture; a new number is a new picture. Shape (N,).
        eye: `EyePosition` of the eye.
        seed: Of the population.
        model: Numbers of the model.

    Returns:
        Shape (N, 2, words), uint64.
    """
    count, waves = len(eyes), (2, model.modes, model.frequencies)
    own = Draws(seed=seed, stream=Stream.EYE, instance=eye).normals(eyes, waves)
    drawn = Draws(seed=seed, stream=Stream.EYE_CAPTURE, instance=eye).normals(
        captures, (int(np.prod(waves)) + 4,)
    )
    moods, noise = drawn[:, :4], drawn[:, 4:].reshape(count, *waves)
    share = _clarity(moods[:, 0], model)[:, None, None, None]
    texture = np.sqrt(share) * own + np.sqrt(np.float32(1) - share) * noise
    rows = np.matmul(_turned(texture, moods[:, 1], model), model.across)
    responses = rows.transpose(0, 2, 1).reshape(count * model.rows, -1) @ model.around
    responses = responses.reshape(count, model.rows, len(model.wavelengths), model.columns, 2)
    shown = _shown(moods[:, 2:], model)
    strong = np.abs(responses) >= np.float32(WEAK)
    strong &= shown.transpose(0, 2, 1)[:, :, None, :, None]
    return np.stack([_words(responses > 0, model), _words(strong, model)], axis=1)


def pack_irises(rows: NDArray[np.uint64], model: IrisModel = FITTED) -> PackedCodes:
    """Codes and masks as search reads them.

    Args:
        rows: As `draw_irises` gives them. Shape (N, 2, words).
        model: By which they were drawn.
    """
    blocks = np.zeros((-(-len(rows) // LANES), model.geometry.words, 2, LANES), np.uint64)
    interleave(rows, blocks)
    return PackedCodes.from_blocks(blocks, count=len(rows), geometry=model.geometry, model_id=MODEL)


def _clarity(mood: Floats, model: IrisModel) -> Floats:
    """Share of the texture that is the eye's own."""
    logit = model.clarity + model.clarity_spread * mood * np.exp(-np.float32(model.clarity_skew) * mood)
    share: Floats = (1 / (1 + np.exp(-np.clip(logit, -3, 9)))).astype(np.float32)
    return share


def _turned(texture: Floats, mood: Floats, model: IrisModel) -> Floats:
    """Turn eyes; cosine parts then sine parts of each frequency. Shape (N, 2 · frequencies, modes)."""
    angle = 2 * np.pi * np.float32(model.turn) * mood
    phase = angle[:, None] * np.arange(1, model.frequencies + 1, dtype=np.float32)
    c, s = np.cos(phase)[:, None, :], np.sin(phase)[:, None, :]
    cosine, sine = texture[:, 0], texture[:, 1]
    turned = np.concatenate([c * cosine - s * sine, s * cosine + c * sine], axis=2)
    return turned.transpose(0, 2, 1)


def _shown(moods: Floats, model: IrisModel) -> NDArray[np.bool_]:
    """What lids leave. Shape (N, columns, rows)."""
    x, y = model.places
    (upper, upper_spread), (lower, lower_spread) = model.lids
    top = np.float32(upper) + np.float32(upper_spread) * moods[:, 0]
    bottom = np.float32(lower) + np.float32(lower_spread) * moods[:, 1]
    arch = np.float32(0.15) * x**2
    return (y + arch < top[:, None, None]) & (arch - y < bottom[:, None, None])


def _words(bits: NDArray[np.bool_], model: IrisModel) -> NDArray[np.uint64]:
    """Bits as words, column after column. Shape (N, words)."""
    columns = bits.transpose(0, 3, 1, 2, 4).reshape(len(bits), model.columns, -1)
    narrow = np.packbits(columns, axis=2, bitorder="little")
    unsigned = narrow.view(f"<u{narrow.shape[2]}")[:, :, 0]
    return model.geometry.words_of(unsigned)
