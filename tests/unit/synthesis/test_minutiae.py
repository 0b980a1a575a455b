from __future__ import annotations

import numpy as np
import pytest

from biocapil.synthesis import (
    Impression,
    MasterPrint,
    Pattern,
    TrueMinutiae,
    impression_minutiae,
    master_minutiae,
)
from biocapil.synthesis.master import MASTER_SHAPE
from biocapil.synthesis.ridges import CELLS_PER_PERIOD
from biocapil.vocabulary import MinutiaType

PERIOD_PX = 9.0
PLACE = np.array([230.0, 300.0])


def drawn_finger(orientation: float, turn: int, *, ridge_ends: bool) -> MasterPrint:
    """Straight ridges with one dislocation: `turn` 1 points along the orientation, -1 against it."""
    y, x = np.mgrid[0 : MASTER_SHAPE[0], 0 : MASTER_SHAPE[1]].astype(np.float64)
    x, y = x - PLACE[0], y - PLACE[1]
    along = x * np.cos(orientation) - y * np.sin(orientation)
    across = x * np.sin(orientation) + y * np.cos(orientation)
    start = 0.0 if (turn > 0) == ridge_ends else np.pi
    ridges = np.cos(2 * np.pi * across / PERIOD_PX + turn * np.arctan2(across, along) + start)
    grid = tuple(round(side * CELLS_PER_PERIOD / PERIOD_PX) for side in MASTER_SHAPE)
    none = np.zeros(MASTER_SHAPE, np.float32)
    return MasterPrint(
        pattern=Pattern.ARCH,
        ridges=ridges.astype(np.float32),
        pores=none,
        creases=none,
        orientation_rad=np.full(grid, orientation, np.float32),
        period_px=np.full(grid, PERIOD_PX, np.float32),
    )


@pytest.mark.parametrize("orientation", [-1.2, 0.0, 0.5, 1.5])
@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("ridge_ends", [True, False])
def test_a_drawn_dislocation_is_one_minutia_of_known_place_direction_and_kind(
    orientation: float, turn: int, *, ridge_ends: bool
) -> None:
    found = master_minutiae(drawn_finger(orientation, turn, ridge_ends=ridge_ends))
    inside = found.chosen(np.linalg.norm(found.places_px - PLACE, axis=1) < 150)
    assert len(inside) == 1
    assert np.linalg.norm(inside.places_px[0] - PLACE) < PERIOD_PX / 4
    wanted = orientation if turn > 0 else orientation + np.pi
    assert abs(np.angle(np.exp(1j * (inside.angles_rad[0] - wanted)))) < 0.05
    assert inside.kinds[0] == (MinutiaType.ENDING if ridge_ends else MinutiaType.BIFURCATION)


def test_a_finger_has_as_many_minutiae_as_fingers_have(master: MasterPrint) -> None:
    found = master_minutiae(master)
    area_mm2 = np.prod(MASTER_SHAPE) * (25.4 / 500) ** 2
    assert 0.1 < len(found) / area_mm2 < 0.45
    assert ((found.angles_rad >= 0) & (found.angles_rad < 2 * np.pi)).all()
    assert set(np.unique(found.kinds)) == {MinutiaType.ENDING, MinutiaType.BIFURCATION}


def test_no_two_minutiae_lie_within_half_a_ridge(master: MasterPrint) -> None:
    places = master_minutiae(master).places_px
    between = np.linalg.norm(places[:, None] - places, axis=2)
    assert between[~np.eye(len(places), dtype=bool)].min() > 5


def test_minutiae_follow_the_skin_into_the_contact_of_an_impression(
    master: MasterPrint, impression: Impression
) -> None:
    minutiae = master_minutiae(master)
    shown = impression_minutiae(minutiae, impression)
    assert 15 < len(shown) < len(minutiae)
    assert impression.touches(shown.places_px).all()
    back = impression.warp.to_master(shown.places_px)
    nearest = np.linalg.norm(back[:, None] - minutiae.places_px, axis=2).argmin(axis=1)
    assert np.abs(back - minutiae.places_px[nearest]).max() < 0.05
    placed = impression.warp.placement[:, :2]
    turn = np.arctan2(placed[1, 0], placed[0, 0])  # y down: a turn of the picture to the right
    off = np.angle(np.exp(1j * (shown.angles_rad - turn - minutiae.angles_rad[nearest])))
    assert np.abs(np.median(off)) < 0.15


def test_minutiae_do_not_show_in_a_repr() -> None:
    one = TrueMinutiae(
        places_px=np.array([[12.5, 99.25]]), angles_rad=np.array([0.1]), kinds=np.ones(1, np.uint8)
    )
    assert repr(one) == "TrueMinutiae(1)"
