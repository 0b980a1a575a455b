"""``biocapil demo``: the main job on people who do not exist, judged against the truth."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from biocapil.cli.dedup_results import picture_reader, show, write_json, write_page
from biocapil.cli.demo_verdict import Verdict, judge
from biocapil.cli.progress import Report, people_console, step_bars
from biocapil.cli.set_options import prepare_folders, source_of
from biocapil.comparison.policy import DEFAULT_POLICY
from biocapil.deduplication import run_deduplication
from biocapil.formats import read_manifest
from biocapil.synthesis import PopulationTruth, read_truth, write_population

FINGERS = 2
IMPRESSIONS = 3
SHARE_PLANTED = 10
"""One person in ten is registered twice, and one pair in ten looks alike."""


def demo(
    *,
    out: Annotated[
        Path, typer.Option(help="Folder for the people, the work in progress and the results.")
    ] = Path("out/demo"),
    people: Annotated[int, typer.Option(min=20, help="Different persons.")] = 60,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same people.")] = 1,
) -> None:
    """Make synthetic people, find those who are registered twice, and write the report.

    The same way as ``dedup run`` on any set. Ends with 0 when every planted duplicate was found and no
    other pair was called one, else with 1. Run again, it goes on where it was stopped.
    """
    report, result, work = out / "report.html", out / "result.json", out / "templates.db"
    prepare_folders(report)
    console = people_console()
    with step_bars(console) as step:
        truth = population(out, people=people, seed=seed, report=step("Making people"))
        intake = source_of(
            records=False, extractor="leader", resolution_ppi=None, store=work, report=step("Extracting")
        )
        done = run_deduplication(
            read_manifest(truth.manifest), DEFAULT_POLICY, intake=intake, on_progress=step("Comparing")
        )
    write_json(done, result)
    write_page(done, report, images=picture_reader(None))
    verdict = judge(done.report, truth)
    show(done, console, files=(result, work))
    show_verdict(verdict, console, people=people, report=report)
    print(json.dumps({**asdict(verdict), "right": verdict.right, "report": str(report), "json": str(result)}))
    if not verdict.right:
        raise typer.Exit(1)


def population(out: Path, *, people: int, seed: int, report: Report) -> PopulationTruth:
    """The people of the demo; an earlier run's are used again, since the same seed makes the same files."""
    folder = out / f"people-{people}-seed-{seed}"
    if folder.exists():
        return read_truth(folder)
    return write_population(
        folder,
        people=people,
        fingers=FINGERS,
        impressions=IMPRESSIONS,
        seed=seed,
        duplicates=people // SHARE_PLANTED,
        lookalikes=people // SHARE_PLANTED,
        on_progress=report,
    )


def show_verdict(verdict: Verdict, console: Console, *, people: int, report: Path) -> None:
    """Print for people what was found of what was planted, and where to look."""
    table = Table(title="Demo: people who do not exist", show_header=False)
    rows = (
        ("persons, registrations", f"{people:,}, {people + verdict.planted:,}"),
        ("registered twice, and found", f"{verdict.found:,} of {verdict.planted:,}"),
        ("called duplicates though they are not", f"{verdict.false_duplicates:,}"),
        ("look-alikes that matched", f"{verdict.lookalikes_matched:,} of {verdict.lookalikes:,}"),
        ("pairs left for a person to review", f"{verdict.review:,}"),
    )
    for name, value in rows:
        table.add_row(name, value)
    console.print(table)
    console.print(f"Open the report: {report.resolve()}", soft_wrap=True, markup=False)
