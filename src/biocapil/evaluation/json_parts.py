"""Parts of a result as JSON fields: rates, groups, searches and listed pairs."""

from __future__ import annotations

import math
from typing import Any

from biocapil.error_rate import ErrorRate, Interval
from biocapil.evaluation.calibration_check import CalibrationCheck
from biocapil.evaluation.errors_listed import ListedPair
from biocapil.evaluation.groups import GroupFigures
from biocapil.evaluation.identification import (
    GalleryFigures,
    IdentificationFigures,
    IdentificationPoint,
)
from biocapil.evaluation.paired import PairedDifference
from biocapil.evaluation.suspects import SuspectPair, SuspectSample


def finite(threshold: float) -> float | None:
    """A threshold, null where nothing reaches it."""
    return threshold if math.isfinite(threshold) else None


def interval_fields(interval: Interval) -> dict[str, float]:
    """An interval."""
    return {"low": interval.low, "high": interval.high, "confidence": interval.confidence}


def rate_fields(rate: ErrorRate) -> dict[str, Any]:
    """A rate with its interval and counts."""
    return {
        "value": rate.value,
        **interval_fields(rate.interval),
        "errors": rate.errors,
        "trials": rate.trials,
        "extrapolated": rate.extrapolated,
    }


def optional_rate(rate: ErrorRate | None) -> dict[str, Any] | None:
    """A rate, null where there was no trial."""
    return None if rate is None else rate_fields(rate)


def calibration_fields(check: CalibrationCheck) -> dict[str, Any]:
    """What a calibration says about the set, without the evidence of single pairs."""
    return {
        "id": check.calibration.calibration_id,
        "cllr": check.cllr,
        "min_cllr": check.min_cllr,
        "false_match_rates": [
            {
                "predicted": rate.predicted,
                "measured": rate_fields(rate.measured),
                "extrapolated": rate.extrapolated,
            }
            for rate in check.rates
        ],
        "fitted_on_sets_of_this": list(check.known_sets),
    }


def difference_fields(difference: PairedDifference) -> dict[str, Any]:
    """A difference to an earlier result; above 0 it became worse."""
    return {
        "name": difference.name,
        "earlier": difference.first,
        "now": difference.second,
        "difference": difference.difference,
        "low": difference.low,
        "high": difference.high,
        "confidence": difference.confidence,
        "significant": difference.is_significant,
    }


def group_fields(group: GroupFigures) -> dict[str, Any]:
    """Error rates of a group."""
    return {
        "grouping": group.grouping,
        "label": group.label,
        "n_mated": group.mated,
        "n_nonmated": group.nonmated,
        "fnmr": optional_rate(group.fnmr),
        "fmr": optional_rate(group.fmr),
        "too_small": group.too_small,
        "warning": group.warning,
    }


def identification_fields(figures: IdentificationFigures | None) -> dict[str, Any] | None:
    """Error rates of searches."""
    if figures is None:
        return None
    return {
        "mated_searches": figures.mated_searches,
        "nonmated_searches": figures.nonmated_searches,
        "galleries": [_gallery_fields(gallery) for gallery in figures.galleries],
        "points": [_point_fields(point) for point in figures.points],
    }


def listed_pair_fields(pair: ListedPair | SuspectPair) -> dict[str, Any]:
    """Two samples by name, and how alike they are."""
    return {"first": pair.first.name, "second": pair.second.name, "similarity": pair.similarity}


def suspect_pair_fields(pair: SuspectPair) -> dict[str, Any]:
    """A suspected pair and why."""
    return {**listed_pair_fields(pair), "reason": pair.reason.value}


def suspect_sample_fields(sample: SuspectSample) -> dict[str, Any]:
    """A suspected sample and why."""
    return {
        "sample": sample.entry.name,
        "mates": sample.mates,
        "best_similarity": sample.best_similarity,
        "reason": sample.reason.value,
    }


def _gallery_fields(gallery: GalleryFigures) -> dict[str, Any]:
    return {
        "size": gallery.size,
        "draws": gallery.draws,
        "thresholds": [finite(threshold) for threshold in gallery.thresholds.tolist()],
        "fpir": gallery.fpir.tolist(),
        "fnir_rank_1": gallery.fnir[0].tolist(),
        f"fnir_rank_{len(gallery.fnir)}": gallery.fnir[-1].tolist(),
        "cmc": gallery.cmc.tolist(),
    }


def _point_fields(point: IdentificationPoint) -> dict[str, Any]:
    return {
        "max_fpir": point.max_fpir,
        "threshold": finite(point.threshold),
        "fpir": rate_fields(point.fpir),
        "fnir": rate_fields(point.fnir),
    }
