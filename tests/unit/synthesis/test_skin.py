import numpy as np
import pytest

from biocapil.synthesis.skin import Contact, break_ridges, draw_abrasion, draw_contact, draw_moisture
from biocapil.synthesis.warp import Warp, draw_warp


@pytest.fixture(scope="module")
def warp() -> Warp:
    return draw_warp(np.random.default_rng(1), (420, 360), scale=(1, 1), difficulty=0.3)


def contact(warp: Warp, seed: int, *, full_length: bool = False, difficulty: float = 0.5) -> Contact:
    return draw_contact(np.random.default_rng(seed), warp, full_length=full_length, difficulty=difficulty)


def test_the_contact_holds_the_middle_and_not_the_corners(warp: Warp) -> None:
    for seed in range(8):
        depth = contact(warp, seed).depth
        middle = (np.abs(warp.finger_x_px) < 20) & (np.abs(warp.finger_y_px) < 20)
        assert depth[middle].min() == 1
        assert depth[:8, :8].max() == 0
        assert 0 <= depth.min() <= depth.max() <= 1


def test_a_swept_finger_touches_further_down(warp: Warp) -> None:
    bottom = slice(380, 420)
    plain = np.mean([contact(warp, seed).depth[bottom].mean() for seed in range(8)])
    swept = np.mean([contact(warp, seed, full_length=True).depth[bottom].mean() for seed in range(8)])
    assert swept > plain + 0.1


def test_hard_contacts_are_smaller(warp: Warp) -> None:
    easy, hard = (
        np.mean([contact(warp, seed, difficulty=difficulty).depth.mean() for seed in range(8)])
        for difficulty in (0, 1)
    )
    assert easy > hard


def test_borders_are_dots_or_fade(warp: Warp) -> None:
    touches = [contact(warp, seed).touch for seed in range(15)]
    crisp = [bool(((touch > 0.05) & (touch < 0.95)).mean() < 0.05) for touch in touches]
    assert all(touch.max() <= 1.001 for touch in touches)
    assert any(crisp)


def test_the_border_of_the_contact_is_drier_than_its_inside(warp: Warp) -> None:
    inside = contact(warp, 3)
    moisture = [
        draw_moisture(np.random.default_rng(seed), warp, inside.depth, difficulty=0.5) for seed in range(20)
    ]
    assert np.mean([field[inside.depth == 1].mean() for field in moisture]) > 0.2 + np.mean(
        [field[inside.depth == 0].mean() for field in moisture]
    )


def test_harder_skin_breaks_more(warp: Warp) -> None:
    ridges = np.tile(np.sin(np.arange(360) * 0.7).astype(np.float32), (420, 1))
    grain = contact(warp, 1).grain
    flips = []
    for difficulty in (0, 0.5, 1):
        fields = [
            break_ridges(
                np.random.default_rng(seed), ridges, np.zeros_like(ridges), grain, difficulty=difficulty
            )
            for seed in range(10)
        ]
        flips.append(np.mean([((field > 0) != (ridges > 0)).mean() for field in fields]))
    assert flips[0] < flips[1] < flips[2]
    assert flips[0] < 0.1


def test_dry_skin_breaks_more_than_wet_skin(warp: Warp) -> None:
    ridges = np.ones(warp.shape, np.float32)
    grain = contact(warp, 1).grain
    dry, wet = (
        break_ridges(np.random.default_rng(1), ridges, np.full_like(ridges, moisture), grain, difficulty=0.1)
        for moisture in (-0.8, 0.8)
    )
    assert dry.std() > 1.5 * wet.std()


def test_abrasion_is_rare_and_local(warp: Warp) -> None:
    grain = np.zeros(warp.shape, np.float32)
    patches = [draw_abrasion(np.random.default_rng(seed), warp, grain, difficulty=0.5) for seed in range(80)]
    worn = [patch for patch in patches if patch.any()]
    assert 0 < len(worn) < 30
    assert all(0.3 < patch.max() <= 1.6 and (patch > 0.2).mean() < 0.2 for patch in worn)
    assert not draw_abrasion(np.random.default_rng(1), warp, grain, difficulty=0).any()
