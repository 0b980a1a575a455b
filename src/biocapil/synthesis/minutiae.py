"""Minutiae of a synthetic finger, read off its own ridges: nobody has to look for them.

    ridges, orientation, period ─► ridge phase ─► dislocations ─► close pairs dropped ─► MasterMinutiae
                                                                                             │ warp
                                                              minutiae of an impression ◄────┘

A minutia is a dislocation of the ridge wave: going once around it, the phase gains or loses a whole turn. The
side with one ridge more is where it points to, which is the direction of ISO/IEC 19794-2:2005, clause 6.4,
for endings and bifurcations alike; what lies in the middle of that side, a ridge or a valley, is its kind.

Reference: Larkin, Fletcher, Optics Express 15 (2007), section 4; Feng, Jain, Fingerprint reconstruction: from
minutiae to phase, IEEE TPAMI 33 (2011), section 3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.synthesis.impression import Impression
from biocapil.synthesis.master import MASTER_SHAPE, MasterPrint
from biocapil.synthesis.phase import Complex, ridge_phase
from biocapil.synthesis.raster import Raster, blur, resize, sample_map
from biocapil.vocabulary import MinutiaType

SMOOTHING_CELLS = 0.4
LEAST_DISTANCE_PX = 5.0
"""Two dislocations closer than this to each other are a kink of one ridge, not two minutiae."""
SIDE_PERIODS = 0.45
"""How far to both sides of a minutia its kind is looked up, in ridge periods."""
DIRECTION_STEP_PX = 4.0
"""Length of the arrow that is carried through a warp to carry a direction."""
NEWTON_STEPS = 8
TURN = 2 * np.pi


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrueMinutiae:
    """Minutiae that are known because the finger was made.

    Attributes:
        places_px: x and y, pixel centres at whole numbers, y down. Shape (N, 2), float64.
        angles_rad: Direction of ISO/IEC 19794-2, counter-clockwise as seen, 0 <= angle < 2π. Shape (N,).
        kinds: `MinutiaType` codes. Shape (N,), uint8.
    """

    places_px: NDArray[np.float64]
    angles_rad: NDArray[np.float64]
    kinds: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.kinds)

    def chosen(self, rows: NDArray[np.bool_]) -> TrueMinutiae:
        """Those of a selection. Shape (N,)."""
        return TrueMinutiae(
            places_px=self.places_px[rows], angles_rad=self.angles_rad[rows], kinds=self.kinds[rows]
        )

    def __repr__(self) -> str:
        return f"TrueMinutiae({len(self)})"


def master_minutiae(master: MasterPrint) -> TrueMinutiae:
    """Minutiae of a whole finger.

    Args:
        master: The finger.

    Returns:
        All minutiae, in pixels of the master.

    Raises:
        MissingPart: OpenCV is not installed.
    """
    grid = master.orientation_rad.shape
    cell_px = MASTER_SHAPE[0] / grid[0]
    field = resize(blur(master.ridges, SMOOTHING_CELLS * cell_px), (grid[0], grid[1]))
    wave = ridge_phase(field, master.orientation_rad, master.period_px / np.float32(cell_px))
    x, y, turns, orientation = _dislocations(wave, np.mod(master.orientation_rad, np.pi))
    angles = np.mod(np.where(turns > 0, orientation, orientation + np.pi), TURN)
    places = (np.stack([x, y], axis=1) + 0.5) * cell_px - 0.5
    side_px = SIDE_PERIODS * _at(master.period_px, np.stack([x, y], axis=1))
    found = TrueMinutiae(
        places_px=places, angles_rad=angles, kinds=_kinds(master.ridges, places, angles, side_px)
    )
    return found.chosen(_standing_alone(places))


def impression_minutiae(minutiae: TrueMinutiae, impression: Impression) -> TrueMinutiae:
    """Those minutiae of a finger that an impression shows, where it shows them.

    Pressure and moisture may turn an ending into a bifurcation and back; kinds stay those of the finger.

    Args:
        minutiae: Minutiae of the finger, as `master_minutiae` found them.
        impression: A touch of that finger.

    Returns:
        Minutiae within the contact, in pixels of the impression.
    """
    warp = impression.warp
    places = warp.to_impression(minutiae.places_px)
    heads = warp.to_impression(minutiae.places_px + DIRECTION_STEP_PX * _arrows(minutiae.angles_rad))
    arrows = heads - places
    carried = TrueMinutiae(
        places_px=places,
        angles_rad=np.mod(np.arctan2(-arrows[:, 1], arrows[:, 0]), TURN),
        kinds=minutiae.kinds,
    )
    return carried.chosen(impression.touches(places))


def _dislocations(
    wave: Complex, orientation_rad: Raster
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp], NDArray[np.float64]]:
    """Places (cells), turns of the phase (±1) and orientation of all dislocations."""
    corners = [(0, 0), (0, 1), (1, 1), (1, 0)]
    rows, columns = wave.shape
    cut = [(slice(down, rows - 1 + down), slice(right, columns - 1 + right)) for down, right in corners]
    first = orientation_rad[cut[0]]
    waves = [
        np.where(np.cos(orientation_rad[place] - first) < 0, np.conj(wave[place]), wave[place])
        for place in cut
    ]
    gained = sum(np.angle(waves[(n + 1) % 4] * np.conj(waves[n])) for n in range(4))
    turns = np.rint(np.asarray(gained) / TURN).astype(np.intp)
    row, column = np.nonzero(turns)
    x, y = _zero_of_bilinear([corner[row, column] for corner in waves])
    return column + x, row + y, turns[row, column], first[row, column].astype(np.float64)


def _zero_of_bilinear(corners: list[Complex]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where in its cell each complex field is zero, by Newton's method from the middle."""
    a, b, c, d = (corner.astype(np.complex128) for corner in corners)
    x, y = np.full(len(a), 0.5), np.full(len(a), 0.5)
    for _ in range(NEWTON_STEPS):
        value = (1 - y) * ((1 - x) * a + x * b) + y * ((1 - x) * d + x * c)
        along_x = (1 - y) * (b - a) + y * (c - d)
        along_y = (1 - x) * (d - a) + x * (c - b)
        volume = along_x.real * along_y.imag - along_x.imag * along_y.real
        volume = np.where(np.abs(volume) < 1e-12, 1e-12, volume)
        x = np.clip(x - (value.real * along_y.imag - value.imag * along_y.real) / volume, 0, 1)
        y = np.clip(y - (along_x.real * value.imag - along_x.imag * value.real) / volume, 0, 1)
    return x, y


