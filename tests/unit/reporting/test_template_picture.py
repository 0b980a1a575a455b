# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

from biocapil import CapturedSample, FingerprintTemplate
from biocapil.reporting import template_svg

SVG = "{http://www.w3.org/2000/svg}"


def test_every_minutia_is_drawn_once_over_the_print(
    template: Callable[..., FingerprintTemplate], print_sample: CapturedSample
) -> None:
    root = ET.fromstring(template_svg(template, image=print_sample, title="a & b"))

    assert len(root.findall(f".//{SVG}g[@class='minutiae']/{SVG}g")) == 4
    assert len(root.findall(f".//{SVG}image")) == 1
    assert root.findtext(f"{SVG}title") == "a & b"


def test_the_description_tells_what_a_reader_cannot_see(
    template: Callable[..., FingerprintTemplate],
    empty_template: FingerprintTemplate,
    print_sample: CapturedSample,
) -> None:
    seen = ET.fromstring(template_svg(template, image=print_sample)).findtext(f"{SVG}desc") or ""
    empty = ET.fromstring(template_svg(empty_template)).findtext(f"{SVG}desc") or ""

    assert "over the print: 1 ridge ending, 2 bifurcations" in seen
    assert "without the print: no minutiae" in empty


def test_nothing_outside_is_referred_to(
    template: Callable[..., FingerprintTemplate], print_sample: CapturedSample
) -> None:
    drawn = template_svg(template, image=print_sample).replace("http://www.w3.org/2000/svg", "")

    assert "http" not in drawn
    assert "url(" not in drawn


def test_size_and_model_stand_below(template: Callable[..., FingerprintTemplate]) -> None:
    assert "4 minutiae · 10.0 × 12.0 mm · model made@1" in template_svg(template)
