"""`biocapil template`: look into minutiae records and convert them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from biocapil.cli.card_files import (
    ConvertedFile,
    TemplateForm,
    card_files,
    limit_for_card,
    minutiae_of,
    read_card,
    shorten,
)
from biocapil.cli.record_listing import record_lines, record_report
from biocapil.errors import FormatError
from biocapil.formats import (
    MAX_RECORD_BYTES,
    CardFormat,
    CardOrder,
    MinutiaeRecord,
    ParsedMinutiaeRecord,
    convert_record,
    read_minutiae_record,
    record_to_templates,
    write_minutiae_record,
)
from biocapil.formats.minutiae_record import MAX_MINUTIAE
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
    source: Annotated[Path, typer.Argument(metavar="IN", help="Minutiae record or card data to be read.")],
    target: Annotated[
        Path,
        typer.Argument(
            metavar="OUT", help="File to be written; of several fingers for a card NAME-1.x, NAME-2.x, ..."
        ),
    ],
    *,
    to: Annotated[TemplateForm, typer.Option("--to", help="Standard or card format of the new file.")],
    source_form: Annotated[
        CardFormat | None,
        typer.Option("--from", help="Card format of IN, which card data do not say; records say theirs."),
    ] = None,
    best_first: Annotated[
        bool, typer.Option("--best-first", help="Minutiae of the card data IN stand best first.")
    ] = False,
    minutiae: Annotated[
        int | None, typer.Option(min=1, max=255, help="Most minutiae of a finger; the best stay.")
    ] = None,
    max_bytes: Annotated[
        int | None, typer.Option(min=1, help="Longest file; minutiae of low quality are left out.")
    ] = None,
    order: Annotated[CardOrder, typer.Option(help="Order of minutiae that the card wants.")] = CardOrder.ANY,
    lenient: Lenient = False,
    force: Annotated[bool, typer.Option("--force", help="Replace OUT where it is there.")] = False,
) -> None:
    """Write a record in another standard or for a card, or repair it within its own."""
    if source_form is None:
        parsed = _read(source, lenient=lenient)
    else:
        record = read_card(source, source_form, standard=to.standard, best_first=best_first)
        parsed = ParsedMinutiaeRecord(record=record)
    limit = minutiae or MAX_MINUTIAE
    if to.card is None:
        record = shorten(convert_record(parsed.record, standard=to.standard), limit, max_bytes)
        written = [
            ConvertedFile(path=target, data=write_minutiae_record(record), minutiae=minutiae_of(record))
        ]
        views = len(record.views)
        left_out = _block_count(parsed.record) - _block_count(record)
    else:
        card_limit = limit_for_card(to.card, limit, max_bytes)
        written = card_files(parsed.record, target, to.card, limit=card_limit, order=order)
        views, left_out = 1, _block_count(parsed.record)
    for each in written:
        if not force and each.path.exists():
            raise typer.BadParameter(f"{each.path} is there already; --force replaces it", param_hint="OUT")
    for each in written:
        write_private(each.path, each.data)
        print(
            json.dumps(
                {
                    "type": "converted",
                    "file": str(each.path),
                    "standard": to.value,
                    "bytes": len(each.data),
                    "views": views,
                    "minutiae": each.minutiae,
                    "extended_data_left_out": left_out,
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
