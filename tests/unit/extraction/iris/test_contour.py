from __future__ import annotations

import numpy as np
import pytest

from biocapil.extraction.iris.contour import ANGLES, find_disc

SHAPE = (120, 160)


def disc(x: float, y: float, radius: float) -> np.ndarray:
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    return np.clip(radius - np.hypot(columns - x, rows - y) + 0.5, 0, 1).astype(np.float32)


def test_a_circle_is_found_to_a_part_of_a_cell() -> None:
    found = find_disc(disc(70.3, 55.6, 30.25), waves=2)
    assert found is not None
    assert found.center == pytest.approx((70.3, 55.6), abs=0.1)
    assert found.radius == pytest.approx(30.25, abs=0.2)
    assert found.radii == pytest.approx(30.25, abs=0.3)
    assert found.agreement > 0.99


def test_a_bite_does_not_move_the_circle() -> None:
    share = disc(70, 60, 30)
    share[:, 88:] = 0
    found = find_disc(share, waves=2)
    assert found is not None
    assert found.radius == pytest.approx(30, abs=1.0)
    assert found.agreement < 0.9


def test_a_disc_that_the_border_cuts_keeps_its_circle() -> None:
    found = find_disc(disc(12, 60, 30), waves=2)
    assert found is not None
    assert found.center == pytest.approx((12, 60), abs=0.5)
    assert found.radius == pytest.approx(30, abs=0.5)


def test_waves_follow_an_oval() -> None:
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    share = (np.hypot((columns - 80) / 33, (rows - 60) / 29) < 1).astype(np.float32)
    round_one, waved = (find_disc(share, waves=waves) for waves in (0, 2))
    assert round_one is not None
    assert waved is not None
    assert np.ptp(round_one.radii) == pytest.approx(0, abs=1e-9)
    oval = 31 + 2 * np.cos(2 * ANGLES)
    assert np.abs(waved.radii - oval).mean() < 0.7 * np.abs(round_one.radii - oval).mean()


def test_the_largest_of_two_discs_counts() -> None:
    found = find_disc(np.maximum(disc(40, 60, 12), disc(110, 60, 25)), waves=0)
    assert found is not None
    assert found.center == pytest.approx((110, 60), abs=0.2)


@pytest.mark.parametrize(
    "share", [np.zeros(SHAPE, np.float32), disc(60, 60, 1.2), np.ones(SHAPE, np.float32)]
)
def test_where_there_is_no_disc_there_is_none(share: np.ndarray) -> None:
    assert find_disc(share, waves=2) is None
