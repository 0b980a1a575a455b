"""``biocapil doctor``: say what this machine and this installation can do, and how to get what is missing."""

from __future__ import annotations

import json
import platform
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import biocapil
from biocapil.cli.diagnosis import Diagnosis, diagnose
from biocapil.cli.exit_codes import ExitCode
from biocapil.cli.installation import Part, Place
from biocapil.cli.machine import Cpu, Threads
from biocapil.cli.progress import people_console
from biocapil.extraction import ListedModel

GOOD, BAD = "[green]ok[/green]", "[red]no[/red]"
WIDTH = 110
"""Columns where the output goes to a file."""


def doctor(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False
) -> None:
    """Say what this machine and this installation can do; exit 1 where the main job cannot run."""
    diagnosis = diagnose()
    if as_json:
        print(json.dumps(diagnosis.as_json()))
    else:
        show(diagnosis, console=_console())
    if diagnosis.missing:
        raise typer.Exit(ExitCode.NO)


def show(diagnosis: Diagnosis, *, console: Console) -> None:
    """Draw the diagnosis as one table and a verdict.

    Args:
        diagnosis: What was found.
        console: Where to draw.
    """
    table = Table(show_header=False, box=None, padding=(0, 1))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("biocapil", GOOD, f"{biocapil.__version__}, Python {platform.python_version()}")
    table.add_row("CPU", GOOD, escape(_cpu(diagnosis.cpu)))
    table.add_row("threads", _mark(diagnosis.threads.problem), escape(_threads(diagnosis.threads)))
    for part in diagnosis.parts:
        table.add_row(part.package, _part_mark(part), escape(_part(part)))
    for model in diagnosis.models:
        table.add_row(f"model {escape(model.name)}", _mark(model.problem), escape(_model(model)))
    for calibration in diagnosis.calibrations:
        told = calibration.problem or calibration.calibration_id
        table.add_row(f"scores of {escape(calibration.model)}", _mark(calibration.problem), escape(told))
    table.add_row(
        "kernel cache", _mark(diagnosis.kernel_cache.problem), escape(_place(diagnosis.kernel_cache))
    )
    table.add_row("template key", _mark(diagnosis.key.problem), escape(_place(diagnosis.key)))
    console.print(table)
    for problem in diagnosis.missing:
        console.print(f"{BAD} {escape(problem)}", soft_wrap=True)
    console.print(
        "Not ready." if diagnosis.missing else "Ready: biocapil dedup run, evaluate and demo can run."
    )


def _console() -> Console:
    console = people_console()
    if not console.is_terminal:
        console.width = WIDTH
    return console


def _mark(problem: str) -> str:
    return BAD if problem else GOOD


def _part_mark(part: Part) -> str:
    if part.version is not None:
        return GOOD
    return BAD if part.needed else "[yellow]--[/yellow]"


def _cpu(cpu: Cpu) -> str:
    present = [feature for feature, has in cpu.features.items() if has]
    absent = [feature for feature, has in cpu.features.items() if not has]
    facts = [cpu.name, cpu.architecture]
    facts += [f"with {' '.join(present)}"] if present else []
    facts += [f"without {' '.join(absent)}"] if absent else []
    return ", ".join(facts)


def _threads(threads: Threads) -> str:
    if threads.problem:
        return threads.problem
    quota = "no quota" if threads.quota is None else f"a quota of {threads.quota}"
    set_by = f", BIOCAPIL_THREADS={threads.environment}" if threads.environment else ""
    return f"{threads.budget}, from {threads.affinity} CPUs and {quota}{set_by}"


def _part(part: Part) -> str:
    if part.version is None:
        return f"not installed ({part.purpose}): {part.install}"
    return f"{part.version} ({part.purpose})"


def _model(model: ListedModel) -> str:
    if model.manifest is None:
        return model.problem
    licence = model.manifest.licence
    use = "commercial use allowed" if licence.commercial_use else "no commercial use"
    checksum = model.problem or "checksum right"
    facts = f"{model.manifest.model_id}, {checksum}, {licence.spdx}, {use}"
    return f"{facts}. Training data: {licence.training_data}"


def _place(place: Place) -> str:
    return f"{place.state}: {place.problem or place.path}"
