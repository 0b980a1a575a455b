"""`biocapil record`: look into image records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from biocapil.cli.image_record_listing import image_record_lines, image_record_report
from biocapil.errors import FormatError
from biocapil.formats import ImageRecord, decode_pixels, read_image_record

MAX_FILE_BYTES = 256 * 1024 * 1024
"""Four ten-print cards of raw pixels; a longer file is not read into memory."""

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Look into image records of fingers, faces and irises."
)


@app.callback()
def record() -> None:
    """Look into image records of fingers, faces and irises."""


@app.command()
def inspect(
    file: Annotated[
        Path,
        typer.Argument(help="Image record, ISO/IEC 19794-4 and -6 of 2005 or 2011, 19794-5 of 2011."),
    ],
    *,
    decode: Annotated[
        bool, typer.Option("--decode", help="Decode every image as well, and refuse what does not decode.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines on standard output.")] = False,
) -> None:
    """Show what a record says: edition, device, quality, position, size and encoding of every image."""
    found = _read(file, decode=decode)
    if as_json:
        for line in image_record_lines(found):
            print(line)
    else:
        console = Console(stderr=True)
        for part in image_record_report(found):
            console.print(part)


def _read(file: Path, *, decode: bool) -> ImageRecord:
    """Read a record; errors say which file they are about."""
    with file.open("rb") as handle:
        data = handle.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise FormatError(f"{file} is longer than the {MAX_FILE_BYTES:,} bytes that are read")
    try:
        found = read_image_record(data)
        if decode:
            for item in found.images:
                decode_pixels(item.image)
    except FormatError as error:
        error.add_note(f"in {file}")
        raise
    return found
