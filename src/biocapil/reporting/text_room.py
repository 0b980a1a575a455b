"""Room for words: how wide they are, and how they are shortened."""

from __future__ import annotations

from unicodedata import east_asian_width

from biocapil.reporting.markup import element, text, words

CHARACTER = 6.3
"""Average width of a character at font size 12, user units."""
SMALL = 11.0
"""Font size of labels inside a diagram."""


def text_width(content: str, font_size: float = 12.0) -> float:
    """Estimated width of a line of text, user units; wide East Asian characters count twice."""
    columns = sum(2 if east_asian_width(character) in "WF" else 1 for character in content)
    return columns * CHARACTER * font_size / 12.0


def fitted_words(
    content: str, x: float, y: float, *, room: float, keep_end: bool = False, **attributes: str | float
) -> str:
    """A line of text that is cut where the room ends; the whole text is then its tooltip.

    Args:
        content: The text.
        x: Left end, user units.
        y: Baseline, user units.
        room: Room for it, user units.
        keep_end: Whether the end of the text is kept, which tells paths apart, and not its beginning.
        attributes: Further attributes, written as by `element`.
    """
    size = attributes.get("font_size", 12.0)
    font_size = size if isinstance(size, float) else 12.0
    if text_width(content, font_size) <= room + 1e-6:
        return words(content, x, y, **attributes)
    kept = content
    while kept and text_width(f"{kept}…", font_size) > room:
        kept = kept[1:] if keep_end else kept[:-1]
    shown = f"…{kept}" if keep_end else f"{kept}…"
    return element("g", element("title", text(content)), words(shown, x, y, **attributes))
