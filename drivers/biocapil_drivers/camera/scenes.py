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


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One kind of scene.

    Attributes:
        draw: Makes the scene of a width, a height in pixels and a seed.
        has_stamp: Whether number and moment are drawn into each picture.
    """

    draw: Callable[[int, int, int], Scene]
    has_stamp: bool


def blinking_eye(width_px: int, height_px: int, seed: int) -> Scene:
    """One eye before a near-infrared camera; eight pictures, over and over.

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
    master, rng = make_iris_master(seed), np.random.default_rng(seed)
    pictures = [render_eye(master, replace(still, upper_lid=lid), rng).sample.pixels for lid in OPENING]
    return lambda number: pictures[number % len(pictures)]


def _disc(width_px: int, height_px: int, _seed: int) -> Scene:
    return moving_disc(width_px, height_px)


SCENES: Mapping[str, Drawn] = MappingProxyType(
    {"disc": Drawn(draw=_disc, has_stamp=True), "eye": Drawn(draw=blinking_eye, has_stamp=False)}
)
