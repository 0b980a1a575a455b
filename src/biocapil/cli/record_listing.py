"""A minutiae record for people, as tables, and for programs, as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from biocapil.formats import FingerView, MinutiaeRecord, ParsedMinutiaeRecord
from biocapil.vocabulary import ImpressionType, MinutiaType

FULL_TURN_DEG = 360.0
PPCM_TO_PPI = 2.54
RESERVED_KIND = "reserved"


def record_report(parsed: ParsedMinutiaeRecord) -> Iterator[RenderableType]:
    """A heading and a table each for the header, every view, and the problems where there are any."""
    record = parsed.record
    yield _heading(record.standard.title)
    yield _header_table(record)
    for index, view in enumerate(record.views):
        yield _heading(_view_title(view, index=index))
        yield _view_table(view, degrees=_unit_deg(record))
    if parsed.problems:
        yield _heading(f"problems: {len(parsed.problems)}")
        table = Table("byte", "problem")
        for problem in parsed.problems:
            table.add_row("" if problem.offset is None else str(problem.offset), str(problem))
        yield table


def record_lines(parsed: ParsedMinutiaeRecord) -> Iterator[str]:
    """One JSON object for the header, then one a view."""
    record = parsed.record
    header = record.header
    yield json.dumps(
        {
            "type": "header",
            "standard": record.standard.value,
            "width_px": header.width_px,
            "height_px": header.height_px,
            "x_ppcm": header.x_ppcm,
            "y_ppcm": header.y_ppcm,
            "device_id": header.device_id,
            "compliance": header.compliance,
            "product_owner": header.product_owner,
            "product_type": header.product_type,
            "views": len(record.views),
            "problems": [
                {"field": problem.field, "offset": problem.offset, "problem": str(problem)}
                for problem in parsed.problems
            ],
        }
    )
    for index, view in enumerate(record.views):
        yield json.dumps(_view_object(view, index=index, degrees=_unit_deg(record)))


def _header_table(record: MinutiaeRecord) -> Table:
    header = record.header
    table = Table("field", "value")
    table.add_row("image", f"{header.width_px} × {header.height_px} pixels")
    table.add_row(
        "resolution",
        f"{header.x_ppcm} × {header.y_ppcm} pixels per centimetre "
        f"({header.x_ppcm * PPCM_TO_PPI:.0f} × {header.y_ppcm * PPCM_TO_PPI:.0f} ppi)",
    )
    table.add_row("capture device", f"{header.device_id}, compliance {header.compliance:04b}")
    if header.product_owner:
        table.add_row("product", f"owner {header.product_owner:#06x}, type {header.product_type:#06x}")
    table.add_row("finger views", str(len(record.views)))
    return table


def _heading(text: str) -> Text:
    return Text(f"\n{text}", style="bold")


def _view_title(view: FingerView, *, index: int) -> str:
    blocks = "".join(
        f", extended data of type {block.kind} ({len(block.data)} bytes)" for block in view.blocks
    )
    return (
        f"finger view {index + 1}: {_words(view.finger.name)}, number {view.view_number}, "
        f"{_words(_impression(view))}, quality {view.quality}, {len(view.minutiae)} minutiae{blocks}"
    )


def _view_table(view: FingerView, *, degrees: float) -> Table:
    table = Table()
    for heading in ("#", "type", "x px", "y px", "angle °", "quality"):
        table.add_column(heading, justify="left" if heading == "type" else "right")
    for number, (kind, x, y, angle, quality) in enumerate(_rows(view, degrees), start=1):
        table.add_row(str(number), kind, str(x), str(y), f"{angle:.1f}", str(quality or "–"))
    return table


def _view_object(view: FingerView, *, index: int, degrees: float) -> dict[str, object]:
    return {
        "type": "view",
        "view": index + 1,
        "position": view.position,
        "finger": view.finger.name.lower(),
        "view_number": view.view_number,
        "impression": _impression(view),
        "quality": view.quality,
        "minutiae": [
            {"kind": kind, "x_px": x, "y_px": y, "angle_deg": round(angle, 5), "quality": quality}
            for kind, x, y, angle, quality in _rows(view, degrees)
        ],
        "extended_data": [{"type": block.kind, "bytes": len(block.data)} for block in view.blocks],
    }


def _rows(view: FingerView, degrees: float) -> Iterator[tuple[str, int, int, float, int]]:
    """Type, x, y, angle in degrees and quality of each minutia."""
    minutiae = view.minutiae
    columns = (minutiae.kinds, minutiae.x_px, minutiae.y_px, minutiae.angles, minutiae.qualities)
    for kind, x, y, angle, quality in zip(*(column.tolist() for column in columns), strict=True):
        name = MinutiaType(kind).name.lower() if kind <= max(MinutiaType) else RESERVED_KIND
        yield name, x, y, angle * degrees, quality


def _unit_deg(record: MinutiaeRecord) -> float:
    return FULL_TURN_DEG / record.standard.angle_units


def _impression(view: FingerView) -> str:
    codes = {int(code): code.name.lower() for code in ImpressionType}
    return codes.get(view.impression, f"undefined_{view.impression}")


def _words(name: str) -> str:
    return name.lower().replace("_", " ")
