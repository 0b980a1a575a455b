"""Every diagram of an evaluation, each with a name for its file and words for its reader."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from biocapil.error_rate import ErrorRate
from biocapil.evaluation import (
    FMR_LIMITS,
    GROUP_FMR,
    Accuracy,
    CalibrationCheck,
    EvaluationResult,
    GroupFigures,
    QualityBin,
    ScoreSet,
    error_over_quality,
    sample_qualities,
)
from biocapil.extraction import ExtractedSample
from biocapil.reporting import palette
from biocapil.reporting.axes import AxisKind
from biocapil.reporting.curve_picture import Curve, CurvePoint, curve_svg
from biocapil.reporting.density_picture import density_svg
from biocapil.reporting.forest_picture import GroupRow, forest_svg
from biocapil.reporting.histogram_picture import Threshold
from biocapil.reporting.lines import Band
from biocapil.reporting.quality_picture import error_over_quality_svg
from biocapil.reporting.rank_picture import RankCurve, rank_svg
from biocapil.reporting.reliability_picture import ReliabilitySeries, reliability_svg
from biocapil.reporting.tick_words import rounded_percent
from biocapil.reporting.tippett_picture import tippett_svg

SMALLEST_FLOOR = 1e-8
LARGEST_FLOOR = 1e-2
BINS = 70
FIRST_BIN_ENDS = 0.1
CMC_ROOM = 0.2
"""Least room below the lowest identification rate, tenths."""
LONGEST_LABEL = 40
"""Characters of a name that the key of a diagram has room for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One diagram.

    Attributes:
        name: Name of its file, without the ending.
        title: What it shows.
        svg: The picture, a whole SVG document.
    """

    name: str
    title: str
    svg: str


def evaluation_plots(
    result: EvaluationResult,
    samples: Sequence[ExtractedSample],
    *,
    check: CalibrationCheck | None = None,
) -> tuple[Plot, ...]:
    """Draw everything that an evaluation has measured; what it could not measure is left out.

    Args:
        result: The result.
        samples: What extraction made of the samples, in their order.
        check: What a calibration says about the set; None where none applies.
    """
    accuracy = result.accuracy
    return (
        *(() if accuracy is None else _det_plots(result, accuracy)),
        _density_plot(result.scores, accuracy),
        *_search_plots(result),
        *(() if accuracy is None else (_quality_plot(result.scores, samples, accuracy),)),
        *(() if accuracy is None else _forest_plots(result.groups, accuracy)),
        *(() if check is None else (_reliability_plot(check), _tippett_plot(check))),
    )


def group_threshold(accuracy: Accuracy) -> float:
    """Threshold of the whole set at which its parts are told."""
    return accuracy.points[FMR_LIMITS.index(GROUP_FMR)].threshold


def _det_plots(result: EvaluationResult, accuracy: Accuracy) -> tuple[Plot, Plot]:
    band = accuracy.band
    curve = Curve(
        label=_label(result.dataset),
        x=accuracy.curve.fmr,
        y=accuracy.curve.fnmr,
        band=Band(x=band.fmr, low=band.low, high=band.high),
        points=(
            CurvePoint(label="EER", x=accuracy.eer, y=accuracy.eer),
            *(
                CurvePoint(label=f"FMR {rounded_percent(limit)}", x=point.fmr, y=point.fnmr)
                for limit, point in zip(FMR_LIMITS, accuracy.points, strict=True)
                if point.fmr > 0
            ),
        ),
    )
    floor = _floor(len(result.scores.nonmated))
    return (
        Plot(
            name="det_log",
            title="DET, logarithmic axes",
            svg=curve_svg([curve], floor=floor, title="Detection error trade-off, logarithmic axes"),
        ),
        Plot(
            name="det_normal_deviate",
            title="DET, normal deviate axes",
            svg=curve_svg(
                [curve],
                floor=floor,
                axes=AxisKind.NORMAL_DEVIATE,
                title="Detection error trade-off, normal deviate axes",
            ),
        ),
    )


def _label(dataset: str) -> str:
    """Name of the set, or words for it where the name is too long for the key."""
    return dataset if 0 < len(dataset) <= LONGEST_LABEL else "this set"


def _floor(trials: int) -> float:
    """Power of ten at or below the smallest rate that so many trials can show."""
    return min(max(10.0 ** math.floor(-math.log10(max(trials, 1))), SMALLEST_FLOOR), LARGEST_FLOOR)


def _density_plot(scores: ScoreSet, accuracy: Accuracy | None) -> Plot:
    mated, nonmated = (side[np.isfinite(side)] for side in (scores.mated, scores.nonmated))
    highest = float(np.concatenate([mated, nonmated]).max(initial=10 * FIRST_BIN_ENDS))
    edges = np.concatenate([[0.0], np.geomspace(FIRST_BIN_ENDS, highest * 1.01, BINS)])
    points = () if accuracy is None else zip(FMR_LIMITS, accuracy.points, strict=True)
    thresholds = [
        Threshold(
            name=f"FMR ≤ {rounded_percent(limit)}" if limit else "no false match",
            similarity=float(f"{point.threshold:.4g}"),
            colour=palette.REVIEW if limit else palette.DUPLICATE,
        )
        for limit, point in points
        if math.isfinite(point.threshold) and point.threshold > 0
    ]
    return Plot(
        name="density",
        title="Similarity of mated and non-mated pairs",
        svg=density_svg(edges, _counts(mated, edges), _counts(nonmated, edges), thresholds=thresholds),
    )


def _counts(similarities: NDArray[np.float32], edges: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.histogram(similarities, edges)[0].astype(np.int64)


def _search_plots(result: EvaluationResult) -> tuple[Plot, ...]:
    figures = result.identification
    if figures is None:
        return ()
    last = len(figures.galleries[-1].cmc)
    curves = [
        RankCurve(label=f"{gallery.size:,} references", ranks=np.arange(1, last + 1), hit_rates=gallery.cmc)
        for gallery in figures.galleries
    ]
    lowest = min(float(gallery.cmc.min()) for gallery in figures.galleries)
    errors = [
        Curve(label=f"{gallery.size:,} references", x=gallery.fpir, y=gallery.fnir[-1])
        for gallery in figures.galleries
    ]
    return (
        Plot(
            name="cmc",
            title="Cumulative match characteristic",
            svg=rank_svg(curves, lowest=max(0.0, math.floor(lowest * 10 - CMC_ROOM) / 10)),
        ),
        Plot(
            name="fnir_fpir",
            title="FNIR over FPIR",
            svg=curve_svg(
                errors,
                x_label="false positive identification rate",
                y_label=f"false negative identification rate, first {last} candidates",
                floor=_floor(figures.nonmated_searches),
                diagonal=False,
                title="FNIR over FPIR by size of the gallery",
            ),
        ),
    )


def _quality_plot(scores: ScoreSet, samples: Sequence[ExtractedSample], accuracy: Accuracy) -> Plot:
    bins = error_over_quality(scores, samples, threshold=group_threshold(accuracy))
    rates = np.array([_numbers(each.fnmr) for each in bins])
    return Plot(
        name="quality",
        title="FNMR over quality",
        svg=error_over_quality_svg(
            np.array([bins[0].low, *(each.high for each in bins)]),
            rates[:, 0],
            rates[:, 1],
            rates[:, 2],
            np.array([_trials(each) for each in bins], dtype=np.int64),
            x_label=f"{sample_qualities(samples).name} of the worse sample",
            title="False non-match rate over quality",
        ),
    )


def _trials(of_bin: QualityBin) -> int:
    return 0 if of_bin.fnmr is None else of_bin.fnmr.trials


def _numbers(rate: ErrorRate | None) -> tuple[float, float, float]:
    """Value and interval; NaN where there is no rate."""
    if rate is None:
        return math.nan, math.nan, math.nan
    return rate.value, rate.interval.low, rate.interval.high


def _forest_plots(groups: Sequence[GroupFigures], accuracy: Accuracy) -> tuple[Plot, ...]:
    """One diagram for each way that the set is parted."""
    overall = accuracy.rates[FMR_LIMITS.index(GROUP_FMR)].fnmr.value
    return tuple(
        Plot(
            name=f"groups_{number}",
            title=f"FNMR by {grouping}",
            svg=forest_svg(
                [_group_row(group) for group in members],
                overall=overall,
                title=f"False non-match rate by {grouping}",
            ),
        )
        for number, (grouping, members) in enumerate(
            groupby(groups, key=lambda group: group.grouping), start=1
        )
    )


def _group_row(group: GroupFigures) -> GroupRow:
    value, low, high = _numbers(group.fnmr)
    return GroupRow(
        label=group.label, value=value, low=low, high=high, trials=group.mated, small=group.too_small
    )


def _reliability_plot(check: CalibrationCheck) -> Plot:
    measured = np.array([_numbers(rate.measured) for rate in check.rates])
    series = ReliabilitySeries(
        label="this set",
        predicted=np.array([rate.predicted for rate in check.rates]),
        measured=measured[:, 0],
        low=measured[:, 1],
        high=measured[:, 2],
        extrapolated=np.array([rate.extrapolated for rate in check.rates], dtype=np.bool_),
    )
    return Plot(name="reliability", title="Reliability", svg=reliability_svg([series], floor=1e-6))


def _tippett_plot(check: CalibrationCheck) -> Plot:
    to_tens = 1 / math.log(10)
    return Plot(
        name="tippett",
        title="Tippett plot",
        svg=tippett_svg(check.mated_llr * to_tens, check.nonmated_llr * to_tens),
    )
