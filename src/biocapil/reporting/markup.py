"""Writing SVG that is always well-formed: every value passes through one escape."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

SVG_NAMESPACE = "http://www.w3.org/2000/svg"

Value = str | float

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def element(name: str, *children: str, **attributes: Value | None) -> str:
    """One element.

    Args:
        name: Tag.
        children: Finished markup, from `element` or `text`.
        attributes: Attributes; an underscore stands for a hyphen, one at the end is dropped, and None
            leaves the attribute out. Floats are written with two decimals at most.
    """
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_plain(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(children)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def text(content: str) -> str:
    """Characters as they are to be read; those that XML forbids become U+FFFD."""
    return escape(_clean(content))


def number(value: float) -> str:
    """A coordinate: two decimals at most, no trailing zeros, never minus zero."""
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def picture(
    *children: str,
    width: float,
    height: float,
    title: str,
    description: str,
    **attributes: Value | None,
) -> str:
    """The outermost ``<svg>``, with the words that a screen reader reads.

    Args:
        children: Finished markup.
        width: Width of the drawing in user units.
        height: Height of the drawing in user units.
        title: Short name.
        description: What is to be seen, in one or two sentences.
        attributes: Further attributes of the root, written as by `element`.
    """
    return element(
        "svg",
        element("title", text(title)),
        element("desc", text(description)),
        *children,
        xmlns=SVG_NAMESPACE,
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        role="img",
        aria_label=title,
        font_family="system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif",
        **attributes,
    )


def words(content: str, x: float, y: float, **attributes: Value | None) -> str:
    """A line of text in the reader's own text colour."""
    style: dict[str, Value | None] = {"font_size": 12.0, "fill": "currentColor", **attributes}
    return element("text", text(content), x=x, y=y, **style)


def _plain(value: Value) -> str:
    return _clean(value) if isinstance(value, str) else number(value)


def _clean(content: str) -> str:
    return _FORBIDDEN.sub("\ufffd", content)
