import numpy as np

from biocapil.synthesis import MasterPrint
from biocapil.synthesis.degradation import NOT_DEGRADED
from biocapil.synthesis.skin import draw_contact
from biocapil.synthesis.touch import press
from biocapil.synthesis.warp import draw_warp


def pressed(master: MasterPrint, seed: int, *, pore_gain: float) -> tuple[np.ndarray, np.ndarray]:
    """Touch, and where the master has pores."""
    rng = np.random.default_rng(seed)
    warp = draw_warp(rng, (300, 260), scale=(1, 1), difficulty=0)
    contact = draw_contact(rng, warp, full_length=False, difficulty=0)
    touch = press(rng, master, warp, contact, difficulty=0, pore_gain=pore_gain, fault_rng=rng,
                  severities=NOT_DEGRADED)  # fmt: skip
    return touch, warp.carry(master.pores, outside=0.0) > 0.6


def test_touch_lies_between_none_and_full(master: MasterPrint) -> None:
    touch, _ = pressed(master, 1, pore_gain=1)
    assert touch.dtype == np.float32
    assert 0 <= touch.min() < 0.2
    assert 0.8 < touch.max() <= 1


def test_pores_open_the_ridges_where_they_show(master: MasterPrint) -> None:
    drops = []
    for seed in range(12):
        hidden, pores = pressed(master, seed, pore_gain=0)
        shown, _ = pressed(master, seed, pore_gain=1)
        drops.append(float((hidden[pores] - shown[pores]).mean()))
    assert min(drops) >= 0
    assert max(drops) > 0.3
    assert sum(drop < 0.01 for drop in drops) >= 2
