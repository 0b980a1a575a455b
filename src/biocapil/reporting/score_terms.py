"""The numbers behind a similarity score, as lines of text below a drawing."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from biocapil.reporting.markup import words

if TYPE_CHECKING:  # the comparison room brings numba, which no drawing needs
    from biocapil.comparison.explanation import ScoreTerm

LINE = 17.0
NAME_WIDTH = 150.0
VALUE_WIDTH = 70.0
CHARACTER = 6.1


def draw_terms(terms: Sequence[ScoreTerm], *, left: float, top: float, width: float) -> tuple[str, float]:
    """Draw the terms as a table of name, value and meaning.

    Args:
        terms: The terms.
        left: Left edge, user units.
        top: Top edge, user units.
        width: Width to wrap the meanings into, user units.

    Returns:
        The markup and the height it takes, user units.
    """
    columns = max(20, int((width - NAME_WIDTH - VALUE_WIDTH) / CHARACTER))
    drawn: list[str] = []
    lines = 0
    for term in terms:
        meaning = textwrap.wrap(term.meaning, columns) or [""]
        y = top + LINE * (lines + 1) - 4
        drawn.append(words(term.name, left, y, font_weight="600"))
        drawn.append(words(term_value(term.value), left + NAME_WIDTH + 50, y, text_anchor="end"))
        x = left + NAME_WIDTH + VALUE_WIDTH
        drawn += [words(line, x, y + LINE * row, opacity=0.8) for row, line in enumerate(meaning)]
        lines += len(meaning)
    return "".join(drawn), LINE * lines


def term_value(value: float) -> str:
    """A term's value for a person: whole where it is whole, else three significant digits."""
    return f"{value:.0f}" if value == round(value) else f"{value:.3g}"
