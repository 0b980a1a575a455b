"""What a script on a page needs to know about the x axis of a picture, as attributes of its root."""

from __future__ import annotations

from biocapil.reporting.axes import Scale
from biocapil.reporting.markup import Value


def axis_data(horizontal: Scale) -> dict[str, Value | None]:
    """Attributes that map x in user units to values: ``data-left`` and ``data-low`` belong together.

    Args:
        horizontal: Scale of the x axis.

    Returns:
        ``data-left`` and ``data-right`` in user units, ``data-low`` and ``data-high`` as values in full
        precision, ``data-scale`` as an `AxisKind` value.
    """
    return {
        "data_left": horizontal.start,
        "data_right": horizontal.end,
        "data_low": repr(float(horizontal.low)),
        "data_high": repr(float(horizontal.high)),
        "data_scale": horizontal.kind.value,
    }
