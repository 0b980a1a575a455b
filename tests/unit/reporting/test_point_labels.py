# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree as ET

from biocapil.reporting.diagram import Frame
from biocapil.reporting.point_labels import Box, PointLabel, draw_point_labels
from biocapil.reporting.text_room import SMALL, text_width

FRAME = Frame(left=0, top=0, right=300, bottom=200)


def boxes(*labels: PointLabel) -> list[Box]:
    drawn = ET.fromstring(f"<g>{draw_point_labels(labels, FRAME)}</g>").findall("text")
    found: list[Box] = []
    for word in drawn:
        width = text_width(word.text or "", SMALL)
        x, y = float(word.attrib["x"]), float(word.attrib["y"])
        left = x if word.get("text-anchor") == "start" else x - width
        found.append(Box(left=left, top=y - 10, right=left + width, bottom=y + 3))
    return found


def test_a_label_stands_to_the_right_of_its_point() -> None:
    (box,) = boxes(PointLabel(x=100, y=100, content="review"))

    assert (box.left, box.top, box.bottom) == (107, 94, 107)


def test_at_the_right_end_a_label_stands_to_the_left() -> None:
    (box,) = boxes(PointLabel(x=290, y=100, content="duplicate"))

    assert box.right == 283


def test_labels_of_close_points_do_not_overlap() -> None:
    crowd = [PointLabel(x=100 + step, y=100 + step, content=f"threshold {step}") for step in range(5)]

    placed = boxes(*crowd)

    assert all(box.inside(FRAME) for box in placed)
    assert not any(one.overlaps(other) for one, other in combinations(placed, 2))


def test_a_label_wider_than_the_frame_is_still_written() -> None:
    assert len(boxes(PointLabel(x=100, y=100, content="w" * 200))) == 1