def _kinds(
    ridges: Raster, places: NDArray[np.float64], angles: NDArray[np.float64], side_px: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """Ending where the side it points to has a ridge in its middle, bifurcation where it has a valley."""
    smooth = blur(ridges, 1.0)
    reach = side_px[:, None] * _arrows(angles)
    ridge_ends = _at(smooth, places + reach) > _at(smooth, places - reach)
    return np.where(ridge_ends, MinutiaType.ENDING, MinutiaType.BIFURCATION).astype(np.uint8)


def _standing_alone(places: NDArray[np.float64]) -> NDArray[np.bool_]:
    between = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(between, np.inf)
    alone: NDArray[np.bool_] = between.min(axis=1, initial=np.inf) > LEAST_DISTANCE_PX
    return alone


def _arrows(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit vectors, x to the right and y down. Shape (N,) to (N, 2)."""
    return np.stack([np.cos(angles), -np.sin(angles)], axis=1)


def _at(layer: Raster, points: NDArray[np.float64]) -> NDArray[np.float32]:
    """Values between the pixels. Points of shape (N, 2)."""
    if len(points) == 0:
        return np.empty(0, np.float32)
    x, y = points.astype(np.float32).T
    values: NDArray[np.float32] = sample_map(layer, x[None], y[None])[0]
    return values
