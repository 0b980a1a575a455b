"""What ``biocapil evaluate`` tells people: the tables, the DET curve, the verdict on a change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from biocapil.evaluation import FMR_LIMITS, CalibrationCheck, EvaluationResult, PairedDifference
from biocapil.reporting import Band, Curve, curve_svg
from biocapil.subject import SampleEntry


def name_of(entries: Sequence[SampleEntry]) -> str:
    """Names of the sets that the entries belong to."""
    return ", ".join(sorted({entry.dataset for entry in entries if entry.dataset}))


def det_svg(result: EvaluationResult) -> str:
    """Picture of the DET curve with its band; without a line where the set gives no error rates."""
    accuracy = result.accuracy
    if accuracy is None:
        return curve_svg([])
    band = Band(x=accuracy.band.fmr, low=accuracy.band.low, high=accuracy.band.high)
    label = result.dataset or "samples"
    return curve_svg([Curve(label=label, x=accuracy.curve.fmr, y=accuracy.curve.fnmr, band=band)])


def is_worse(differences: Sequence[PairedDifference] | None) -> bool:
    """Whether an error rate became significantly higher."""
    return any(each.is_significant and each.difference > 0 for each in differences or ())


def show(
    result: EvaluationResult,
    console: Console,
    *,
    differences: Sequence[PairedDifference] | None,
    check: CalibrationCheck | None,
    files: Sequence[Path],
) -> None:
    """Print a result for people: tables, also of what changed since an earlier one, and the files written."""
    table = Table(title=f"{result.dataset or 'samples'}, protocol {result.protocol.value}", show_header=False)
    for name, value in _rows(result, check):
        table.add_row(name, value)
    console.print(table)
    if differences is not None:
        console.print(_difference_table(differences))
    for file in files:
        console.print(f"written: {file}", soft_wrap=True, markup=False)


def _difference_table(differences: Sequence[PairedDifference]) -> Table:
    table = Table(title="against the earlier result")
    for heading in ("rate", "earlier", "now", "difference, points", "verdict"):
        table.add_column(heading, no_wrap=heading == "verdict")
    for each in differences:
        table.add_row(
            each.name,
            f"{each.first:.3%}",
            f"{each.second:.3%}",
            f"{100 * each.difference:+.3f} ({100 * each.low:+.3f} to {100 * each.high:+.3f})",
            each.verdict,
        )
    return table


def _rows(result: EvaluationResult, check: CalibrationCheck | None) -> list[tuple[str, str]]:
    counts = result.counts
    return [
        ("samples, sources", f"{counts.samples:,}, {counts.sources:,}"),
        ("mated, non-mated comparisons", f"{counts.mated:,}, {counts.nonmated:,}"),
        ("left out (byte-identical samples)", f"{counts.left_out_identical:,}"),
        ("failures to extract", _failures(result)),
        ("presentation attacks", result.attack.words),
        *_accuracy_rows(result),
        *_search_rows(result),
        *_fault_rows(result),
        *_calibration_rows(check),
        *_cost_rows(result),
    ]


def _search_rows(result: EvaluationResult) -> list[tuple[str, str]]:
    figures = result.identification
    if figures is None:
        return []
    size = figures.galleries[-1].size
    return [
        (f"FNIR at FPIR {point.max_fpir:g}, {size:,} references", point.fnir.words())
        for point in figures.points
    ]


def _fault_rows(result: EvaluationResult) -> list[tuple[str, str]]:
    found = len(result.suspect_pairs), len(result.suspect_samples)
    if not any(found):
        return []
    return [("suspected faults of the data", f"{found[0]} pairs of sources, {found[1]} samples")]


def _calibration_rows(check: CalibrationCheck | None) -> list[tuple[str, str]]:
    if check is None:
        return []
    return [
        ("Cllr", f"{check.cllr:.3f} bits, {check.min_cllr:.3f} at best ({check.calibration.calibration_id})")
    ]


def _failures(result: EvaluationResult) -> str:
    reasons = ", ".join(f"{failure.reason.value} {failure.count}" for failure in result.failures)
    return f"{result.failures_to_extract} ({reasons})" if reasons else "0"


def _accuracy_rows(result: EvaluationResult) -> list[tuple[str, str]]:
    accuracy, cost = result.accuracy, result.gate_cost
    if accuracy is None:
        return [("error rates", "none: mated or non-mated pairs missing")]
    points = zip(FMR_LIMITS, accuracy.points, accuracy.rates, strict=True)
    low, high = accuracy.eer_interval.low, accuracy.eer_interval.high
    gates = (
        []
        if cost is None
        else [("matches that the gates lose", f"{cost.lost} of {cost.accepted} ({cost.lost_share:.2%})")]
    )
    return [
        ("EER", f"{accuracy.eer:.2%} (95 %: {low * 100:.2f} to {high * 100:.2f} %)"),
        *(
            (f"FNMR at FMR {limit:.4g}", f"{rates.fnmr.words()} from similarity {point.threshold:.3f} on")
            for limit, point, rates in points
        ),
        ("what this set supports", accuracy.claim.words),
        *gates,
    ]


def _cost_rows(result: EvaluationResult) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    if result.extraction is not None:
        times = result.extraction
        rows.append(("extraction", f"median {times.median_ms:.1f} ms, 95 % within {times.p95_ms:.1f} ms"))
    if result.template_bytes is not None:
        rows.append(("template", f"{result.template_bytes:,.0f} bytes (median)"))
    if result.speed is not None:
        speed, gates = result.speed, result.speed.gates
        rows.append(
            ("comparisons/s/core, exact", f"{speed.exact_per_s:,.0f} over {speed.gallery:,} references")
        )
        if gates is not None:
            rows += [
                ("comparisons/s/core, gated", f"{gates.per_s:,.0f}"),
                ("passed the gates", f"{gates.passed_first:.2%}, then {gates.passed_second:.2%}"),
            ]
    return rows
