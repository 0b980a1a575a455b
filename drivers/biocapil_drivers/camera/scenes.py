"""What drawn cameras see: a disc that moves, or an eye that nobody has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from biocapil.synthesis.iris import EyeConditions, make_iris_master, render_eye
from biocapil_drivers.camera.synthetic import Scene, moving_disc

OPENING = (0.9, 0.92, 0.88, 0.9, 0.5, 0.1, 0.5, 0.9)
"""How far the upper lid is open, picture after picture: somebody who blinks once in eight."""

REFERENCE_PX = 320
RADIUS_PX = 80.0
PUPILS = (0.3, 0.5)
MOST_ASIDE, MOST_TILT_RAD = 0.1, 0.1
"""How visits differ: pupil and way aside in radii of the iris, turn of the head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One kind of scene.

    Attributes:
        draw: Makes the scene of a width and a height in pixels, a seed and the number of a visit.
        has_stamp: Whether number and moment are drawn into each picture.
    """

    draw: Callable[[int, int, int, int], Scene]
    has_stamp: bool


def blinking_eye(width_px: int, height_px: int, seed: int, visit: int = 0) -> Scene:
    """One eye before a near-infrared camera; eight pictures, over and over.

    Args:
        width_px: Width of the pictures.
        height_px: Height of the pictures.
        seed: Whose eye.
        visit: Which visit, from 0: after the first, head, pupil and place differ.

    Raises:
        MissingPart: OpenCV is not installed.
    """
    scale = width_px / REFERENCE_PX
    still = EyeConditions(
        rows=height_px,
        columns=width_px,
        center_x_px=width_px / 2,
        center_y_px=height_px / 2,
        radius_px=min(RADIUS_PX * scale, height_px / 3),
    )
    master, rng = make_iris_master(seed), np.random.default_rng((seed, visit))
    if visit:
        still = _another_visit(still, rng)
    pictures = [render_eye(master, replace(still, upper_lid=lid), rng).sample.pixels for lid in OPENING]
    return lambda number: pictures[number % len(pictures)]


def _another_visit(first: EyeConditions, rng: np.random.Generator) -> EyeConditions:
    reach_px = MOST_ASIDE * first.radius_px
    return replace(
        first,
        center_x_px=first.center_x_px + rng.uniform(-reach_px, reach_px),
        center_y_px=first.center_y_px + rng.uniform(-reach_px, reach_px),
        dilation=rng.uniform(*PUPILS),
        tilt_rad=rng.uniform(-MOST_TILT_RAD, MOST_TILT_RAD),
    )


def _disc(width_px: int, height_px: int, _seed: int, _visit: int) -> Scene:
    return moving_disc(width_px, height_px)


SCENES: Mapping[str, Drawn] = MappingProxyType(
    {"disc": Drawn(draw=_disc, has_stamp=True), "eye": Drawn(draw=blinking_eye, has_stamp=False)}
)
