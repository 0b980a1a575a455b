"""What the page of an evaluation shows, arranged for its template: no markup here, no arithmetic there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from biocapil.evaluation import (
    FMR_LIMITS,
    Accuracy,
    CalibrationCheck,
    EvaluationResult,
    GroupFigures,
    ListedPair,
    OperatingPoint,
    PointRates,
    SuspectPair,
    SuspectSample,
)
from biocapil.extraction import ExtractedSample
from biocapil.formats import exclusion_line
from biocapil.reporting.drawn_pair import DrawnPair, Explain, Images, draw_pair
from biocapil.reporting.evaluation_plots import Plot, evaluation_plots
from biocapil.reporting.threshold_table import ThresholdTable, threshold_table
from biocapil.reporting.traced_pair import PairTracer

MAX_ROWS = 500
"""Rows of one table; the page says how many more stand in the JSON result."""
MAX_SUSPECTS = 12
"""Suspected pairs that are drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointView:
    """One operating point.

    Attributes:
        max_fmr: FMR that set the threshold.
        point: Threshold and rates.
        rates: The rates with their intervals.
    """

    max_fmr: float
    point: OperatingPoint
    rates: PointRates


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCard:
    """A pair of samples to look at.

    Attributes:
        pair: The pair.
        drawing: Its picture.
        why: Why it is listed; empty where its heading says so.
        exclusion: Line of an exclusion file that leaves it out; empty where nobody should.
    """

    pair: ListedPair | SuspectPair
    drawing: DrawnPair
    why: str = ""
    exclusion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectRow:
    """A suspected sample.

    Attributes:
        found: The sample.
        exclusion: Line of an exclusion file that leaves it out.
    """

    found: SuspectSample
    exclusion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupingView:
    """One way in which the set is parted.

    Attributes:
        name: What it is parted by.
        plot: Diagram of its error rates.
        groups: Its groups.
    """

    name: str
    plot: Plot
    groups: tuple[GroupFigures, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationView:
    """All parts of the page.

    Attributes:
        plots: Diagrams by name.
        points: Operating points; none where there are no error rates.
        table: Rates over thresholds; None where there are none.
        start: Row of the table at which the threshold stands first.
        groupings: Ways in which the set is parted.
        suspect_pairs: Suspected pairs, as many as are drawn.
        unlisted_suspects: Suspected pairs that have no room.
        suspect_samples: Suspected samples, as many as have room.
        worst_nonmated: Non-mated pairs that are most alike.
        worst_mated: Mated pairs that are least alike.
        failed: Samples without a template, as many as have room.
    """

    plots: Mapping[str, Plot]
    points: tuple[PointView, ...]
    table: ThresholdTable | None
    start: int
    groupings: tuple[GroupingView, ...]
    suspect_pairs: tuple[PairCard, ...]
    unlisted_suspects: int
    suspect_samples: tuple[SuspectRow, ...]
    worst_nonmated: tuple[PairCard, ...]
    worst_mated: tuple[PairCard, ...]
    failed: tuple[ExtractedSample, ...]


def arrange_evaluation(
    result: EvaluationResult,
    samples: Sequence[ExtractedSample],
    *,
    images: Images,
    explain: Explain,
    check: CalibrationCheck | None,
    tracer: PairTracer | None = None,
) -> EvaluationView:
    """Arrange a result for the page.

    Args:
        result: The result.
        samples: What extraction made of the samples, in their order.
        images: Sample of an entry; asked only for pairs that are drawn.
        explain: `comparison.explain`.
        check: What a calibration says about the set.
        tracer: Draws what was seen in faces and irises; without it their pictures stand side by side.
    """
    templates = {sample.entry.name: sample.template for sample in samples}

    def draw(pair: ListedPair | SuspectPair) -> DrawnPair:
        drawing = draw_pair(
            pair.first,
            pair.second,
            images=images,
            templates=lambda entry: templates[entry.name],
            explain=explain,
            tracer=tracer,
        )
        return drawing or DrawnPair()

    plots = {plot.name: plot for plot in evaluation_plots(result, samples, check=check)}
    table = None if result.accuracy is None else threshold_table(result.accuracy.curve)
    shown = result.suspect_pairs[:MAX_SUSPECTS]
    return EvaluationView(
        plots=plots,
        points=_points(result.accuracy),
        table=table,
        start=_start(result.accuracy, table),
        groupings=_groupings(result.groups, plots),
        suspect_pairs=tuple(_suspect(pair, draw(pair)) for pair in shown),
        unlisted_suspects=len(result.suspect_pairs) - len(shown),
        suspect_samples=tuple(
            SuspectRow(found=found, exclusion=exclusion_line(found.entry.name, ""))
            for found in result.suspect_samples[:MAX_ROWS]
        ),
        worst_nonmated=tuple(PairCard(pair=pair, drawing=draw(pair)) for pair in result.worst.nonmated),
        worst_mated=tuple(PairCard(pair=pair, drawing=draw(pair)) for pair in result.worst.mated),
        failed=tuple(sample for sample in samples if sample.template is None)[:MAX_ROWS],
    )


def _suspect(pair: SuspectPair, drawing: DrawnPair) -> PairCard:
    """Card with the line that leaves out all pairs of the two people; of one person, this pair only."""
    first, second = pair.first, pair.second
    if first.person == second.person:
        line = exclusion_line(first.name, second.name)
    else:
        line = exclusion_line(*("/".join(filter(None, entry.person)) for entry in (first, second)))
    return PairCard(pair=pair, drawing=drawing, why=pair.reason.value, exclusion=line)


def _points(accuracy: Accuracy | None) -> tuple[PointView, ...]:
    if accuracy is None:
        return ()
    return tuple(
        PointView(max_fmr=limit, point=point, rates=rates)
        for limit, point, rates in zip(FMR_LIMITS, accuracy.points, accuracy.rates, strict=True)
    )


def _start(accuracy: Accuracy | None, table: ThresholdTable | None) -> int:
    """Row at the most lenient of the thresholds that are told."""
    if accuracy is None or table is None:
        return 0
    return table.nearest(accuracy.points[0].threshold)


def _groupings(groups: Sequence[GroupFigures], plots: Mapping[str, Plot]) -> tuple[GroupingView, ...]:
    return tuple(
        GroupingView(name=name, plot=plots[f"groups_{number}"], groups=tuple(members))
        for number, (name, members) in enumerate(groupby(groups, key=lambda group: group.grouping), start=1)
    )
