"""`biocapil template`: look into minutiae records and convert them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from biocapil.cli.record_listing import record_lines, record_report
from biocapil.errors import FormatError
from biocapil.formats import (
    MAX_RECORD_BYTES,
    MinutiaeRecord,
    ParsedMinutiaeRecord,
    RecordStandard,
    convert_record,
    read_minutiae_record,
    record_to_templates,
    write_minutiae_record,
)
from biocapil.reporting import template_svg, write_private

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Look into minutiae records and convert them."
)

Lenient = Annotated[
    bool, typer.Option("--lenient", help="Read as far as the record is sound and list its problems.")
]


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="Minutiae record, ISO/IEC 19794-2:2005 or ANSI 378-2004.")],
    *,
    lenient: Lenient = False,
    picture: Annotated[
        Path | None,
        typer.Option(
            help="Draw the minutiae into this SVG file; of several views NAME-1.svg, NAME-2.svg, ..."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines on standard output.")] = False,
) -> None:
    """Show a record: header, every minutia of every view, problems."""
    parsed = _read(file, lenient=lenient)
    if as_json:
        for line in record_lines(parsed):
            print(line)
    else:
        console = Console(stderr=True)
        for part in record_report(parsed):
            console.print(part)
    if picture is not None:
        _draw(parsed.record, picture, name=file.name)


@app.command()
def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="Minutiae record to be read.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="Minutiae record to be written.")],
    *,
    to: Annotated[RecordStandard, typer.Option("--to", help="Standard of the new record.")],
    lenient: Lenient = False,
    force: Annotated[bool, typer.Option("--force", help="Replace OUT where it is there.")] = False,
) -> None:
    """Write a record in another standard, or repair it within its own."""
    if not force and target.exists():
        raise typer.BadParameter(f"{target} is there already; --force replaces it", param_hint="OUT")
    parsed = _read(source, lenient=lenient)
    record = convert_record(parsed.record, standard=to)
    data = write_minutiae_record(record)
    write_private(target, data)
    print(
        json.dumps(
            {
                "type": "converted",
                "file": str(target),
                "standard": to.value,
                "bytes": len(data),
                "views": len(record.views),
                "minutiae": sum(len(view.minutiae) for view in record.views),
                "extended_data_left_out": _block_count(parsed.record) - _block_count(record),
                "problems": len(parsed.problems),
            }
        )
    )


def _read(file: Path, *, lenient: bool) -> ParsedMinutiaeRecord:
    """Read a record; errors and problems say which file they are about."""
    with file.open("rb") as handle:
        data = handle.read(MAX_RECORD_BYTES + 1)
    if len(data) > MAX_RECORD_BYTES:
        raise FormatError(f"{file} is longer than any minutiae record, {MAX_RECORD_BYTES} bytes")
    try:
        return read_minutiae_record(data, strict=not lenient)
    except FormatError as error:
        error.add_note(f"in {file}")
        if not lenient and _is_partly_sound(data):
            error.add_note("--lenient reads as far as the record is sound")
        raise


def _is_partly_sound(data: bytes) -> bool:
    """Whether lenient reading gives a record at all."""
    try:
        read_minutiae_record(data, strict=False)
    except FormatError:
        return False
    return True


def _draw(record: MinutiaeRecord, picture: Path, *, name: str) -> None:
    """One SVG file a view."""
    templates = record_to_templates(record)
    for number, template in enumerate(templates, start=1):
        alone = len(templates) == 1
        path = picture if alone else picture.with_stem(f"{picture.stem}-{number}")
        title = name if alone else f"{name}, finger view {number}"
        write_private(path, template_svg(template, title=title))


def _block_count(record: MinutiaeRecord) -> int:
    return sum(len(view.blocks) for view in record.views)
