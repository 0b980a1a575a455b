"""``biocapil evaluate``: error rates and speed on labelled samples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from biocapil import evaluation
from biocapil.cli.progress import people_console, step_bars
from biocapil.cli.set_options import (
    DatasetOption,
    ExtractorOption,
    PatternOption,
    RecordsOption,
    ResolutionOption,
    SetArgument,
    StoreOption,
    prepare_folders,
    read_set,
    source_of,
)
from biocapil.evaluation import (
    FMR_LIMITS,
    GALLERY_SIZE,
    EvaluationResult,
    PairProtocol,
    evaluation_json,
)
from biocapil.reporting import Curve, curve_svg, write_private
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Modality

ProtocolOption = Annotated[
    PairProtocol,
    typer.Option(
        "--protocol", help="all: every pair once; fvc: of the non-mated ones first impressions only."
    ),
]
JsonOption = Annotated[Path | None, typer.Option("--json", help="Also write the JSON line to this file.")]
DetOption = Annotated[Path | None, typer.Option("--det", help="Draw the DET curve into this SVG file.")]
GalleryOption = Annotated[
    int, typer.Option("--gallery", min=0, help="References to search when speed is measured; 0: not at all.")
]


def evaluate(
    manifest: SetArgument,
    *,
    dataset: DatasetOption = None,
    modality: Annotated[Modality, typer.Option("--modality")] = Modality.FINGER,
    ppi: ResolutionOption = None,
    protocol: ProtocolOption = PairProtocol.ALL,
    json: JsonOption = None,
    store: StoreOption = None,
    extractor: ExtractorOption = "leader",
    records: RecordsOption = False,
    name_pattern: PatternOption = None,
    gallery: GalleryOption = GALLERY_SIZE,
    det: DetOption = None,
) -> None:
    """Compare the samples of a set with each other; error rates, times and sizes as one line of JSON."""
    entries = read_set(manifest, dataset=dataset, modality=modality, records=records, pattern=name_pattern)
    prepare_folders(json, det)
    console = people_console()
    with step_bars(console) as step:
        intake = source_of(
            records=records, extractor=extractor, resolution_ppi=ppi, store=store, report=step("Extracting")
        )
        result = evaluation.evaluate(
            intake(entries),
            protocol=protocol,
            dataset=dataset or name_of(entries),
            modality=modality,
            gallery_size=gallery,
            on_progress=step("Comparing"),
        )
    line = evaluation_json(result)
    if json is not None:
        write_private(json, f"{line}\n")
    if det is not None:
        write_private(det, det_svg(result))
    show(result, console)
    print(line)


def name_of(entries: Sequence[SampleEntry]) -> str:
    """Names of the sets that the entries belong to."""
    return ", ".join(sorted({entry.dataset for entry in entries if entry.dataset}))


def det_svg(result: EvaluationResult) -> str:
    """Picture of the DET curve; without a line where the set gives no error rates."""
    label = result.dataset or "samples"
    accuracy = result.accuracy
    curves = [Curve(label=label, x=accuracy.curve.fmr, y=accuracy.curve.fnmr)] if accuracy else []
    return curve_svg(curves)


def show(result: EvaluationResult, console: Console) -> None:
    """Print a result as a table for people."""
    table = Table(title=f"{result.dataset or 'samples'}, protocol {result.protocol.value}", show_header=False)
    for name, value in _rows(result):
        table.add_row(name, value)
    console.print(table)


def _rows(result: EvaluationResult) -> list[tuple[str, str]]:
    counts = result.counts
    return [
        ("samples, sources", f"{counts.samples:,}, {counts.sources:,}"),
        ("mated, non-mated comparisons", f"{counts.mated:,}, {counts.nonmated:,}"),
        ("left out (byte-identical samples)", f"{counts.left_out_identical:,}"),
        ("failures to extract", _failures(result)),
        *_accuracy_rows(result),
        *_search_rows(result),
        *_fault_rows(result),
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


def _failures(result: EvaluationResult) -> str:
    reasons = ", ".join(f"{failure.reason.value} {failure.count}" for failure in result.failures)
    return f"{result.failures_to_extract} ({reasons})" if reasons else "0"


def _accuracy_rows(result: EvaluationResult) -> list[tuple[str, str]]:
    accuracy, cost = result.accuracy, result.gate_cost
    if accuracy is None or cost is None:
        return [("error rates", "none: mated or non-mated pairs missing")]
    points = zip(FMR_LIMITS, accuracy.points, accuracy.rates, strict=True)
    low, high = accuracy.eer_interval.low, accuracy.eer_interval.high
    return [
        ("EER", f"{accuracy.eer:.2%} (95 %: {low * 100:.2f} to {high * 100:.2f} %)"),
        *(
            (f"FNMR at FMR {limit:.4g}", f"{rates.fnmr.words()} from similarity {point.threshold:.3f} on")
            for limit, point, rates in points
        ),
        ("what this set supports", accuracy.claim.words),
        ("matches that the gates lose", f"{cost.lost} of {cost.accepted} ({cost.lost_share:.2%})"),
    ]


def _cost_rows(result: EvaluationResult) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    if result.extraction is not None:
        times = result.extraction
        rows.append(("extraction", f"median {times.median_ms:.1f} ms, 95 % within {times.p95_ms:.1f} ms"))
    if result.template_bytes is not None:
        rows.append(("template", f"{result.template_bytes:,.0f} bytes (median)"))
    if result.speed is not None:
        speed = result.speed
        rows += [
            ("comparisons/s/core, gated", f"{speed.gated_per_s:,.0f} over {speed.gallery:,} references"),
            ("comparisons/s/core, exact", f"{speed.exact_per_s:,.0f}"),
            ("passed the gates", f"{speed.passed_first_gate:.2%}, then {speed.passed_second_gate:.2%}"),
        ]
    return rows
