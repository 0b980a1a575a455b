"""``biocapil synth``: make samples of people who do not exist."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from biocapil.cli.progress import people_console, step_bars
from biocapil.synthesis import Degradation, SensorStyle, write_population, write_slaps
from biocapil.synthesis.iris.population import write_irises

app = typer.Typer(add_completion=False, no_args_is_help=True)

Out = Annotated[Path, typer.Argument(metavar="OUT", help="Folder to write; it appears when complete.")]
Seed = Annotated[int, typer.Option(help="Same seed, same files.")]
Difficulty = Annotated[float, typer.Option(help="0 clean prints, 0.5 as FVC2002, 1 worse.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what an earlier run left there.")]


@app.callback()
def synth() -> None:
    """Make samples of people who do not exist."""


@app.command()
def fingers(
    out: Out,
    *,
    people: Annotated[int, typer.Option(help="Different persons.")] = 60,
    fingers: Annotated[int, typer.Option(help="Fingers of each person, 1 to 10.")] = 2,
    impressions: Annotated[int, typer.Option(help="Impressions of each finger at each registration.")] = 3,
    eyes: Annotated[int, typer.Option(help="Eyes of each person, 0 to 2.")] = 0,
    faces: Annotated[int, typer.Option(help="Faces of each person, 0 or 1.")] = 0,
    pictures: Annotated[int, typer.Option(help="Pictures of each eye and face at each registration.")] = 1,
    seed: Seed = 1,
    duplicates: Annotated[int, typer.Option(help="Persons registered a second time.")] = 6,
    lookalikes: Annotated[
        int, typer.Option(help="Pairs of persons with the same ridge flow that must not match.")
    ] = 6,
    difficulty: Difficulty = 0.5,
    style: Annotated[
        SensorStyle | None, typer.Option(help="Sensor of all registrations; without, each draws its own.")
    ] = None,
    degrade: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=SEVERITY",
            help=f"What goes wrong at every touch, 0 to 1, as often as wanted: "
            f"{', '.join(one.value for one in Degradation)}.",
        ),
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Write fingerprints with a manifest and the truth about planted duplicates."""
    with step_bars(people_console()) as step:
        truth = write_population(
            out,
            people=people,
            fingers=fingers,
            impressions=impressions,
            eyes=eyes,
            faces=faces,
            pictures=pictures,
            seed=seed,
            duplicates=duplicates,
            lookalikes=lookalikes,
            difficulty=difficulty,
            style=style,
            degradations=parse_degradations(degrade or []),
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


@app.command()
def slaps(
    out: Out,
    *,
    people: Annotated[int, typer.Option(help="Different persons.")] = 20,
    impressions: Annotated[int, typer.Option(help="Slaps of each hand.")] = 1,
    seed: Seed = 1,
    missing: Annotated[float, typer.Option(help="Part of the fingers that do not touch.")] = 0.0,
    difficulty: Difficulty = 0.5,
    style: Annotated[SensorStyle, typer.Option(help="Sensor; not all are large enough.")] = (
        SensorStyle.OPTICAL_ENROLLMENT
    ),
    overwrite: Overwrite = False,
) -> None:
    """Write pictures of four fingers at once, and where each finger lies on them."""
    with step_bars(people_console()) as step:
        written = write_slaps(
            out,
            people=people,
            impressions=impressions,
            seed=seed,
            missing_share=missing,
            style=style,
            difficulty=difficulty,
            overwrite=overwrite,
            on_progress=step("Hands made"),
        )
    summary = {
        "truth": str(written.truth),
        "slaps": written.slaps,
        "fingers": written.fingers,
        "seed": seed,
    }
    print(json.dumps(summary))


@app.command()
def irises(
    out: Out,
    *,
    people: Annotated[int, typer.Option(help="Different persons, two eyes each.")] = 60,
    visits: Annotated[int, typer.Option(help="Pictures of each eye at each registration.")] = 2,
    seed: Seed = 1,
    duplicates: Annotated[int, typer.Option(help="Persons registered a second time.")] = 6,
    difficulty: Annotated[float, typer.Option(help="0 willing, good camera; 1 whatever can happen.")] = 0.4,
    overwrite: Overwrite = False,
) -> None:
    """Write pictures of eyes with a manifest, planted duplicates, and where pupil and iris lie."""
    with step_bars(people_console()) as step:
        truth = write_irises(
            out,
            people=people,
            visits=visits,
            seed=seed,
            duplicates=duplicates,
            difficulty=difficulty,
            overwrite=overwrite,
            on_progress=step("Eyes made"),
        )
    summary = {
        "manifest": str(truth.manifest),
        "samples": truth.samples,
        "duplicates": len(truth.duplicates),
        "seed": seed,
    }
    print(json.dumps(summary))


def parse_degradations(wishes: list[str]) -> dict[Degradation, float]:
    """Read degradations as people write them: ``dry=0.6``.

    Raises:
        ValueError: A wish names no degradation, or its severity is no number.
    """
    known = {one.value: one for one in Degradation}
    degradations: dict[Degradation, float] = {}
    for wish in wishes:
        name, _, severity = wish.partition("=")
        if name not in known:
            raise ValueError(f"{name!r} is no degradation; there are: {', '.join(known)}")
        try:
            degradations[known[name]] = float(severity)
        except ValueError:
            raise ValueError(f"severity of {name} must be a number from 0 to 1, got {severity!r}") from None
    return degradations
