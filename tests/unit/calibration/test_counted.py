from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from biocapil.calibration import Calibration, counted_only, model_calibration, policy_for
from biocapil.decision import PolicyTarget

Make = Callable[..., Calibration]


def test_evidence_stops_growing_where_counting_stopped(make_exact: Make) -> None:
    calibration = make_exact(measured_to=3.0)
    counted = counted_only(calibration)
    sizes = np.full(4, 40)
    before, edge, beyond, far = counted.evidence(np.array([4.0, 9.0, 25.0, 900.0]), sizes)
    assert before == calibration.evidence(np.array([4.0]), sizes[:1])[0]
    assert edge == beyond == far == pytest.approx(calibration.evidence(np.array([9.0]), sizes[:1])[0])


def test_it_has_a_name_of_its_own_and_needs_no_second_cut(make_exact: Make) -> None:
    calibration = make_exact(measured_to=3.0)
    counted = counted_only(calibration)
    assert counted.calibration_id != calibration.calibration_id
    assert counted_only(counted).calibration_id == counted.calibration_id


def test_its_policies_are_never_extrapolated_and_more_fingers_reach_further(make_exact: Make) -> None:
    counted = counted_only(make_exact(measured_to=8.0))
    one, three = (policy_for(PolicyTarget(people=10_000, instances=k), counted) for k in (1, 3))
    assert one.shortfall
    assert not three.shortfall
    assert not three.extrapolated


def test_nothing_of_the_shipped_calibration_is_extrapolated_when_cut_to_what_was_counted() -> None:
    policy = policy_for(PolicyTarget(people=1000, instances=2), counted_only(model_calibration("leader")))
    assert not policy.shortfall
    assert not policy.extrapolated
    assert policy_for(PolicyTarget(people=1000, instances=2), model_calibration("leader")).extrapolated
