"""`FingerTips`: what fingers have, before anybody presses them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from population.draws import Draws, Floats, Rows, Stream, logit, normals_of
from population.finger_model import FingerModel
from population.ridge_flow import Flow, flow_of

COLUMNS, LINES = 14, 18
CELLS = COLUMNS * LINES
"""Places of a finger where there may be one minutia each."""

BIFURCATIONS = 0.38
"""Share of the minutiae that are none of endings: that of the real sets."""

TRAITS, CHANCES = 18, 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FingerTips:
    """Fingers: a ridge flow, and minutiae in some of the cells of a grid.

    Attributes:
        flow: Which way ridges run.
        x: Of each cell's minutia, mm to the right of the middle. Shape (N, CELLS), float32.
        y: The same, upward.
        filled: Cells that hold a minutia. Shape (N, CELLS), bool.
        backward: Whether it points against the flow. Shape (N, CELLS), bool.
        bifurcation: Whether it is one. Shape (N, CELLS), bool.
        wander: How far its direction is off the flow, radians. Shape (N, CELLS), float32.
        worth: Logit of its quality. Shape (N, CELLS), float32.
    """

    flow: Flow
    x: Floats
    y: Floats
    filled: NDArray[np.bool_]
    backward: NDArray[np.bool_]
    bifurcation: NDArray[np.bool_]
    wander: Floats
    worth: Floats


def draw_tips(fingers: Rows, *, position: int, seed: int, model: FingerModel) -> FingerTips:
    """Draw some fingers.

    Args:
        fingers: Person of each. Shape (N,).
        position: Which finger of the person.
        seed: Of the population.
        model: Numbers of the model.
    """
    draws = Draws(seed=seed, stream=Stream.FINGER, instance=position)
    drawn = draws.uniforms(fingers, (TRAITS + CELLS * CHANCES,))
    shapes = normals_of(drawn[:, 2:10], drawn[:, 10:18])
    chances = drawn[:, TRAITS:].reshape(len(fingers), CHANCES, CELLS)
    line, column = np.divmod(np.arange(CELLS, dtype=np.float32), np.float32(COLUMNS))
    middle, jitter, pitch = np.float32(0.5), np.float32(model.jitter), np.float32(model.pitch)
    x = (column + line % 2 * middle - COLUMNS / 2 + (chances[:, 0] - middle) * jitter) * pitch
    y = (line - LINES / 2 + (chances[:, 1] - middle) * jitter) * pitch
    crowd = 1 + np.float32(model.crowding) * (shapes[:, 8, None] + shapes[:, 9, None] * y * np.float32(0.1))
    return FingerTips(
        flow=flow_of(drawn[:, 0], np.float32(model.variety) * shapes[:, :8], model.bend * shapes[:, 10:16]),
        x=x,
        y=y,
        filled=chances[:, 2] < np.clip(np.float32(model.filled) * crowd, 0.1, 0.95),
        backward=chances[:, 3] < middle,
        bifurcation=chances[:, 4] < np.float32(BIFURCATIONS),
        wander=logit(chances[:, 3] * 2 % 1) * np.float32(model.wander / 1.8),
        worth=logit(chances[:, 5]),
    )
