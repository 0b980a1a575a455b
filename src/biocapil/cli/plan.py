"""``biocapil plan``: errors, load, memory and cores of a registry that is to be built."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from biocapil.calibration import Calibration
from biocapil.cli.model_choice import ExtractorOption, chosen_models
from biocapil.cli.policy_options import (
    FPIR,
    REVIEW_FPIR,
    CalibrationOption,
    FpirOption,
    MeasuredOption,
    ReviewFpirOption,
    calibrations_of,
)
from biocapil.cli.progress import people_console
from biocapil.cli.set_options import prepare_folders
from biocapil.decision import PolicyTarget
from biocapil.planning import (
    MEASURED,
    Outlook,
    Plan,
    SearchFigures,
    make_plan,
    outlook_over_people,
    plan_json,
)
from biocapil.planning.plan import MissRate
from biocapil.reporting import Band, LoadCurve, load_svg, write_private
from biocapil.threads import thread_budget
from biocapil.vocabulary import Modality

PeopleOption = Annotated[int, typer.Option("--people", min=1, help="People of the registry.")]
FingersOption = Annotated[
    int, typer.Option("--fingers", min=1, max=10, help="Fingers of each person that are compared.")
]
ImpressionsOption = Annotated[
    int, typer.Option("--impressions", min=1, max=10, help="Impressions of each finger that are kept.")
]
RateOption = Annotated[
    float | None,
    typer.Option("--comparisons-per-s", help="Exact comparisons a second and core on your machine."),
]
PictureOption = Annotated[
    Path | None, typer.Option("--picture", help="Draw how errors grow with the registry into this SVG file.")
]


INSTANCES = {Modality.FACE: 1, Modality.IRIS: 2}
"""Faces and irises of a person that are compared where they are asked for."""


def plan(
    *,
    people: PeopleOption,
    fingers: FingersOption = 2,
    impressions: ImpressionsOption = 1,
    face: Annotated[bool, typer.Option("--face", help="Compare faces as well.")] = False,
    irises: Annotated[bool, typer.Option("--irises", help="Compare both irises as well.")] = False,
    fpir: FpirOption = FPIR,
    review_fpir: ReviewFpirOption = REVIEW_FPIR,
    measured_only: MeasuredOption = False,
    calibration: CalibrationOption = None,
    extractor: ExtractorOption = None,
    searches_per_day: Annotated[
        float, typer.Option("--searches-per-day", min=0, help="Persons searched a day.")
    ] = 10_000,
    cores: Annotated[
        int | None, typer.Option("--cores", min=1, help="Cores at hand; else this machine's.")
    ] = None,
    comparisons_per_s: RateOption = None,
    picture: PictureOption = None,
) -> None:
    """Say what to expect of a registry: errors with their limits, people to look at, memory, cores and time.

    Ends with 1 where the data there are cannot support the target, and says what would.
    """
    also = {Modality.FACE: face, Modality.IRIS: irises}
    others = [modality for modality, wanted in also.items() if wanted]
    if picture is not None and others:
        raise typer.BadParameter("errors are drawn for fingers alone", param_hint="--picture")
    models = chosen_models(extractor, [Modality.FINGER, *others])
    meanings = calibrations_of(calibration, records=False, models=models, measured_only=measured_only)
    meaning = meanings[Modality.FINGER]
    target = PolicyTarget(
        fpir=fpir, review_fpir=review_fpir, people=people, instances=fingers, comparisons=impressions
    )
    made = make_plan(
        target,
        meaning,
        figures=search_figures(comparisons_per_s),
        cores=cores or thread_budget(),
        searches_per_day=searches_per_day,
        further={each: (replace(target, instances=INSTANCES[each]), meanings[each]) for each in others},
    )
    if picture is not None:
        prepare_folders(picture)
        write_private(picture, outlook_svg(target, meaning))
    console = people_console()
    show(made, console)
    if picture is not None:
        console.print(f"written: {picture}", soft_wrap=True, markup=False)
    print(plan_json(made))
    if made.policy.shortfall:
        raise typer.Exit(1)


def search_figures(exact_per_s: float | None) -> SearchFigures:
    """Measured figures, at the speed of the caller's machine where stated; gates gain as much there.

    Raises:
        ValueError: The speed is not above 0.
    """
    if exact_per_s is None:
        return MEASURED
    gain = MEASURED.gated_per_s / MEASURED.exact_per_s
    return replace(
        MEASURED,
        exact_per_s=exact_per_s,
        gated_per_s=exact_per_s * gain,
        machine="a speed stated by the caller",
    )


def outlook_svg(target: PolicyTarget, calibration: Calibration) -> str:
    """Picture of the errors over the size of the registry."""
    outlook: Outlook = outlook_over_people(target, calibration)
    missed = LoadCurve(
        label="registered twice, nobody looks (FNIR)",
        sizes=outlook.people,
        values=outlook.missed,
        solid_until=outlook.measured_to,
        band=Band(x=outlook.people, low=outlook.missed_low, high=outlook.missed_high),
    )
    undecided = LoadCurve(
        label="registered twice, not called so without a person",
        sizes=outlook.people,
        values=outlook.undecided,
        solid_until=outlook.measured_to,
    )
    return load_svg(
        [missed, undecided],
        y_label=f"share of persons, at FPIR ≤ {target.fpir * 100:g} %",
        population=target.people,
        title=f"Errors over the size of the registry, {target.instances} fingers",
    )


def show(plan: Plan, console: Console) -> None:
    """Print a plan for people."""
    table = Table(title=plan.policy.words(), show_header=False)
    for name, value in (*error_rows(plan), *capacity_rows(plan)):
        table.add_row(name, value)
    console.print(table)
    if plan.policy.shortfall:
        console.print(f"This target cannot be kept: {plan.policy.shortfall}.", style="bold", markup=False)
    for sentence in plan.extrapolated:
        console.print(f"Extrapolated: {sentence}.", markup=False)
    console.print(f"Speed and size as measured on {plan.figures.machine}.", markup=False)


def error_rows(plan: Plan) -> list[tuple[str, str]]:
    """Expected errors and load."""
    undecidable = "not decidable"
    return [
        ("registered once, called a duplicate (FPIR)", plan.fpir.words() if plan.fpir else undecidable),
        ("registered once, to be looked at", plan.review.words() if plan.review else undecidable),
        ("registered twice, nobody looks (FNIR)", miss_words(plan.missed)),
        ("registered twice, not called so without a person", miss_words(plan.undecided)),
        (
            f"people to look at a day, of {plan.searches_per_day:,.0f} searched",
            reviews_words(plan),
        ),
        ("policy, calibration", f"{plan.policy.policy_id}, {plan.policy.calibration_id}"),
    ]


def reviews_words(plan: Plan) -> str:
    """People to look at a day, the best estimate and the most there may be."""
    if plan.review is None or plan.reviews_per_day is None:
        return "not decidable"
    most = plan.review.interval.high * plan.searches_per_day
    return f"{plan.reviews_per_day:,.0f}, at most {most:,.0f}"


def miss_words(rate: MissRate | None) -> str:
    """Range of a miss rate for people."""
    return f"{rate.low * 100:.2g} to {rate.high * 100:.2g} %" if rate else "not decidable"


def capacity_rows(plan: Plan) -> list[tuple[str, str]]:
    """Memory, cores and time."""
    needed = plan.capacity
    return [
        ("references, memory", f"{needed.references:,}, {needed.memory_bytes / 2**30:,.1f} GiB"),
        (
            f"one search on {plan.cores:,} cores: exact, gated",
            search_words(plan),
        ),
        (
            "cores for the searches of a day: exact, gated",
            f"{needed.exact_cores:,}, {needed.gated_cores:,}",
        ),
        (
            f"everybody with everybody once, gated, {plan.cores:,} cores",
            duration(needed.all_pairs_days * 86_400),
        ),
    ]


def search_words(plan: Plan) -> str:
    """Time of one search, exact and with gates, and what the gates lose."""
    exact, gated = duration(plan.capacity.exact_search_s), duration(plan.capacity.gated_search_s)
    return f"{exact}, {gated} (gates keep {plan.figures.gate_recall:.1%})"


def duration(seconds: float) -> str:
    """A time as people read it."""
    for size, name in ((365.25 * 86_400, "years"), (86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:,.1f} {name}"
    return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.2g} s"
