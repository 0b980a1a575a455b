# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

import numpy as np

from biocapil import CapturedSample, FingerprintTemplate
from biocapil.comparison.explanation import Explanation
from biocapil.reporting import pair_svg

SVG = "{http://www.w3.org/2000/svg}"


def test_every_pair_has_a_line_and_its_number_on_both_prints(
    template: Callable[..., FingerprintTemplate], explanation: Explanation
) -> None:
    root = ET.fromstring(pair_svg(template, template, explanation))

    pairs = root.findall(f".//{SVG}g[@class='paired']")
    assert [[number.text for number in pair.findall(f"{SVG}text")] for pair in pairs] == [
        ["1", "1"],
        ["2", "2"],
    ]
    assert all(len(pair.findall(f"{SVG}line")) == 1 for pair in pairs)
    assert (pairs[0].findtext(f"{SVG}title") or "").startswith("Pair 1: 120 µm and 4° apart")


def test_minutiae_without_a_partner_stay_visible(
    template: Callable[..., FingerprintTemplate], explanation: Explanation
) -> None:
    root = ET.fromstring(pair_svg(template, template, explanation))

    groups = root.findall(f".//{SVG}g[@class='unpaired']")
    assert [len(group) for group in groups] == [2, 2]


def test_both_prints_are_shown_at_one_scale(
    template: Callable[..., FingerprintTemplate], explanation: Explanation, print_sample: CapturedSample
) -> None:
    half = FingerprintTemplate(
        positions_um=template.positions_um / np.float32(2),
        angles_rad=template.angles_rad,
        kinds=template.kinds,
        qualities=template.qualities,
        extent_um=(5_000.0, 6_000.0),
        model_id=template.model_id,
    )

    root = ET.fromstring(
        pair_svg(template, half, explanation, probe_image=print_sample, reference_image=None)
    )

    widths = [float(rect.attrib["width"]) for rect in root.findall(f"{SVG}rect")]
    assert abs(widths[0] / widths[1] - 10_160 / 5_000) < 0.01
    assert len(root.findall(f"{SVG}image")) == 1


def test_terms_stand_below_or_are_left_to_the_page(
    template: Callable[..., FingerprintTemplate], explanation: Explanation
) -> None:
    with_terms = pair_svg(template, template, explanation)
    without = pair_svg(template, template, explanation, with_terms=False)

    assert "matched mass" in with_terms
    assert "matched mass" not in without
    assert float(ET.fromstring(with_terms).attrib["height"]) > float(ET.fromstring(without).attrib["height"])


def test_labels_are_escaped(template: Callable[..., FingerprintTemplate], explanation: Explanation) -> None:
    root = ET.fromstring(
        pair_svg(template, template, explanation, probe_label="<a>", reference_label="b & c")
    )

    assert root.findtext(f"{SVG}title") == "<a> compared with b & c"


def test_no_alignment_is_said_in_words(
    template: Callable[..., FingerprintTemplate], no_alignment: Explanation
) -> None:
    drawn = pair_svg(template, template, no_alignment)

    assert "No alignment found" in drawn
    assert "0 of 4 minutiae" in drawn


def test_templates_without_minutiae_can_be_drawn(
    empty_template: FingerprintTemplate, no_alignment: Explanation
) -> None:
    assert ET.fromstring(pair_svg(empty_template, empty_template, no_alignment)) is not None
