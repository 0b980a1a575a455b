"""Minutiae records and card data as `biocapil template convert` reads and writes them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import typer

from biocapil.errors import FormatError
from biocapil.formats import (
    CardFormat,
    CardOrder,
    MinutiaeRecord,
    RecordStandard,
    read_card_minutiae,
    record_to_templates,
    shorten_record,
    templates_to_record,
    write_card_minutiae,
)
from biocapil.formats.minutiae_record import MAX_MINUTIAE


class TemplateForm(Enum):
    """What a converted file may be: a record of either standard, or minutiae for a card."""

    ISO_RECORD = RecordStandard.ISO_19794_2_2005.value
    ANSI_RECORD = RecordStandard.ANSI_378_2004.value
    COMPACT_CARD = CardFormat.COMPACT.value
    NORMAL_CARD = CardFormat.NORMAL.value

    @property
    def card(self) -> CardFormat | None:
        """The card format; None for a record."""
        return CardFormat(self.value) if self in {self.COMPACT_CARD, self.NORMAL_CARD} else None

    @property
    def standard(self) -> RecordStandard:
        """Standard of the record; card data go by way of an ISO record."""
        return RecordStandard.ISO_19794_2_2005 if self.card else RecordStandard(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedFile:
    """A file to be written.

    Attributes:
        path: Where.
        data: Its bytes.
        minutiae: Minutiae in it.
    """

    path: Path
    data: bytes
    minutiae: int

    def __repr__(self) -> str:
        return f"ConvertedFile({len(self.data)} bytes)"


def read_card(
    file: Path, card_format: CardFormat, *, standard: RecordStandard, best_first: bool
) -> MinutiaeRecord:
    """A record of the one finger that card data hold.

    Raises:
        FormatError: The bytes are not sound.
    """
    longest = MAX_MINUTIAE * card_format.minutia_bytes
    with file.open("rb") as handle:
        data = handle.read(longest + 1)
    try:
        template = read_card_minutiae(data, card_format=card_format, best_first=best_first)
    except FormatError as error:
        error.add_note(f"in {file}")
        raise
    return templates_to_record([template], standard=standard)


def card_files(
    record: MinutiaeRecord, target: Path, card_format: CardFormat, *, limit: int, order: CardOrder
) -> list[ConvertedFile]:
    """One file a finger view."""
    templates = record_to_templates(record)
    files: list[ConvertedFile] = []
    for number, template in enumerate(templates, start=1):
        path = target if len(templates) == 1 else target.with_stem(f"{target.stem}-{number}")
        if not len(template):
            raise FormatError(f"finger view {number} has no minutiae: a card needs at least one")
        data = write_card_minutiae(template, card_format=card_format, limit=limit, order=order)
        files.append(ConvertedFile(path=path, data=data, minutiae=len(data) // card_format.minutia_bytes))
    return files


def limit_for_card(card_format: CardFormat, limit: int, max_bytes: int | None) -> int:
    """Most minutiae of a finger that both limits allow.

    Raises:
        BadParameter: Not even one minutia fits.
    """
    if max_bytes is None:
        return limit
    fitting = max_bytes // card_format.minutia_bytes
    if not fitting:
        raise typer.BadParameter(
            f"a minutia takes {card_format.minutia_bytes} bytes, got {max_bytes}", param_hint="--max-bytes"
        )
    return min(limit, fitting)


def shorten(record: MinutiaeRecord, minutiae: int, max_bytes: int | None) -> MinutiaeRecord:
    """The record within both limits.

    Raises:
        BadParameter: The limit of bytes holds not even the views.
    """
    try:
        return shorten_record(record, minutiae=minutiae, max_bytes=max_bytes)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--max-bytes") from error


def minutiae_of(record: MinutiaeRecord) -> int:
    """Minutiae of all views."""
    return sum(len(view.minutiae) for view in record.views)
