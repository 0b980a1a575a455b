import numpy as np
import pytest

from biocapil.synthesis import Degradation, MasterPrint
from biocapil.synthesis.degradation import NOT_DEGRADED, check_severities
from biocapil.synthesis.platen import smear, soil
from biocapil.synthesis.warp import draw_warp

SHAPE = (240, 240)


def stripes() -> np.ndarray:
    """Level ridges of 9 rows' period."""
    rows = np.arange(SHAPE[0], dtype=np.float32)[:, None]
    return np.broadcast_to((np.sin(rows * 2 * np.pi / 9) > 0).astype(np.float32), SHAPE).copy()


def test_a_clean_glass_changes_nothing(master: MasterPrint) -> None:
    touch = stripes()
    rng = np.random.default_rng(1)
    assert np.array_equal(smear(rng, touch, NOT_DEGRADED), touch)
    warp = draw_warp(rng, SHAPE, scale=(1, 1), difficulty=0)
    picture = np.full(SHAPE, 200, np.float32)
    assert np.array_equal(
        soil(rng, picture, master.ridges, warp, touch=touch, severities=NOT_DEGRADED), picture
    )


@pytest.mark.parametrize("severity", [0.3, 1.0])
def test_a_moved_finger_keeps_its_amount_of_touch(severity: float) -> None:
    touch = np.zeros(SHAPE, np.float32)
    touch[100:140, 100:140] = 1
    doubled = smear(np.random.default_rng(2), touch, check_severities({Degradation.MOVED: severity}))
    assert doubled.sum() == pytest.approx(touch.sum(), rel=0.01)
    assert np.count_nonzero(doubled > 0.05) > np.count_nonzero(touch)


def test_a_moved_finger_shows_a_point_twice() -> None:
    touch = np.zeros(SHAPE, np.float32)
    touch[120, 120] = 1
    doubled = smear(np.random.default_rng(3), touch, check_severities({Degradation.MOVED: 1}))
    rows, columns = np.nonzero(doubled > 0.12 * doubled.max())
    assert np.hypot(rows - 120, columns - 120).max() == pytest.approx(13, abs=2)


def test_smudges_are_patches_without_ridges() -> None:
    touch = stripes()
    changes = [
        np.abs(
            smear(np.random.default_rng(seed), touch, check_severities({Degradation.SMUDGED: 0.5})) - touch
        )
        for seed in range(6)
    ]
    shares = [float((change > 0.2).mean()) for change in changes]
    assert 0.02 < np.mean(shares) < 0.8


def test_a_ghost_darkens_and_an_empty_platen_has_dust(master: MasterPrint) -> None:
    warp = draw_warp(np.random.default_rng(4), SHAPE, scale=(1, 1), difficulty=0)
    picture, nothing = np.full(SHAPE, 220, np.float32), np.zeros(SHAPE, np.float32)
    for degradation, most in ((Degradation.LATENT_GHOST, 0.9), (Degradation.NO_FINGER, 0.3)):
        soiled = [
            soil(np.random.default_rng(seed), picture, master.ridges, warp, touch=nothing,
                 severities=check_severities({degradation: 1}))
            for seed in range(6)
        ]  # fmt: skip
        assert all(one.max() <= 220 for one in soiled)
        assert 0 < np.mean([(one < 210).mean() for one in soiled]) < most


@pytest.mark.parametrize("side", [slice(0, 120), slice(120, 240)])
def test_a_ghost_lies_where_the_print_leaves_glass_free(master: MasterPrint, side: slice) -> None:
    warp = draw_warp(np.random.default_rng(4), SHAPE, scale=(1, 1), difficulty=0)
    picture, touch = np.full(SHAPE, 220, np.float32), np.ones(SHAPE, np.float32)
    touch[:, side] = 0
    changed = np.zeros(SHAPE)
    for seed in range(8):
        soiled = soil(np.random.default_rng(seed), picture, master.ridges, warp, touch=touch,
                      severities=check_severities({Degradation.LATENT_GHOST: 0.6}))  # fmt: skip
        assert (soiled[:, side] < 190).mean() > 0.05
        changed += 220 - soiled
    assert changed[:, side].sum() > 0.75 * changed.sum()


def test_a_ghost_on_a_dark_sensor_is_as_dark_as_its_ridges(master: MasterPrint) -> None:
    warp = draw_warp(np.random.default_rng(4), SHAPE, scale=(1, 1), difficulty=0)
    picture, touch = np.full(SHAPE, 60, np.float32), np.zeros(SHAPE, np.float32)
    picture[::9] = 20
    soiled = soil(np.random.default_rng(1), picture, master.ridges, warp, touch=touch,
                  severities=check_severities({Degradation.LATENT_GHOST: 1}))  # fmt: skip
    assert 20 <= soiled.min() < 30
    assert soiled[picture == 60].min() < 35
