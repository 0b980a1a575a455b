"""Plans from the shipped calibration: what they promise is what policy and rates say."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from biocapil.calibration import Calibration, mated_miss_rate, model_calibration, policy_for
from biocapil.decision import PolicyTarget
from biocapil.planning import (
    MEASURED,
    SearchFigures,
    make_plan,
    outlook_over_people,
    plan_json,
    required_capacity,
)

DAY_S = 86_400


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return model_calibration("leader")


def figures(**changed: float) -> SearchFigures:
    fields = {
        "exact_per_s": 1000.0,
        "gated_per_s": 10_000.0,
        "gate_recall": 0.9,
        "template_bytes": 100.0,
        "largest_gallery": 500,
        "threads_gain": 1.5,
    }
    return SearchFigures(**{**fields, **changed}, machine="a machine of the test")  # type: ignore[arg-type]


def test_a_search_compares_every_finger_of_everybody() -> None:
    needed = required_capacity(
        figures(), people=5000, instances=2, comparisons=4, cores=2, searches_per_day=10
    )
    assert needed.references == 5000 * 2 * 2
    assert needed.memory_bytes == 5000 * 2 * 2 * 100
    assert needed.exact_search_s == 5000 * 2 * 4 / 1000 / 2
    assert needed.gated_search_s == needed.exact_search_s / 10


def test_the_cores_named_keep_up_with_the_day_and_one_less_would_not() -> None:
    needed = required_capacity(figures(), people=90_000, instances=1, cores=1, searches_per_day=5000)
    busy_s = 5000 * 90_000 / 1000
    assert needed.exact_cores * DAY_S * 0.7 >= busy_s > (needed.exact_cores - 1) * DAY_S * 0.7


def test_comparing_everybody_counts_each_pair_once() -> None:
    needed = required_capacity(figures(), people=1000, instances=1, cores=1, searches_per_day=0)
    assert needed.all_pairs_days * DAY_S == pytest.approx(1000 * 1000 / 2 / 10_000)


@pytest.mark.parametrize("changed", [{"people": 0}, {"cores": 0}, {"instances": 0}, {"searches_per_day": -1}])
def test_numbers_out_of_range_are_refused(changed: dict[str, int]) -> None:
    wanted = {"people": 1, "instances": 1, "cores": 1, "searches_per_day": 1, **changed}
    with pytest.raises(ValueError, match="must be at least 1"):
        required_capacity(figures(), **wanted)


def test_a_speed_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="exact_per_s must be above 0, got 0"):
        figures(exact_per_s=0)


def test_a_plan_holds_what_its_policy_keeps(calibration: Calibration) -> None:
    target = PolicyTarget(people=5_000_000, instances=2)
    plan = make_plan(target, calibration, figures=MEASURED, cores=2, searches_per_day=1000)
    assert plan.policy.policy_id == policy_for(target, calibration).policy_id
    assert plan.fpir is not None
    assert plan.review is not None
    assert plan.fpir.interval.high <= target.fpir
    assert plan.review.interval.high <= target.review_fpir
    assert plan.reviews_per_day == plan.review.value * 1000
    assert plan.missed is not None
    assert plan.undecided is not None
    assert (plan.missed.low, plan.missed.high) == mated_miss_rate(
        calibration, llr=plan.policy.review_llr, instances=2
    )
    assert plan.undecided.high >= plan.missed.high


def test_what_was_not_measured_is_said(calibration: Calibration) -> None:
    small = PolicyTarget(people=10, instances=1, fpir=0.04, review_fpir=0.05)
    assert make_plan(small, calibration, figures=MEASURED, cores=1, searches_per_day=1).extrapolated == ()
    large = PolicyTarget(people=5_000_000, instances=2)
    said = make_plan(large, calibration, figures=MEASURED, cores=8, searches_per_day=1).extrapolated
    assert [sentence.partition(":")[0] for sentence in said] == [
        "the duplicate threshold",
        "FNIR of several fingers",
        "time and cores",
        "time on 8 cores",
    ]


def test_a_target_out_of_reach_gives_a_plan_without_promises(calibration: Calibration) -> None:
    target = PolicyTarget(people=5_000_000, instances=1)
    plan = make_plan(
        target, calibration, figures=MEASURED, cores=2, searches_per_day=1000, measured_only=True
    )
    assert (plan.fpir, plan.review, plan.missed, plan.undecided, plan.reviews_per_day) == (None,) * 5
    assert "instances of each person would" in plan.policy.shortfall
    assert plan.capacity.references == 5_000_000


def test_more_fingers_miss_fewer(calibration: Calibration) -> None:
    def missed(fingers: int) -> float:
        target = PolicyTarget(people=100_000, instances=fingers)
        plan = make_plan(target, calibration, figures=MEASURED, cores=1, searches_per_day=1)
        assert plan.missed is not None
        return plan.missed.low

    assert missed(1) > missed(2) > missed(4)


def test_an_outlook_only_gets_worse_with_more_people(calibration: Calibration) -> None:
    outlook = outlook_over_people(
        PolicyTarget(people=1, instances=2), calibration, sizes=(100, 10_000, 10**8)
    )
    assert (np.diff(outlook.missed) > 0).all()
    assert (outlook.missed_low <= outlook.missed).all()
    assert (outlook.missed <= outlook.missed_high).all()
    assert (outlook.undecided >= outlook.missed_high).all()


def test_an_outlook_knows_up_to_where_pairs_were_counted(calibration: Calibration) -> None:
    target = PolicyTarget(people=1, instances=2, fpir=0.05)
    outlook = outlook_over_people(target, calibration, sizes=(2, 10**9))
    assert outlook.measured_to == 2


def test_an_outlook_has_gaps_where_nothing_can_be_promised(calibration: Calibration) -> None:
    outlook = outlook_over_people(
        PolicyTarget(people=1, instances=1, fpir=1e-9, review_fpir=1e-9), calibration, sizes=(10**15,)
    )
    assert math.isnan(outlook.missed[0])


def test_the_json_line_says_everything_and_no_infinity(calibration: Calibration) -> None:
    target = PolicyTarget(people=5_000_000, instances=1)
    for measured_only in (False, True):
        plan = make_plan(
            target, calibration, figures=MEASURED, cores=2, searches_per_day=7, measured_only=measured_only
        )
        line = plan_json(plan)
        assert "\n" not in line
        fields = json.loads(line)
        assert fields["target"]["people"] == 5_000_000
        assert (fields["fpir"] is None) == measured_only
        assert (fields["duplicate_llr"] is None) == measured_only
        assert fields["capacity"]["references"] == 5_000_000
