from __future__ import annotations

import math
import re
from collections.abc import Callable

import pytest

from biocapil import FingerprintTemplate, MinutiaType
from biocapil.reporting.minutia_marks import RADIUS, TICK, Mark, draw_mark, marks_of
from biocapil.reporting.panel import Panel


def tick_of(drawn: str) -> list[float]:
    found = re.search(r"M(\S+) (\S+)L(\S+) (\S+)\"", drawn)
    assert found is not None
    return [float(value) for value in found.groups()]


def test_a_tick_points_counter_clockwise_as_a_person_sees_it() -> None:
    up = Mark(x=50, y=50, angle_rad=math.pi / 2, kind=MinutiaType.ENDING)

    x1, y1, x2, y2 = tick_of(draw_mark(up, "#000"))

    assert (x1, x2) == (50, 50)
    assert (y1, y2) == pytest.approx((50 - RADIUS, 50 - TICK))


def test_kinds_differ_in_shape_and_not_only_in_colour() -> None:
    drawn = {draw_mark(Mark(x=0, y=0, angle_rad=0, kind=kind), "#000") for kind in MinutiaType}

    assert len(drawn) == 3


def test_faint_marks_say_so() -> None:
    mark = Mark(x=0, y=0, angle_rad=0, kind=MinutiaType.OTHER)

    assert 'opacity="0.5"' in draw_mark(mark, "#000", opacity=0.5)
    assert "opacity=" not in draw_mark(mark, "#000").split(">")[0]


def test_marks_stand_in_the_order_of_the_template(template: Callable[..., FingerprintTemplate]) -> None:
    panel = Panel(left=1, top=2, extent_um=template.extent_um, units_per_um=0.01)

    marks = marks_of(template, panel)

    assert [mark.kind for mark in marks] == [1, 2, 2, 0]
    assert (marks[0].x, marks[0].y) == pytest.approx((21, 32))
