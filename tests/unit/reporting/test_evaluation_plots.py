from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from tests.unit.reporting.made_evaluations import evaluated, made_set

from biocapil.reporting import evaluation_plots


def names(fingers: int, impressions: int) -> list[str]:
    samples = made_set(fingers, impressions)
    return [plot.name for plot in evaluation_plots(evaluated(samples), samples)]


def test_what_was_measured_is_drawn_and_named() -> None:
    assert names(5, 3) == [
        "det_log",
        "det_normal_deviate",
        "density",
        "cmc",
        "fnir_fpir",
        "quality",
        "groups_1",
        "groups_2",
    ]


def test_without_mated_pairs_only_similarities_are_left_to_draw() -> None:
    assert names(5, 1) == ["density"]


def test_every_diagram_is_a_document_of_its_own() -> None:
    samples = made_set(5, 3, failed=[(0, 0)])
    for plot in evaluation_plots(evaluated(samples), samples):
        root = ET.fromstring(plot.svg)  # noqa: S314  # made here
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert plot.title


@pytest.mark.parametrize(("dataset", "label"), [("short", "short"), ("", "this set"), ("x" * 50, "this set")])
def test_a_name_that_the_key_has_no_room_for_is_left_out(dataset: str, label: str) -> None:
    samples = made_set(3, 2)
    det, *_ = evaluation_plots(replace(evaluated(samples), dataset=dataset), samples)
    assert f">{label}</text>" in det.svg
