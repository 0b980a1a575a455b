import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.synthesis import MasterPrint
from biocapil.synthesis.master import MASTER_SHAPE
from biocapil.synthesis.warp import Warp, draw_warp

SHAPE = (300, 260)


def warp_of(seed: int, difficulty: float = 0.5, scale: tuple[float, float] = (0.95, 1.05)) -> Warp:
    return draw_warp(np.random.default_rng(seed), SHAPE, scale=scale, difficulty=difficulty)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), difficulty=st.floats(0, 1))
def test_points_go_to_the_master_and_come_back(seed: int, difficulty: float) -> None:
    warp = warp_of(seed, difficulty)
    points = np.random.default_rng(seed).uniform(0, (SHAPE[1] - 1, SHAPE[0] - 1), (40, 2))
    assert np.abs(warp.to_impression(warp.to_master(points)) - points).max() < 0.01


def test_a_label_lands_where_its_skin_lands() -> None:
    layer = np.zeros(MASTER_SHAPE, np.float32)
    rows, columns = np.mgrid[0 : MASTER_SHAPE[0], 0 : MASTER_SHAPE[1]]
    for seed in range(5):
        warp = warp_of(seed)
        label = warp.to_master(np.array([[100.0, 140.0]]))
        layer = np.exp(-((columns - label[0, 0]) ** 2 + (rows - label[0, 1]) ** 2) / 8).astype(np.float32)
        row, column = np.unravel_index(np.argmax(warp.carry(layer, outside=0)), SHAPE)
        x, y = warp.to_impression(label)[0]
        assert abs(x - column) <= 1
        assert abs(y - row) <= 1


def test_points_beyond_the_border_follow_the_placement_and_come_back() -> None:
    warp = warp_of(3)
    points = np.array([[-40.0, 20.0], [400.0, 350.0]])
    assert np.abs(warp.to_impression(warp.to_master(points)) - points).max() < 0.01


def test_an_easy_touch_is_not_stretched() -> None:
    warp = warp_of(4, difficulty=0)
    points = np.random.default_rng(4).uniform(0, 259, (30, 2))
    straight = points @ warp.placement[:, :2].T + warp.placement[:, 2]
    assert np.abs(warp.to_master(points) - straight).max() < 0.01


def test_the_size_stays_in_its_range() -> None:
    for seed in range(10):
        size = np.sqrt(np.linalg.det(warp_of(seed, scale=(0.9, 0.92)).placement[:, :2]))
        assert 0.9 <= size <= 0.92


def test_finger_axes_turn_with_the_finger() -> None:
    warp = warp_of(6)
    along = np.array([warp.finger_x_px[0, 1] - warp.finger_x_px[0, 0],
                      warp.finger_y_px[0, 1] - warp.finger_y_px[0, 0]])  # fmt: skip
    placed = warp.placement[:, 0] / np.linalg.norm(warp.placement[:, 0])
    assert np.abs(along - placed).max() < 1e-4


def test_what_lies_outside_the_master_takes_the_named_value(master: MasterPrint) -> None:
    warp = draw_warp(np.random.default_rng(1), (900, 900), scale=(1, 1), difficulty=0)
    assert warp.carry(master.ridges, outside=-1.0)[0, 0] == -1


def test_no_points_give_no_points() -> None:
    assert warp_of(1).to_impression(np.empty((0, 2))).shape == (0, 2)


def test_a_warp_of_unlike_maps_cannot_exist() -> None:
    warp = warp_of(1)
    with pytest.raises(ValueError, match="master_y_px must be float32 of shape"):
        dataclasses.replace(warp, master_y_px=warp.master_y_px[1:])
    with pytest.raises(ValueError, match="finger_x_px must be float32"):
        dataclasses.replace(warp, finger_x_px=warp.finger_x_px.astype(np.float64))


def test_maps_are_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        warp_of(1).master_x_px[0, 0] = 1


def test_the_stripes_of_a_swept_finger_slip_as_wholes() -> None:
    whole, striped = (
        draw_warp(np.random.default_rng(2), (320, 200), scale=(1, 1), difficulty=0, stripe_rows=rows)
        for rows in (0, 16)
    )
    assert whole.shape == striped.shape
    jumps = np.abs(np.diff(striped.master_x_px, n=2, axis=0)).max(axis=1)
    assert 30 <= np.count_nonzero(jumps > 0.05) <= 2 * 21
    assert np.abs(np.diff(whole.master_x_px, n=2, axis=0)).max() < 0.05
