"""``biocapil dedup``: people who are registered more than once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from biocapil.cli.dedup_gallery import gallery
from biocapil.cli.dedup_results import (
    show,
    summary_line,
    write_json,
    write_page,
)
from biocapil.cli.model_choice import ExtractorOption, chosen_models
from biocapil.cli.pictures import no_picture, picture_reader
from biocapil.cli.policy_options import (
    FPIR,
    REVIEW_FPIR,
    CalibrationOption,
    FpirOption,
    MeasuredOption,
    ReviewFpirOption,
    calibrations_of,
    policy_of_set,
    set_targets,
)
from biocapil.cli.progress import people_console, step_bars
from biocapil.cli.set_options import (
    DatasetOption,
    ModalitiesOption,
    PatternOption,
    RecordsOption,
    ResolutionOption,
    SetArgument,
    StoreOption,
    modalities_of,
    prepare_folders,
    read_set,
    source_of,
    tracer_of,
)
from biocapil.deduplication import run_deduplication

WORK_SUFFIX = ".biocapil-work.db"

app = typer.Typer(add_completion=False, no_args_is_help=True)

ReportOption = Annotated[
    Path | None, typer.Option("--report", help="Write one HTML file with the found pairs side by side.")
]
JsonOption = Annotated[Path | None, typer.Option("--json", help="Write the complete result to this file.")]
QualityOption = Annotated[
    bool,
    typer.Option("--quality", help="Measure the quality of every image too, and tell it in report and JSON."),
]
PeopleOption = Annotated[
    int | None,
    typer.Option("--people", min=1, help="Size of the registry that the target speaks of; else of the set."),
]


@app.callback()
def dedup() -> None:
    """Find people who are registered more than once."""


@app.command()
def run(
    manifest: SetArgument,
    *,
    ppi: ResolutionOption = None,
    dataset: DatasetOption = None,
    report: ReportOption = None,
    json: JsonOption = None,
    store: StoreOption = None,
    calibration: CalibrationOption = None,
    fpir: FpirOption = FPIR,
    review_fpir: ReviewFpirOption = REVIEW_FPIR,
    people: PeopleOption = None,
    measured_only: MeasuredOption = False,
    modality: ModalitiesOption = None,
    extractor: ExtractorOption = None,
    records: RecordsOption = False,
    quality: QualityOption = False,
    name_pattern: PatternOption = None,
) -> None:
    """Compare all samples of a set with each other and report who is registered more than once.

    Fingers, irises and faces of one person are weighed together.

    Finished templates are kept in an encrypted file: killed and run again, the same command goes on.
    """
    if quality and records:
        raise typer.BadParameter("records hold no images to measure", param_hint="--quality")
    entries = read_set(manifest, dataset=dataset, modality=modality, records=records, pattern=name_pattern)
    models = chosen_models(extractor, modalities_of(entries))
    meanings = calibrations_of(calibration, records=records, models=models, measured_only=measured_only)
    targets = set_targets(entries, fpir=fpir, review_fpir=review_fpir, people=people)
    policy = policy_of_set(targets, meanings)
    work = None if records else store or work_file(manifest, beside=report or json)
    prepare_folders(report, json, work)
    console = people_console()
    with step_bars(console) as step:
        intake = source_of(
            records=records,
            models=models,
            resolution_ppi=ppi,
            store=work,
            report=step("Extracting"),
            with_quality=quality,
        )
        done = run_deduplication(entries, meanings, policy, intake=intake, on_progress=step("Comparing"))
    if json is not None:
        write_json(done, json)
    if report is not None:
        write_page(
            done,
            report,
            images=no_picture if records else picture_reader(ppi),
            tracer=None if records else tracer_of(models, meanings),
        )
    show(done, console, files=[file for file in (report, json, work) if file])
    print(summary_line(done, report=report, json_file=json, work=work))


app.command()(gallery)


def work_file(manifest: Path, *, beside: Path | None) -> Path:
    """Where finished templates wait: beside the results, else in the current folder."""
    folder = Path() if beside is None else beside.parent
    return folder / f"{manifest.stem or 'samples'}{WORK_SUFFIX}"
