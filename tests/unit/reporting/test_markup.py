# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from biocapil.reporting.markup import element, number, picture, text


@given(st.text(), st.text())
def test_any_text_gives_well_formed_markup(content: str, label: str) -> None:
    drawn = picture(text(content), width=10, height=10, title=label, description=content)

    assert ET.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
def test_printable_text_survives(content: str) -> None:
    assert (ET.fromstring(element("text", text(content))).text or "") == content


def test_attributes_are_escaped_and_named_as_svg_does() -> None:
    drawn = element("path", stroke_width=1.5, class_='a"b<', missing=None)

    assert ET.fromstring(drawn).attrib == {"stroke-width": "1.5", "class": 'a"b<'}


def test_numbers_are_short_and_never_minus_zero() -> None:
    assert [number(value) for value in (1.0, 2.504, -0.001, 100.0)] == ["1", "2.5", "0", "100"]
