"""Templates for the comparison tests: made of numbers, never of a person's finger.

`finger` is a source, `impression` what a careless press of it might give, `moved` an exact rigid motion. The
hypothesis strategies draw a seed and a size, so that a failing example is small and can be made again.
"""

from __future__ import annotations

import math

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from biocapil.comparison.packed import PackedTemplates, pack
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ModelId

MODEL = ModelId("made@1")
OTHER_MODEL = ModelId("other@2")
SIDE_UM = 40_000.0
FULL_TURN = np.float32(2 * np.pi)


def template_of(
    places: NDArray[np.floating],
    angles: NDArray[np.floating],
    qualities: NDArray[np.integer] | None = None,
    *,
    model: ModelId = MODEL,
) -> FingerprintTemplate:
    """Template from bare numbers, angles taken modulo a turn and places put inside the frame."""
    count = len(angles)
    wrapped = np.mod(angles, 2 * np.pi).astype(np.float32)
    wrapped[wrapped >= FULL_TURN] = 0
    return FingerprintTemplate(
        positions_um=np.clip(places, 0, SIDE_UM).astype(np.float32).reshape(count, 2),
        angles_rad=wrapped,
        kinds=np.ones(count, np.uint8),
        qualities=np.asarray(np.full(count, 50) if qualities is None else qualities, np.uint8),
        extent_um=(SIDE_UM, SIDE_UM),
        model_id=model,
    )


def finger(seed: int, *, minutiae: int = 36, model: ModelId = MODEL) -> FingerprintTemplate:
    """Minutiae at random in the middle of the frame; up to 100 of them have distinct qualities."""
    rng = np.random.default_rng(seed)
    qualities = rng.permutation(100)[:minutiae] + 1 if minutiae <= 100 else rng.integers(1, 101, minutiae)
    return template_of(
        rng.uniform(13_000, 27_000, (minutiae, 2)), rng.uniform(0, 6.28, minutiae), qualities, model=model
    )


def impression(source: FingerprintTemplate, seed: int, *, keep: float = 0.85) -> FingerprintTemplate:
    """Some of the minutiae of a source, shaken by 0.1 mm and 5 degrees, turned by up to 30, shifted."""
    rng = np.random.default_rng(seed)
    kept = rng.random(len(source)) < keep
    shaken = template_of(
        source.positions_um[kept] + rng.normal(0, 100, (int(kept.sum()), 2)),
        source.angles_rad[kept] + rng.normal(0, 0.09, int(kept.sum())),
        source.qualities[kept],
        model=source.model_id,
    )
    shift_x, shift_y = rng.normal(0, 800, 2)
    return moved(shaken, turn_rad=rng.uniform(-0.5, 0.5), shift_um=(shift_x, shift_y))[0]


def moved(
    source: FingerprintTemplate, *, turn_rad: float, shift_um: tuple[float, float]
) -> tuple[FingerprintTemplate, tuple[float, float]]:
    """The source turned counter-clockwise about the middle of the frame and shifted.

    Returns:
        The moved template, and tx, ty of ``x' = cos·x + sin·y + tx``, ``y' = -sin·x + cos·y + ty``.
    """
    c, s, middle = math.cos(turn_rad), math.sin(turn_rad), SIDE_UM / 2
    tx = middle - c * middle - s * middle + shift_um[0]
    ty = middle + s * middle - c * middle + shift_um[1]
    x, y = source.positions_um.astype(np.float64).T
    places = np.stack([c * x + s * y + tx, -s * x + c * y + ty], axis=1)
    angles = source.angles_rad.astype(np.float64) + turn_rad
    return template_of(places, angles, source.qualities, model=source.model_id), (tx, ty)


def shuffled(source: FingerprintTemplate, seed: int) -> FingerprintTemplate:
    """The same minutiae in another order."""
    order = np.random.default_rng(seed).permutation(len(source))
    return template_of(
        source.positions_um[order], source.angles_rad[order], source.qualities[order], model=source.model_id
    )


def population(*, fingers: int = 8, impressions: int = 3, seed: int = 1) -> list[FingerprintTemplate]:
    """Impressions of several fingers, finger after finger."""
    return [
        impression(finger(1000 * seed + number), 100_000 * seed + 100 * number + k)
        for number in range(fingers)
        for k in range(impressions)
    ]


def gallery(*, fingers: int = 8, impressions: int = 3, seed: int = 1) -> PackedTemplates:
    """A packed population."""
    return pack(population(fingers=fingers, impressions=impressions, seed=seed))


SEEDS = st.integers(0, 2**31)


@st.composite
def templates(draw: st.DrawFn, *, largest: int = 50) -> FingerprintTemplate:
    """Scattered minutiae, or many on a coarse grid or a line, where distances, angles and places repeat."""
    count = draw(st.integers(0, largest))
    shape = draw(st.sampled_from(["scattered", "grid", "line"]))
    rng = np.random.default_rng(draw(SEEDS))
    if shape == "scattered":
        return finger(int(rng.integers(2**31)), minutiae=count)
    places = rng.integers(0, 9, (count, 2)) * 1500.0 + 14_000.0
    if shape == "line":
        places[:, 1] = 20_000.0
    return template_of(places, rng.integers(0, 8, count) * (np.pi / 4), rng.integers(0, 4, count))


@st.composite
def template_pairs(draw: st.DrawFn) -> tuple[FingerprintTemplate, FingerprintTemplate]:
    """Two templates: mated, of two sources, or one and the same."""
    first = draw(templates())
    relation = draw(st.sampled_from(["mated", "mated", "non-mated", "same"]))
    if relation == "same":
        return first, first
    if relation == "non-mated":
        return first, draw(templates())
    return first, impression(first, draw(SEEDS), keep=draw(st.sampled_from([1.0, 0.8, 0.5])))
