"""``biocapil demo``: the main job on people who do not exist, judged against the truth about them."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from biocapil.cli.dedup_results import show, write_json, write_page
from biocapil.cli.demo_kiosk import visit_kiosk
from biocapil.cli.demo_verdict import Verdict, judge
from biocapil.cli.exit_codes import ExitCode
from biocapil.cli.model_choice import chosen_models
from biocapil.cli.pictures import picture_reader
from biocapil.cli.policy_options import FPIR, REVIEW_FPIR, calibrations_of, policy_of_set, set_targets
from biocapil.cli.progress import Report, people_console, step_bars
from biocapil.cli.set_options import modalities_of, prepare_folders, read_set, source_of, tracer_of
from biocapil.deduplication import run_deduplication
from biocapil.synthesis import PopulationTruth, read_truth, write_population

FINGERS = 2
IMPRESSIONS = 2
EYES = 2
FACES = 0
"""None: drawn faces are far more alike than the real ones by which their evidence is calibrated."""
PICTURES = 1
"""Of each eye and face at each registration."""

PEOPLE_TO_ONE_PLANTED = 10
"""One person in ten is registered twice; as many pairs of others look alike."""


def demo(
    *,
    out: Annotated[
        Path, typer.Option(help="Folder for the people, the work in progress and the results.")
    ] = Path("out/demo"),
    people: Annotated[int, typer.Option(min=3, help="Different persons.")] = 60,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same people.")] = 1,
    difficulty: Annotated[
        float, typer.Option(min=0, max=1, help="0 clean samples, 0.5 prints as FVC2002, 1 worse.")
    ] = 0.5,
    overwrite: Annotated[
        bool, typer.Option("--overwrite/--keep", help="Make people anew that an earlier run left there.")
    ] = False,
    kiosk: Annotated[
        bool,
        typer.Option(
            "--kiosk", help="Three visits to a kiosk of emulated devices instead; only --seed matters then."
        ),
    ] = False,
) -> None:
    """Make synthetic people with fingers and irises, find who is registered twice, write the report.

    The same way as ``dedup run`` on any set. Ends with 0 when every planted duplicate was found and no
    other pair was called one, else with 1. With ``--kiosk``: from three visits to emulated devices to the
    decisions about them, 0 when all are right. Stopped and run again, it goes on where it was.
    """
    if kiosk:
        visit_kiosk(seed)
        return
    report, result, work = out / "report.html", out / "result.json", out / "templates.biocapil-work.db"
    files = {"report": report, "json": result, "store": work}
    prepare_folders(*files.values())
    console = people_console()
    start = time.perf_counter()
    with step_bars(console) as step:
        folder = out / f"people-{people}-seed-{seed}-difficulty-{difficulty:g}"
        truth = population(
            folder, people=people, seed=seed, difficulty=difficulty, overwrite=overwrite,
            report=step("Making people"),
        )  # fmt: skip
        made_s = time.perf_counter() - start
        entries = read_set(truth.manifest, dataset=None, modality=None, records=False, pattern=None)
        models = chosen_models(None, modalities_of(entries))
        intake = source_of(
            records=False, models=models, resolution_ppi=None, store=work, report=step("Extracting")
        )
        meanings = calibrations_of(None, records=False, models=models)
        targets = set_targets(entries, fpir=FPIR, review_fpir=REVIEW_FPIR, people=None)
        policy = policy_of_set(targets, meanings)
        done = run_deduplication(entries, meanings, policy, intake=intake, on_progress=step("Comparing"))
    write_json(done, result)
    write_page(done, report, images=picture_reader(None), tracer=tracer_of(models, meanings))
    verdict, total_s = judge(done.report, truth), time.perf_counter() - start
    print(
        summary_line(verdict, {"making people": made_s, **done.elapsed_s, "all": total_s}, files), flush=True
    )
    show(done, console, files=(result, work))
    show_verdict(verdict, console, people=people, seconds=total_s)
    console.print(f"Open the report: {report.resolve()}", soft_wrap=True, markup=False)
    if not verdict.right:
        raise typer.Exit(ExitCode.NO)


def population(
    folder: Path, *, people: int, seed: int, difficulty: float, overwrite: bool, report: Report
) -> PopulationTruth:
    """People of the demo; those of an earlier run with the same settings are used again.

    Args:
        folder: Where they lie; its name holds every setting.
        people: Different persons, at least 3.
        seed: Same seed, same people.
        difficulty: See `write_population`.
        overwrite: Make them anew.
        report: Takes the progress.
    """
    if folder.exists() and not overwrite:
        return read_truth(folder)
    planted = max(1, people // PEOPLE_TO_ONE_PLANTED)
    return write_population(
        folder,
        people=people,
        fingers=FINGERS,
        impressions=IMPRESSIONS,
        eyes=EYES,
        faces=FACES,
        pictures=PICTURES,
        seed=seed,
        duplicates=planted,
        lookalikes=planted,
        difficulty=difficulty,
        overwrite=overwrite,
        on_progress=report,
    )


def summary_line(verdict: Verdict, elapsed_s: Mapping[str, float], files: Mapping[str, Path]) -> str:
    """Verdict, seconds of each step and files as one line of JSON."""
    places = {name: str(file) for name, file in files.items()}
    return json.dumps({**asdict(verdict), "right": verdict.right, "elapsed_s": dict(elapsed_s), **places})


def show_verdict(verdict: Verdict, console: Console, *, people: int, seconds: float) -> None:
    """Print for people what was found of what was planted."""
    table = Table(title="Demo: people who do not exist", show_header=False)
    rows = (
        ("people, registrations, images", f"{people:,}, {verdict.registrations:,}, {verdict.images:,}"),
        ("images without a template", f"{verdict.failures:,}"),
        ("registered twice, and found", f"{verdict.found:,} of {verdict.planted:,}"),
        ("called duplicates though they are not", f"{verdict.false_duplicates:,}"),
        ("look-alikes that matched", f"{verdict.lookalikes_matched:,} of {verdict.lookalikes:,}"),
        ("pairs left for a person to review", f"{verdict.review:,}"),
        ("verdict", "all right" if verdict.right else "NOT all right"),
        ("time", f"{seconds:.0f} s"),
    )
    for name, value in rows:
        table.add_row(name, value)
    console.print(table)
