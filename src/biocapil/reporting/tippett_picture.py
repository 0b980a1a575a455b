"""The diagram of how far likelihood ratios point to the right side: a Tippett plot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.reporting import palette
from biocapil.reporting.array_checks import check_lengths, check_numbers
from biocapil.reporting.axes import LinearScale, Scale
from biocapil.reporting.axis_data import axis_data
from biocapil.reporting.diagram import Frame, draw_axes, draw_note
from biocapil.reporting.key import KeyItem, draw_key, key_bottom, line_sample
from biocapil.reporting.lines import LineStyle, draw_line, runs
from biocapil.reporting.markup import element, number, picture
from biocapil.reporting.tick_words import percent, plain, rounded_percent

WIDTH = 568.0
FRAME = Frame(right=540.0, bottom=360.0)
MATED = LineStyle(colour=palette.MATED)
NON_MATED = LineStyle(colour=palette.BLUE, dashes="7 3")


def tippett_svg(
    mated: NDArray[np.float64],
    nonmated: NDArray[np.float64],
    *,
    x_label: str = "log₁₀ likelihood ratio",
    title: str = "Tippett plot of the likelihood ratios",
) -> str:
    """Draw the share of pairs with a log-likelihood ratio above x, for mated and for non-mated pairs.

    Args:
        mated: Logarithms of the likelihood ratios of mated pairs, in any order. Shape (M,), float64;
            infinite ones lie beyond the ends of the axis.
        nonmated: The same of non-mated pairs. Shape (N,), float64.
        x_label: Title of the x axis; it names the logarithm.
        title: Name of the picture.

    Returns:
        A self-contained SVG document.

    Raises:
        ValueError: An array has another number of axes, or holds NaN.

    Reference: Tippett et al. 1968, "The evidential value of the comparison of paint flakes from sources
        other than vehicles", J. Forensic Sci. Soc. 8, doi:10.1016/S0015-7368(68)70442-4.
    """
    for name, ratios in (("mated", mated), ("nonmated", nonmated)):
        check_lengths(**{name: ratios})
        check_numbers(name, ratios)
    across = _ratio_scale(mated, nonmated)
    upward = LinearScale(low=0.0, high=1.0, start=FRAME.bottom, end=FRAME.top)
    items = [
        KeyItem(label=f"mated pairs ({len(mated):,})", sample=line_sample(MATED)),
        KeyItem(label=f"non-mated pairs ({len(nonmated):,})", sample=line_sample(NON_MATED)),
    ]
    return picture(
        draw_axes(
            FRAME,
            across,
            upward,
            x_label=x_label,
            y_label="share of pairs above",
            x_text=plain,
            y_text=percent,
        ),
        _even(across) if mated.size or nonmated.size else "",
        _line(mated, across, upward, MATED),
        _line(nonmated, across, upward, NON_MATED),
        "" if mated.size or nonmated.size else draw_note(FRAME, "no likelihood ratios to draw"),
        draw_key(items, FRAME),
        width=WIDTH,
        height=key_bottom(items, FRAME),
        title=title,
        description=_description(mated, nonmated, x_label),
        **axis_data(across),
    )


def _ratio_scale(mated: NDArray[np.float64], nonmated: NDArray[np.float64]) -> LinearScale:
    """Axis over all finite ratios and 0."""
    ratios = np.concatenate([mated, nonmated, [0.0]])
    finite = ratios[np.isfinite(ratios)]
    room = 0.05 * float(finite.max() - finite.min()) or 1.0
    return LinearScale(
        low=float(finite.min()) - room,
        high=float(finite.max()) + room,
        start=FRAME.left,
        end=FRAME.right,
    )


def _line(ratios: NDArray[np.float64], across: LinearScale, upward: Scale, style: LineStyle) -> str:
    """Share above each x, one step a unit of the drawing."""
    if not ratios.size:
        return ""
    x = np.linspace(across.low, across.high, 1 + round(across.end - across.start))
    above = 1.0 - np.searchsorted(np.sort(ratios), x, side="right") / len(ratios)
    return draw_line(runs(x, above, across, upward), style)


def _even(across: Scale) -> str:
    """The line at 0, where a ratio speaks for neither side."""
    way = f"M{number(across.place(0.0))} {number(FRAME.top)}V{number(FRAME.bottom)}"
    return element("path", d=way, stroke="currentColor", stroke_width=1.0, opacity=0.6, class_="even")


def _description(mated: NDArray[np.float64], nonmated: NDArray[np.float64], x_label: str) -> str:
    told = [
        f"{rounded_percent(share)} of {len(ratios):,} {name} pairs lie above 0"
        for name, ratios in (("mated", mated), ("non-mated", nonmated))
        if ratios.size
        for share in [float((ratios > 0).mean())]
    ]
    return f"Share of pairs with a {x_label} above x: {'; '.join(told) or 'no pairs'}."
