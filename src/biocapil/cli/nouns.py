"""The commands by name, with what each is for; a command's module is imported only when it is run."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biocapil.errors import MissingPart

if TYPE_CHECKING:
    import typer

COMMAND_LINE_PARTS = ("typer", "rich")


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """One word after ``biocapil``.

    Attributes:
        name: The word.
        module: Module that holds the command.
        attribute: A typer application (a noun with verbs) or a function (a command of its own) in it.
        summary: One line for the list of commands.
    """

    name: str
    module: str
    attribute: str
    summary: str


NOUNS = (
    Noun(
        name="demo",
        module="biocapil.cli.demo",
        attribute="demo",
        summary="Make synthetic people, find the duplicates among them, write the report",
    ),
    Noun(
        name="dedup",
        module="biocapil.cli.dedup",
        attribute="app",
        summary="Find people who are registered more than once",
    ),
    Noun(
        name="gallery",
        module="biocapil.cli.gallery",
        attribute="app",
        summary="Keep people and their templates on disk and search them",
    ),
    Noun(
        name="evaluate",
        module="biocapil.cli.evaluate",
        attribute="evaluate",
        summary="Measure error rates and speed on labelled samples",
    ),
    Noun(
        name="quality",
        module="biocapil.cli.quality",
        attribute="quality",
        summary="Say how good images of fingers and irises are, and what to do about it",
    ),
    Noun(
        name="explain",
        module="biocapil.cli.explain",
        attribute="explain",
        summary="Compare two images, say what their similarity means and draw what was seen",
    ),
    Noun(
        name="calibrate",
        module="biocapil.cli.calibrate",
        attribute="calibrate",
        summary="Fit what scores mean, as evidence and as error rates, on labelled samples",
    ),
    Noun(
        name="plan",
        module="biocapil.cli.plan",
        attribute="plan",
        summary="Say what a registry will need, and which errors it will make",
    ),
    Noun(
        name="template",
        module="biocapil.cli.template",
        attribute="app",
        summary="Look into minutiae records and convert them",
    ),
    Noun(
        name="record",
        module="biocapil.cli.record",
        attribute="app",
        summary="Look into image records of fingers, faces and irises",
    ),
    Noun(
        name="synth",
        module="biocapil.cli.synth",
        attribute="app",
        summary="Make fingerprints of people who do not exist",
    ),
    Noun(
        name="capture",
        module="biocapil.cli.capture",
        attribute="capture",
        summary="Capture one person: slaps, single fingers, the face or both irises",
    ),
    Noun(
        name="device",
        module="biocapil.cli.device",
        attribute="app",
        summary="Find capture devices, capture, watch, record, replay and test them",
    ),
    Noun(
        name="card",
        module="biocapil.cli.card",
        attribute="app",
        summary="Find card readers, watch them, and read identity cards and passports",
    ),
    Noun(
        name="doctor",
        module="biocapil.cli.doctor",
        attribute="doctor",
        summary="Say what this machine and this installation can do",
    ),
)


def load_application(noun: Noun) -> typer.Typer:
    """Import a noun's module and return its typer application.

    Raises:
        MissingPart: The packages of the command line are not installed.
    """
    try:
        import typer  # noqa: PLC0415 - the list of commands is shown without it

        found: typer.Typer | Callable[..., None] = getattr(
            importlib.import_module(noun.module), noun.attribute
        )
    except ModuleNotFoundError as error:
        if error.name in COMMAND_LINE_PARTS:
            raise MissingPart(error.name, extra="cli", purpose=f"biocapil {noun.name}") from error
        raise
    if isinstance(found, typer.Typer):
        return found
    application = typer.Typer(add_completion=False)
    application.command(name=noun.name)(found)
    return application
