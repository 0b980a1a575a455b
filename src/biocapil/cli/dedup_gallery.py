"""``biocapil dedup gallery``: everybody of a gallery on disk against everybody."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from biocapil.cli.model_choice import ExtractorOption, chosen_models
from biocapil.cli.policy_options import (
    FPIR,
    REVIEW_FPIR,
    CalibrationOption,
    FpirOption,
    MeasuredOption,
    ReviewFpirOption,
    calibrations_of,
    require_joint_policy,
)
from biocapil.cli.progress import Report, people_console, step_bars
from biocapil.cli.set_options import RecordsOption
from biocapil.deduplication.registry import (
    MEMORY_MIB,
    GalleryDuplicates,
    JointPairPolicy,
    ScanProgress,
    deduplicate_gallery,
    gallery_people,
    instances_named,
    registry_targets,
)
from biocapil.errors import ModelNotFound
from biocapil.gallery import Gallery
from biocapil.vocabulary import Modality

HOUR_S, MINUTE_S = 3600, 60


def gallery(
    folder: Annotated[Path, typer.Argument(metavar="GALLERY", help="Folder of the gallery.")],
    *,
    checkpoint: Annotated[
        Path,
        typer.Option(
            help="Folder for journal and report; killed and run again, the same command goes on from it."
        ),
    ],
    since: Annotated[
        Path | None,
        typer.Option(
            help="Checkpoint of a finished run: who is there unchanged since is not compared with each other "
            "again."
        ),
    ] = None,
    scan: Annotated[
        list[str] | None,
        typer.Option(
            help="Compare only this of everybody, or these: face, right_index, finger, ...; the rest only of "
            "those who stand out. Else everything.",
        ),
    ] = None,
    gated: Annotated[
        bool,
        typer.Option(
            "--gated",
            help="Leave out pairs that a cheaper comparison rules out: far faster, and not quite complete.",
        ),
    ] = False,
    least: Annotated[
        float | None,
        typer.Option(
            help="Evidence in nats that a scanned comparison has to show before a pair is looked at, where "
            "its share of the review threshold lets too many stand out."
        ),
    ] = None,
    memory: Annotated[
        int, typer.Option(min=1, help="Memory for what is found and not yet weighed, in MiB.")
    ] = MEMORY_MIB,
    calibration: CalibrationOption = None,
    without: Annotated[
        list[Modality] | None, typer.Option(help="Leave out a modality of the gallery: finger, iris or face.")
    ] = None,
    fpir: FpirOption = FPIR,
    review_fpir: ReviewFpirOption = REVIEW_FPIR,
    people: Annotated[
        int | None,
        typer.Option(min=1, help="Size of the registry that the target speaks of; else the gallery's."),
    ] = None,
    measured_only: MeasuredOption = False,
    extractor: ExtractorOption = None,
    records: RecordsOption = False,
) -> None:
    """Compare everybody of a gallery with everybody and report who is registered more than once."""
    snapshot = Gallery(folder).snapshot()
    everybody = gallery_people(snapshot, without=without or [])
    there = {each.modality for each in everybody.instances} or {Modality.FINGER}
    try:
        calibrations = calibrations_of(
            calibration,
            records=records,
            models=chosen_models(extractor, list(there)),
            measured_only=measured_only,
        )
    except ModelNotFound as error:
        error.add_note("name what scores mean with --calibration, or leave a modality out with --without")
        raise
    targets = registry_targets(everybody, calibrations, fpir=fpir, review_fpir=review_fpir, people=people)
    policy = require_joint_policy(targets, calibrations)
    console = people_console()
    with step_bars(console) as step:
        comparing = step("Comparing")
        done = deduplicate_gallery(
            snapshot,
            JointPairPolicy(
                calibrations=calibrations,
                policy=policy,
                least_llr=-math.inf if least is None else least,
            ),
            folder=checkpoint,
            scanned=instances_named(scan or [], everybody),
            since=since,
            exact=not gated,
            memory_mib=memory,
            on_progress=lambda progress: _tell(comparing, progress),
        )
    show(done, console, policy_words=policy.shortfall)
    print(json.dumps({"type": "deduplicated", **asdict(done), "report": str(done.report)}))


def _tell(comparing: Report, progress: ScanProgress) -> None:
    left = "" if progress.left_s is None else f", {duration(progress.left_s)} left"
    comparing(progress.done, progress.total, note=f"{rate(progress.per_s)} comparisons/s{left}")


def rate(per_s: float) -> str:
    """A rate for people: ``1.2 M``."""
    for unit, name in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if per_s >= unit:
            return f"{per_s / unit:.1f}{name}"
    return f"{per_s:.0f}"


def duration(seconds: float) -> str:
    """A time for people: ``2 h 05 min``, ``3 min 20 s``, ``12 s``."""
    whole = round(seconds)
    if whole >= HOUR_S:
        return f"{whole // HOUR_S} h {whole % HOUR_S // MINUTE_S:02d} min"
    if whole >= MINUTE_S:
        return f"{whole // MINUTE_S} min {whole % MINUTE_S:02d} s"
    return f"{whole} s"


def show(done: GalleryDuplicates, console: Console, *, policy_words: str) -> None:
    """Print the summary for people."""
    table = Table(title="Duplicate search in a gallery", show_header=False)
    rows = (
        ("people, new ones", f"{done.people:,}, {done.new:,}"),
        ("comparisons, made in this run", f"{done.comparisons:,}, {done.compared - done.resumed:,}"),
        ("pairs of people looked at in full", f"{done.looked_at:,}"),
        ("findings taken over", f"{done.carried_over:,}"),
        ("duplicate pairs", f"{done.counts.duplicate:,} in {done.counts.clusters:,} clusters"),
        ("pairs to review", f"{done.counts.review:,}"),
        ("time", f"{duration(done.scan_s)} comparing, {duration(done.report_s)} reporting"),
    )
    for name, value in rows:
        table.add_row(name, value)
    console.print(table)
    if policy_words:
        console.print(f"Nobody was called a duplicate: {policy_words}.", style="bold", markup=False)
    console.print(f"written: {done.report}", soft_wrap=True, markup=False)
