"""Slaps: the four fingers of a hand laid on a large sensor at once, with the truth about each.

masters ─► places of a hand ─► touch of each finger ─► one glass ─► sensor ─► optics ─► slap
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.sample import CapturedSample, Origin
from biocapil.synthesis.degradation import NOT_DEGRADED
from biocapil.synthesis.glass import Glass
from biocapil.synthesis.hand_pose import FingerPose, draw_pose
from biocapil.synthesis.impression import DEFAULT_DIFFICULTY, see
from biocapil.synthesis.master import MASTER_PPI, MasterPrint, Seed
from biocapil.synthesis.sensor import SensorStyle, render
from biocapil.synthesis.skin import draw_contact
from biocapil.synthesis.touch import press
from biocapil.synthesis.warp import Placement, Warp, lay
from biocapil.vocabulary import FingerPosition, Hand, Modality

SLAP_SHAPE = (1500, 1600)
"""Rows and columns: 3.0 × 3.2 inches at 500 ppi, the glass of a ten-print scanner."""

TILE_SHAPE = (720, 480)
"""Rows and columns around one finger; its contact fits in at any turn of a hand."""

SLAP_STYLES = (
    SensorStyle.OPTICAL_ENROLLMENT,
    SensorStyle.OPTICAL_WHITE,
    SensorStyle.INK_CARD,
)
"""Sensors that are made as large as four fingers; without a wish the first is taken."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SlapFinger:
    """Where one finger lies on a slap.

    Attributes:
        position: Which finger.
        box_px: Left, top, width and height of the smallest upright box around its contact, inside the slap.
        rotation_rad: Turn of the finger, counter-clockwise as a viewer sees it; 0 points straight up.
        warp: Where every pixel of the finger's tile lies on its master.
        tile_px: x and y of the tile's top left pixel on the slap.
    """

    position: FingerPosition
    box_px: tuple[int, int, int, int]
    rotation_rad: float
    warp: Warp
    tile_px: tuple[int, int]

    def to_slap(self, points_px: NDArray[np.float64]) -> NDArray[np.float64]:
        """Places on the slap of points of the master. Shape (N, 2), float64."""
        return self.warp.to_impression(points_px) + np.array(self.tile_px, np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Slap:
    """A sample of several fingers and the truth about them.

    Attributes:
        sample: What the sensor delivered: 500 ppi, position UNKNOWN, origin SYNTHETIC.
        hand: Whose fingers it shows.
        fingers: The fingers that touched, index finger first.
    """

    sample: CapturedSample
    hand: Hand
    fingers: tuple[SlapFinger, ...]


def make_slap(
    masters: Mapping[FingerPosition, MasterPrint], seed: Seed, *, hand: Hand,
    missing: Collection[FingerPosition] = (), style: SensorStyle = SLAP_STYLES[0],
    difficulty: float = DEFAULT_DIFFICULTY,
) -> Slap:  # fmt: skip
    """Lay the four fingers of a hand on a large sensor at once.

    Args:
        masters: The fingers, at least those of the hand that are not missing.
        seed: Generator, or a seed for a fresh one: same seed, same slap.
        hand: Whose fingers.
        missing: Fingers that do not touch.
        style: Sensor, OPTICAL_ENROLLMENT, OPTICAL_WHITE or INK_CARD.
        difficulty: As for `make_impression`; also how crookedly the hand lies.

    Returns:
        The slap, SLAP_SHAPE.

    Raises:
        ValueError: The style or difficulty is none that a slap has, or a finger is neither among
            the masters nor named as missing.
        MissingPart: OpenCV is not installed.
    """
    if style not in SLAP_STYLES:
        known = ", ".join(one.value for one in SLAP_STYLES)
        raise ValueError(f"style of a slap must be one of {known}; got {style.value}")
    if not 0 <= difficulty <= 1:
        raise ValueError(f"difficulty must lie in 0..1, got {difficulty!r}")
    wanted = [position for position in hand.fingers if position not in missing]
    if lacking := [position.name.lower() for position in wanted if position not in masters]:
        raise ValueError(f"masters must hold every finger that is not missing; none for {', '.join(lacking)}")
    rng = np.random.default_rng(seed)
    glass = Glass(SLAP_SHAPE)
    poses = draw_pose(rng, mirrored=hand is Hand.LEFT, difficulty=difficulty)
    fingers: list[SlapFinger] = []
    seeds: list[int] = rng.integers(2**63, size=len(poses)).tolist()
    for position, pose, own_seed in zip(hand.fingers, poses, seeds, strict=True):
        finger_rng = np.random.default_rng(own_seed)
        if position in wanted:
            laid = _lay_finger(finger_rng, glass, masters[position], position, pose, difficulty=difficulty)
            fingers.extend([laid] if laid is not None else [])
    pixels = see(rng, render(rng, style, glass.ridge, glass.contact))
    sample = CapturedSample(pixels=pixels, resolution_ppi=MASTER_PPI, modality=Modality.FINGER,
                            position=FingerPosition.UNKNOWN, origin=Origin.SYNTHETIC)  # fmt: skip
    return Slap(sample=sample, hand=hand, fingers=tuple(fingers))


def _lay_finger(
    rng: np.random.Generator, glass: Glass, master: MasterPrint, position: FingerPosition,
    pose: FingerPose, *, difficulty: float,
) -> SlapFinger | None:  # fmt: skip
    """Press one finger on the glass; None where it lies beyond."""
    rows, columns = TILE_SHAPE
    placement = Placement(turn_rad=pose.turn_rad, size=1.0, shift_px=(0.0, 0.0))
    warp = lay(rng, TILE_SHAPE, placement, difficulty=difficulty, fault_rng=rng)
    lost = np.full(TILE_SHAPE, pose.lost, np.float32)
    contact = draw_contact(rng, warp, full_length=False, difficulty=difficulty, lost=lost)
    ridge = press(rng, master, warp, contact, difficulty=difficulty, pore_gain=1.0, fault_rng=rng,
                  severities=NOT_DEGRADED)  # fmt: skip
    tile = (
        round((SLAP_SHAPE[1] - columns) / 2 + pose.x_px),
        round((SLAP_SHAPE[0] - rows) / 2 + pose.y_px),
    )
    box = glass.lay_down(ridge, contact, tile)
    if box is None:
        return None
    return SlapFinger(position=position, box_px=box, rotation_rad=pose.turn_rad, warp=warp, tile_px=tile)
