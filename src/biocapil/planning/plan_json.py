"""A plan as one line of JSON, for other programs."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import Any

from biocapil.decision import DecisionPolicy
from biocapil.expected_rate import ExpectedRate
from biocapil.joint_policy import JointPolicy
from biocapil.planning.plan import MissRate, Plan

SCHEMA = "biocapil/plan/1"


def plan_json(plan: Plan) -> str:
    """The plan as one line of JSON; what cannot be is null."""
    policy = plan.policy
    fields: dict[str, Any] = {
        "schema": SCHEMA,
        "target": asdict(policy.target),
        "instances": _instances(policy),
        "policy_id": policy.policy_id,
        "calibration_id": policy.calibration_id,
        "review_llr": _finite(policy.review_llr),
        "duplicate_llr": _finite(policy.duplicate_llr),
        "shortfall": policy.shortfall,
        "fpir": _rate(plan.fpir),
        "review": _rate(plan.review),
        "fnir": _miss(plan.missed),
        "not_decided_alone": _miss(plan.undecided),
        "reviews_per_day": plan.reviews_per_day,
        "cores": plan.cores,
        "searches_per_day": plan.searches_per_day,
        "capacity": asdict(plan.capacity),
        "figures": asdict(plan.figures),
        "extrapolated": list(plan.extrapolated),
    }
    return json.dumps(fields, ensure_ascii=False, allow_nan=False)


def _instances(policy: DecisionPolicy | JointPolicy) -> dict[str, int] | None:
    """Instances of each modality; null where the target speaks of one alone."""
    if not isinstance(policy, JointPolicy):
        return None
    return {modality.value: part.target.instances for modality, part in policy.parts.items()}


def _rate(rate: ExpectedRate | None) -> dict[str, Any] | None:
    if rate is None:
        return None
    return {"value": rate.value, **asdict(rate.interval), "extrapolated": rate.extrapolated}


def _miss(rate: MissRate | None) -> dict[str, Any] | None:
    return None if rate is None else asdict(rate)


def _finite(llr: float) -> float | None:
    return llr if math.isfinite(llr) else None
