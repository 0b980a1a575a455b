"""``biocapil synth``: make samples of people who do not exist."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from biocapil.cli.progress import people_console, step_bars
from biocapil.synthesis import write_population

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def synth() -> None:
    """Make samples of people who do not exist."""


@app.command()
def fingers(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder to write; it appears when complete.")],
    *,
    people: Annotated[int, typer.Option(help="Different persons.")] = 60,
    fingers: Annotated[int, typer.Option(help="Fingers of each person, 1 to 10.")] = 2,
    impressions: Annotated[int, typer.Option(help="Impressions of each finger at each registration.")] = 3,
    seed: Annotated[int, typer.Option(help="Same seed, same files.")] = 1,
    duplicates: Annotated[int, typer.Option(help="Persons registered a second time.")] = 6,
    lookalikes: Annotated[
        int, typer.Option(help="Pairs of persons with the same ridge flow that must not match.")
    ] = 6,
    difficulty: Annotated[float, typer.Option(help="0 clean prints, 0.5 as FVC2002, 1 worse.")] = 0.5,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a population there.")] = False,
) -> None:
    """Write fingerprints with a manifest and the truth about planted duplicates."""
    with step_bars(people_console()) as step:
        truth = write_population(
            out,
            people=people,
            fingers=fingers,
            impressions=impressions,
            seed=seed,
            duplicates=duplicates,
            lookalikes=lookalikes,
            difficulty=difficulty,
            overwrite=overwrite,
            on_progress=step("Fingers made"),
        )
    summary = {
        "manifest": str(truth.manifest),
        "samples": truth.samples,
        "duplicates": len(truth.duplicates),
        "lookalikes": len(truth.lookalikes),
        "seed": seed,
    }
    print(json.dumps(summary))
