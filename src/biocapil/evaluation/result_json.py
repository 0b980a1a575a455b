"""An evaluation's result as one line of JSON, for other programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from biocapil.evaluation.accuracy import FMR_LIMITS, Accuracy
from biocapil.evaluation.calibration_check import CalibrationCheck
from biocapil.evaluation.gates import GateCost
from biocapil.evaluation.json_parts import (
    calibration_fields,
    difference_fields,
    finite,
    group_fields,
    identification_fields,
    interval_fields,
    listed_pair_fields,
    optional_rate,
    rate_fields,
    suspect_pair_fields,
    suspect_sample_fields,
)
from biocapil.evaluation.paired import PairedDifference
from biocapil.evaluation.result import EvaluationResult
from biocapil.evaluation.speed import SearchSpeed
from biocapil.evaluation.subject_errors import SCHEMA


def evaluation_json(
    result: EvaluationResult,
    *,
    differences: Sequence[PairedDifference] | None = None,
    check: CalibrationCheck | None = None,
) -> str:
    """Result as one line of JSON. What could not be measured is null; a threshold of inf too.

    Args:
        result: The result.
        differences: Differences to an earlier result; None where it was not compared with any.
        check: What a calibration says about the set; None where none applies.
    """
    counts, setting = result.counts, result.setting
    fields: dict[str, Any] = {
        "schema": SCHEMA,
        "dataset_sha256": result.key.dataset_sha256,
        "dataset": result.dataset,
        "modality": result.modality.value,
        "protocol": result.protocol.value,
        "n_samples": counts.samples,
        "n_sources": counts.sources,
        "n_mated": counts.mated,
        "n_nonmated": counts.nonmated,
        "failures_to_extract": {
            "count": result.failures_to_extract,
            "by_reason": {failure.reason.value: failure.count for failure in result.failures},
        },
        "n_mated_with_failure": counts.mated_failed,
        "n_nonmated_with_failure": counts.nonmated_failed,
        "n_left_out_identical": counts.left_out_identical,
        "n_excluded": counts.excluded,
        "failure_rates": {
            "acquire": optional_rate(result.failure_rates.acquire),
            "extract": optional_rate(result.failure_rates.extract),
            "enroll": optional_rate(result.failure_rates.enroll),
        },
        **_accuracy_fields(result.accuracy),
        "identification": identification_fields(result.identification),
        "groups": [group_fields(group) for group in result.groups],
        "suspect_pairs": [suspect_pair_fields(pair) for pair in result.suspect_pairs],
        "suspect_samples": [suspect_sample_fields(sample) for sample in result.suspect_samples],
        "worst": {
            "nonmated": [listed_pair_fields(pair) for pair in result.worst.nonmated],
            "mated": [listed_pair_fields(pair) for pair in result.worst.mated],
        },
        "subject_errors": result.subject_errors
        and {
            "mated": list(result.subject_errors.mated),
            "errors_at_fmr": {limit: list(counts) for limit, counts in result.subject_errors.errors.items()},
        },
        "extract_ms": result.extraction
        and {"median": result.extraction.median_ms, "p95": result.extraction.p95_ms},
        "template_bytes": result.template_bytes,
        **_speed_fields(result.speed),
        "gate_cost": _gate_fields(result.gate_cost),
        "against": None if differences is None else [difference_fields(each) for each in differences],
        "calibration": None if check is None else calibration_fields(check),
        "presentation_attack": result.attack.fields(),
        "seed": result.seed,
        "model_id": setting.model_id,
        "cpu": setting.cpu,
        "threads": setting.threads,
        "versions": {"python": setting.python} | {found.package: found.version for found in setting.packages},
    }
    return json.dumps(fields, ensure_ascii=False, allow_nan=False)


def _accuracy_fields(accuracy: Accuracy | None) -> dict[str, Any]:
    if accuracy is None:
        names = ("eer", "fnmr_at_fmr", "threshold_at_fmr", "smallest_provable_fmr")
        return dict.fromkeys((*names, "eer_interval", "rates_at_fmr", "claim", "det_band"))
    points = dict(zip((f"{limit:g}" for limit in FMR_LIMITS), accuracy.points, strict=True))
    rates = dict(zip(points, accuracy.rates, strict=True))
    return {
        "eer": accuracy.eer,
        "eer_interval": interval_fields(accuracy.eer_interval),
        "fnmr_at_fmr": {limit: point.fnmr for limit, point in points.items()},
        "threshold_at_fmr": {limit: finite(point.threshold) for limit, point in points.items()},
        "rates_at_fmr": {
            limit: {"fmr": rate_fields(rate.fmr), "fnmr": rate_fields(rate.fnmr)}
            for limit, rate in rates.items()
        },
        "smallest_provable_fmr": accuracy.smallest_provable_fmr,
        "claim": {"fmr": accuracy.claim.rate, "words": accuracy.claim.words},
        "det_band": {
            "fmr": accuracy.band.fmr.tolist(),
            "fnmr": accuracy.band.fnmr.tolist(),
            "low": accuracy.band.low.tolist(),
            "high": accuracy.band.high.tolist(),
        },
    }


def _speed_fields(speed: SearchSpeed | None) -> dict[str, Any]:
    if speed is None:
        return {"comparisons_per_s_per_core": None, "exact_comparisons_per_s_per_core": None}
    gates = speed.gates
    return {
        "comparisons_per_s_per_core": speed.exact_per_s if gates is None else gates.per_s,
        "exact_comparisons_per_s_per_core": speed.exact_per_s,
        "gallery": speed.gallery,
        "probes": speed.probes,
        "passed_gates": None if gates is None else [gates.passed_first, gates.passed_second],
    }


def _gate_fields(cost: GateCost | None) -> dict[str, Any] | None:
    if cost is None:
        return None
    return {
        "threshold": finite(cost.threshold),
        "mated_accepted": cost.accepted,
        "mated_lost": cost.lost,
        "mated_lost_share": cost.lost_share,
    }
