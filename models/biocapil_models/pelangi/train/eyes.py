"""Known eyes: synthetic pictures at the network's size with the maps that are the right answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from biocapil.synthesis.iris import (
    EyeConditions,
    EyeTruth,
    draw_conditions,
    make_iris_master,
    render_eye,
)
from biocapil.synthesis.raster import opencv
from biocapil_models.pelangi.structure import STRIDE_PX

LONGEST_PX = 192
"""Longer side of what the network reads."""
DIFFICULTY = (0.3, 1.0)
CLOSED_SHARE = 0.03
"""Share of eyes that are shut: there is no iris to be found."""
LEAST_SEEN = 0.03
"""Of an iris whose ring is less visible than this nothing is asked for."""
FULL = 255.0
EYE, VISIT = range(2)
"""First number of a seed after the run's own: what it is drawn for."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KnownEye:
    """One picture and what it is known to show.

    Attributes:
        pixels: Grey values, sides multiples of `STRIDE_PX`. Shape (rows, columns), uint8.
        maps: Share of each pixel that is pupil, iris, opening, valid, in 255ths. Shape (4, rows, columns).
    """

    pixels: NDArray[np.uint8]
    maps: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class EyeRecipe:
    """What is rendered.

    Attributes:
        seed: Same seed, same eyes.
        eyes: Number of eyes, each seen once.
    """

    seed: int
    eyes: int


def render_eyes(recipe: EyeRecipe, *, workers: int) -> Iterator[KnownEye]:
    """Render all eyes of a recipe, in order, in worker processes."""
    with get_context("spawn").Pool(workers) as pool:
        yield from pool.imap(partial(known_eye, recipe.seed), range(recipe.eyes), chunksize=32)


def known_eye(seed: int, number: int) -> KnownEye:
    """Render one eye of a recipe."""
    opencv().setNumThreads(1)
    rng = np.random.default_rng((seed, VISIT, number))
    conditions = at_most_320(draw_conditions(rng, difficulty=float(rng.uniform(*DIFFICULTY))))
    if rng.random() < CLOSED_SHARE:
        conditions = replace(conditions, upper_lid=-0.8, lower_lid=0.8, lashes_down=True)
    eye = render_eye(make_iris_master((seed, EYE, number)), conditions, rng)
    return KnownEye(
        pixels=padded(_shrunk(eye.sample.pixels)),
        maps=np.stack([padded(each) for each in answer_maps(eye.truth)]),
    )


def at_most_320(conditions: EyeConditions) -> EyeConditions:
    """The same visit seen by a camera of 320 columns: what the network sees of it is the same."""
    share = min(1.0, 320 / conditions.columns)
    return replace(
        conditions,
        rows=round(conditions.rows * share),
        columns=round(conditions.columns * share),
        center_x_px=conditions.center_x_px * share,
        center_y_px=conditions.center_y_px * share,
        radius_px=conditions.radius_px * share,
        motion_px=conditions.motion_px * share,
        defocus_px=conditions.defocus_px * share,
        interlace_px=conditions.interlace_px * share,
        noise=conditions.noise * share,
    )


def answer_maps(truth: EyeTruth) -> list[NDArray[np.uint8]]:
    """What the network ought to answer, at its size."""
    maps = [truth.pupil, truth.iris, truth.opening, truth.valid]
    ring = int((truth.iris & ~truth.pupil).sum())
    if int(truth.valid.sum()) < LEAST_SEEN * max(1, ring):
        maps = [np.zeros_like(one) for one in maps[:2]] + maps[2:]
    return [_shrunk(one.astype(np.uint8) * np.uint8(FULL)) for one in maps]


def padded(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The image with its edge repeated until its sides are multiples of `STRIDE_PX`."""
    rest = [(-side) % STRIDE_PX for side in image.shape]
    return np.pad(image, [(one // 2, one - one // 2) for one in rest], mode="edge")


def _shrunk(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    cv2 = opencv()
    share = LONGEST_PX / max(image.shape)
    size = (round(image.shape[1] * share), round(image.shape[0] * share))
    small: NDArray[np.uint8] = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return small
