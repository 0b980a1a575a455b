"""``biocapil calibrate``: what the scores of a model mean, fitted on labelled samples."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from biocapil.calibration import (
    Calibration,
    LeftOutResult,
    calibration_to_json,
    fit_calibration,
    leave_one_set_out,
)
from biocapil.cli.model_choice import ExtractorOption, chosen_models
from biocapil.cli.progress import Report, people_console, step_bars
from biocapil.cli.set_options import (
    ModalityOption,
    NamePattern,
    PatternOption,
    RecordsOption,
    ResolutionOption,
    StoreOption,
    prepare_folders,
    read_set,
    source_of,
)
from biocapil.comparison import FULL_SIZE, comparator_of
from biocapil.evaluation import labelled_scores
from biocapil.extraction import ExtractedSample
from biocapil.labelled_scores import LabelledScores
from biocapil.reporting import write_private
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Modality

FINGER_SIZE = 37
"""Size of the fingerprint template whose similarities the table for people shows."""

SHOWN_RATES = (1e-2, 1e-3, 1e-4, 1e-6, 1e-9)

SetsArgument = Annotated[
    list[Path],
    typer.Argument(
        metavar="SET...", help="Manifests (CSV) or folders; each dataset in them counts the same in the fit."
    ),
]


def calibrate(
    sets: SetsArgument,
    *,
    out: Annotated[Path, typer.Option("--out", help="File for the calibration.")],
    dataset: Annotated[
        list[str] | None,
        typer.Option("--dataset", help="Take only the rows of this dataset; may be repeated."),
    ] = None,
    ppi: ResolutionOption = None,
    store: StoreOption = None,
    modality: ModalityOption = Modality.FINGER,
    extractor: ExtractorOption = None,
    records: RecordsOption = False,
    name_pattern: PatternOption = None,
    dependence: Annotated[
        float | None,
        typer.Option(
            "--dependence", min=0, max=1, help="Correlation of two fingers' evidence; else it is measured."
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Same seed, same record.")] = 0,
) -> None:
    """Compare the samples of labelled sets, and fit what a similarity means.

    Give sets from several places or sensors: from three on, the limits hold for a set that was not seen.
    """
    models = chosen_models(extractor, [modality])
    prepare_folders(out, store)
    console = people_console()
    with step_bars(console) as step:
        fitted, comparator = scores_of(
            sets,
            datasets=dataset,
            modality=modality,
            pattern=name_pattern,
            records=records,
            intake_of=lambda report: source_of(
                records=records, models=models, resolution_ppi=ppi, store=store, report=report
            ),
            step=step,
        )
        calibration = fit_calibration(
            fitted, comparator=comparator, modality=modality, dependence=dependence, seed=seed
        )
        left_out, why_not = left_out_results(fitted, calibration, seed=seed, report=step("Leaving out"))
    write_private(out, calibration_to_json(calibration))
    show(calibration, console)
    if left_out:
        show_left_out(left_out, console)
    else:
        console.print(f"Not tried on a set that was left out: {why_not}.", markup=False)
    console.print(f"written: {out}", soft_wrap=True, markup=False)
    fields = {**summary(calibration, out), "left_out": [left_out_fields(each) for each in left_out]}
    print(json.dumps(fields, ensure_ascii=False))


def scores_of(
    sets: Sequence[Path],
    *,
    datasets: Sequence[str] | None,
    modality: Modality,
    pattern: NamePattern | None,
    records: bool,
    intake_of: Callable[[Report], Callable[[Sequence[SampleEntry]], Sequence[ExtractedSample]]],
    step: Callable[[str], Report],
) -> tuple[tuple[LabelledScores, ...], str]:
    """Labelled scores of every dataset of every set, in their order, and the comparison that gave them.

    Equal names are told apart.

    Raises:
        ValueError: No sample gave a template.
    """
    found: list[LabelledScores] = []
    comparators: set[str] = set()
    for place, path in enumerate(sets, start=1):
        note = f" {place} of {len(sets)}" if len(sets) > 1 else ""
        chosen: Sequence[str | None] = datasets or [None]
        for name in chosen:
            entries = read_set(path, dataset=name, modality=modality, records=records, pattern=pattern)
            samples = intake_of(step(f"Extracting{note}"))(entries)
            found += labelled_scores(samples, on_progress=step(f"Comparing{note}"))
            comparators |= {comparator_of(each.template) for each in samples if each.template is not None}
    if len(comparators) != 1:
        raise ValueError(
            "the templates of all sets must be compared in one way, got "
            f"{sorted(comparators) or 'no template'}"
        )
    return distinct_names(found), comparators.pop()


def distinct_names(sets: Sequence[LabelledScores]) -> tuple[LabelledScores, ...]:
    """The sets, those of one name numbered."""
    counts = Counter(each.dataset for each in sets)
    seen: Counter[str] = Counter()
    named: list[LabelledScores] = []
    for each in sets:
        seen[each.dataset] += 1
        alone = counts[each.dataset] == 1
        named.append(
            each if alone else replace(each, dataset=f"{each.dataset} ({seen[each.dataset]})".strip())
        )
    return tuple(named)


def left_out_results(
    sets: Sequence[LabelledScores], like: Calibration, *, seed: int, report: Report
) -> tuple[tuple[LeftOutResult, ...], str]:
    """How a calibration on the others does on each set; or none, and why there is none.

    Args:
        sets: The sets.
        like: Calibration on all of them.
        seed: Seed of the resampling.
        report: Takes the progress.
    """
    report(0, len(sets))
    try:
        results = leave_one_set_out(sets, comparator=like.comparator, modality=like.modality, seed=seed)
    except ValueError as exc:
        return (), "; ".join((str(exc), *getattr(exc, "__notes__", [])))
    report(len(sets), len(sets))
    return results, ""


def show_left_out(results: Sequence[LeftOutResult], console: Console) -> None:
    """Print for people whether predictions came true on sets that were not fitted on."""
    table = Table(title="Each set judged by a calibration on the others")
    for heading in ("set", "predicted", "measured", "holds", "Cllr, bits (least)"):
        table.add_column(heading)
    for result in results:
        cost = "-" if result.cllr is None else f"{result.cllr:.3f} ({result.min_cllr:.3f})"
        for place, point in enumerate(result.points):
            table.add_row(
                "" if place else result.dataset or "set",
                f"{point.predicted:.2%}",
                point.measured.words(),
                "yes" if point.holds else "no",
                "" if place else cost,
            )
    console.print(table)


def left_out_fields(result: LeftOutResult) -> dict[str, Any]:
    """One result as JSON fields."""
    return {
        "dataset": result.dataset,
        "cllr": result.cllr,
        "min_cllr": result.min_cllr,
        "points": [
            {"predicted": point.predicted, "measured": asdict(point.measured), "holds": point.holds}
            for point in result.points
        ],
    }


def show(calibration: Calibration, console: Console) -> None:
    """Print for people what similarities mean."""
    table = Table(title=f"Calibration {calibration.calibration_id}")
    size = shown_size(calibration)
    for heading in ("similarity, full-size templates", "false match rate", "evidence, nats"):
        table.add_column(heading)
    for rate in SHOWN_RATES:
        similarity = calibration.similarity_at_rate(rate, size)
        llr = float(calibration.evidence(np.array([similarity]), np.array([size]))[0])
        table.add_row(
            f"{similarity:.2f}",
            calibration.false_match_rate(similarity, size).words(),
            f"{llr:.1f}",
        )
    console.print(table)
    for each in calibration.fitted_on:
        console.print(
            f"{each.dataset or 'set'}: {each.subjects:,} persons, {each.mated:,} mated and {each.nonmated:,} "
            "non-mated pairs",
            markup=False,
        )


def shown_size(calibration: Calibration) -> int:
    """Size of the templates whose similarities are shown."""
    return FINGER_SIZE if calibration.modality is Modality.FINGER else FULL_SIZE


def summary(calibration: Calibration, out: Path) -> dict[str, Any]:
    """What programs want to know, as JSON fields."""
    return {
        "calibration_id": calibration.calibration_id,
        "model_id": calibration.model_id,
        "comparator": calibration.comparator,
        "dependence": calibration.dependence,
        "fitted_on": [asdict(each) for each in calibration.fitted_on],
        "similarity_at_fmr": {
            f"{rate:g}": _finite(calibration.similarity_at_rate(rate, shown_size(calibration)))
            for rate in SHOWN_RATES
        },
        "file": str(out),
    }


def _finite(similarity: float) -> float | None:
    """The similarity, or None where none is high enough: JSON has no infinity."""
    return similarity if math.isfinite(similarity) else None
