import dataclasses
import time

import numpy as np
import pytest

from biocapil.synthesis import MasterPrint, Pattern, make_lookalike, make_master
from biocapil.synthesis.master import MASTER_SHAPE


def test_the_same_seed_makes_the_same_finger_bit_by_bit() -> None:
    first, second = make_master((1, 2)), make_master((1, 2))
    assert first.pattern is second.pattern
    for name in ("ridges", "pores", "creases", "orientation_rad", "period_px"):
        assert np.array_equal(getattr(first, name), getattr(second, name))


def test_another_seed_makes_another_finger(master: MasterPrint) -> None:
    other = make_master(12, pattern=master.pattern)
    assert abs(np.corrcoef(master.ridges.ravel(), other.ridges.ravel())[0, 1]) < 0.2


def test_the_wanted_pattern_is_made() -> None:
    assert make_master(3, pattern=Pattern.WHORL).pattern is Pattern.WHORL


def test_a_generator_serves_as_seed_and_moves_on() -> None:
    rng = np.random.default_rng(4)
    assert not np.array_equal(make_master(rng).ridges, make_master(rng).ridges)


def test_ridges_and_valleys_share_the_skin(master: MasterPrint) -> None:
    assert 0.4 < (master.ridges > 0).mean() < 0.6
    assert np.percentile(master.ridges, 90) == pytest.approx(1, abs=0.25)
    assert np.percentile(master.ridges, 10) == pytest.approx(-1, abs=0.25)


def test_ridge_periods_lie_in_the_natural_range() -> None:
    periods = [make_master(seed).mean_period_px for seed in range(12)]
    assert min(periods) > 5.8
    assert max(periods) < 12
    assert max(periods) - min(periods) > 1.5


def test_a_lookalike_shares_flow_and_pattern_but_not_ridges(master: MasterPrint) -> None:
    twin = make_lookalike(master, 5)
    assert twin.pattern is master.pattern
    assert np.array_equal(twin.orientation_rad, master.orientation_rad)
    assert np.array_equal(twin.period_px, master.period_px)
    assert abs(np.corrcoef(master.ridges.ravel(), twin.ridges.ravel())[0, 1]) < 0.25


def test_arrays_are_read_only(master: MasterPrint) -> None:
    with pytest.raises(ValueError, match="read-only"):
        master.ridges[0, 0] = 1


def test_the_repr_shows_no_ridges(master: MasterPrint) -> None:
    assert repr(master).startswith("MasterPrint(left_loop, mean ridge period ")
    assert len(repr(master)) < 60


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ridges": np.zeros((4, 4), np.float32)}, "ridges must have shape"),
        ({"period_px": np.zeros((4, 4), np.float32)}, "must share one grid"),
        ({"pores": np.zeros(MASTER_SHAPE)}, "pores must be float32"),
    ],
)
def test_a_master_of_wrong_parts_cannot_exist(
    master: MasterPrint, change: dict[str, np.ndarray], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(master, **change)


def test_a_master_takes_no_more_than_its_budget() -> None:
    started = time.process_time()
    for seed in range(3):
        make_master(seed)
    assert (time.process_time() - started) / 3 < 1.0  # half a second on one idle core; doubled for slow ones


@pytest.mark.parametrize("period_px", [6.1, 10.6, float("nan")])
def test_a_period_that_no_finger_has_is_refused(period_px: float) -> None:
    with pytest.raises(ValueError, match=r"period_px must lie in 6\.2\.\.10\.5"):
        make_master(1, period_px=period_px)


def test_the_period_can_be_chosen() -> None:
    fine, coarse = (make_master(1, period_px=period_px).mean_period_px for period_px in (6.5, 10.0))
    assert fine == pytest.approx(6.5, rel=0.12)
    assert coarse == pytest.approx(10.0, rel=0.12)
