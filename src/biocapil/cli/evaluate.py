"""``biocapil evaluate``: error rates and speed on labelled samples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Annotated

import numpy as np
import typer

from biocapil import evaluation
from biocapil.calibration import Calibration
from biocapil.cli.evaluate_page import model_papers, write_page, write_plots
from biocapil.cli.evaluate_results import det_svg, is_worse, name_of, show
from biocapil.cli.exit_codes import ExitCode
from biocapil.cli.model_choice import ExtractorOption, chosen_models
from biocapil.cli.pictures import no_picture, picture_reader
from biocapil.cli.policy_options import CalibrationOption, offered_calibration
from biocapil.cli.progress import people_console, step_bars
from biocapil.cli.set_options import (
    DatasetOption,
    ModalityOption,
    PatternOption,
    RecordsOption,
    ResolutionOption,
    SetArgument,
    StoreOption,
    prepare_folders,
    read_set,
    source_of,
    tracer_of,
)
from biocapil.cli.typed_command import typed_command
from biocapil.evaluation import (
    GALLERY_SIZE,
    CalibrationCheck,
    EvaluationResult,
    PairedDifference,
    PairProtocol,
    check_calibration,
    compare_with_earlier,
    evaluation_json,
)
from biocapil.extraction import ExtractedSample
from biocapil.formats import read_exclusions
from biocapil.reporting import evaluation_plots, write_private
from biocapil.vocabulary import Modality

ProtocolOption = Annotated[
    PairProtocol,
    typer.Option(
        "--protocol", help="all: every pair once; fvc: of the non-mated ones first impressions only."
    ),
]
JsonOption = Annotated[Path | None, typer.Option("--json", help="Also write the JSON line to this file.")]
ReportOption = Annotated[
    Path | None, typer.Option("--report", help="Write one HTML file with every figure and diagram.")
]
PlotsOption = Annotated[
    Path | None, typer.Option("--plots", help="Write every diagram as an SVG file into this folder.")
]
DetOption = Annotated[Path | None, typer.Option("--det", help="Draw the DET curve into this SVG file.")]
GalleryOption = Annotated[
    int, typer.Option("--gallery", min=0, help="References to search when speed is measured; 0: not at all.")
]
AgainstOption = Annotated[
    Path | None,
    typer.Option("--against", help="JSON of an earlier run on the same set; exit code 1 if this is worse."),
]
ExcludeOption = Annotated[
    Path | None,
    typer.Option("--exclude", help="CSV file, columns first and second: samples and pairs to leave out."),
]
GroupOption = Annotated[
    list[str] | None,
    typer.Option(
        "--group-by", help="Column of the manifest to tell groups by, may be repeated; else all that fit."
    ),
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Same seed, same digits.")]


def evaluate(
    context: typer.Context,
    manifest: SetArgument,
    *,
    dataset: DatasetOption = None,
    modality: ModalityOption = Modality.FINGER,
    ppi: ResolutionOption = None,
    protocol: ProtocolOption = PairProtocol.ALL,
    report: ReportOption = None,
    json: JsonOption = None,
    plots: PlotsOption = None,
    det: DetOption = None,
    against: AgainstOption = None,
    exclude: ExcludeOption = None,
    group_by: GroupOption = None,
    calibration: CalibrationOption = None,
    store: StoreOption = None,
    extractor: ExtractorOption = None,
    records: RecordsOption = False,
    name_pattern: PatternOption = None,
    gallery: GalleryOption = GALLERY_SIZE,
    seed: SeedOption = 0,
) -> None:
    """Compare the samples of a set with each other; error rates, times and sizes as one line of JSON."""
    models = chosen_models(extractor, [modality])
    entries = read_set(manifest, dataset=dataset, modality=modality, records=records, pattern=name_pattern)
    excluded = () if exclude is None else read_exclusions(exclude)
    earlier = None if against is None else against.read_text(encoding="utf-8")
    meaning = offered_calibration(calibration, records=records, models=models)
    prepare_folders(report, json, det, plots and plots / "plot")
    console = people_console()
    with step_bars(console) as step:
        intake = source_of(
            records=records,
            models=models,
            resolution_ppi=ppi,
            store=store,
            report=step("Extracting"),
            with_quality=True,
        )
        started = perf_counter()
        samples = intake(entries)
        extracted = perf_counter()
        result = evaluation.evaluate(
            samples,
            protocol=protocol,
            dataset=dataset or name_of(entries),
            modality=modality,
            gallery_size=gallery,
            excluded=excluded,
            group_columns=group_by,
            seed=seed,
            on_progress=step("Comparing"),
        )
        elapsed_s = {"extraction": extracted - started, "comparison and figures": perf_counter() - extracted}
    check = check_of(meaning, result, samples, is_named=bool(calibration))
    differences = difference_to(earlier, result)
    line = evaluation_json(result, differences=differences, check=check)
    if json is not None:
        write_private(json, f"{line}\n")
    if det is not None:
        write_private(det, det_svg(result))
    if plots is not None:
        write_plots(evaluation_plots(result, samples, check=check), plots)
    if report is not None:
        write_page(
            result,
            samples,
            report,
            images=no_picture if records else picture_reader(ppi),
            tracer=None if records else tracer_of(models, {} if meaning is None else {modality: meaning}),
            command=typed_command("evaluate", context.obj),
            elapsed_s=elapsed_s,
            papers=model_papers(result, records=records, model=models[modality].name),
            check=check,
            differences=differences,
        )
    show(
        result,
        console,
        differences=differences,
        check=check,
        files=[file for file in (report, json, plots, det) if file],
    )
    print(line)
    if is_worse(differences):
        raise typer.Exit(ExitCode.NO)


def check_of(
    calibration: Calibration | None,
    result: EvaluationResult,
    samples: Sequence[ExtractedSample],
    *,
    is_named: bool,
) -> CalibrationCheck | None:
    """What a calibration says about the set; one that only came with another model says nothing."""
    if calibration is None or not (is_named or calibration.model_id == result.setting.model_id):
        return None
    return check_calibration(calibration, result.scores, samples)


def difference_to(earlier: str | None, result: EvaluationResult) -> tuple[PairedDifference, ...] | None:
    """Differences to an earlier result; None where there is none."""
    if earlier is None:
        return None
    return compare_with_earlier(earlier, result, rng=np.random.default_rng(result.seed))
