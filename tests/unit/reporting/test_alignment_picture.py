from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil import FingerprintTemplate, ModelId
from biocapil.comparison.explanation import Explanation
from biocapil.reporting.alignment_picture import _moved
from biocapil.reporting.minutia_marks import marks_of
from biocapil.reporting.panel import Panel

PANEL = Panel(left=3, top=4, extent_um=(20_000, 20_000), units_per_um=0.01)


def at(positions: list[tuple[float, float]], angles: list[float]) -> FingerprintTemplate:
    return FingerprintTemplate(
        positions_um=np.array(positions, np.float32),
        angles_rad=np.array(angles, np.float32),
        kinds=np.ones(len(angles), np.uint8),
        qualities=np.zeros(len(angles), np.uint8),
        extent_um=(20_000.0, 20_000.0),
        model_id=ModelId("made@1"),
    )


def alignment(rotation: float, shift: tuple[float, float]) -> Explanation:
    return Explanation(similarity=1.0, rotation_rad=rotation, translation_um=shift, pairs=(), terms=())


def test_a_quarter_turn_counter_clockwise_brings_right_to_the_top() -> None:
    reference = at([(1000, 0)], [0.0])

    (mark,) = _moved(reference, PANEL, alignment(math.pi / 2, (5000, 5000)))

    assert (mark.x, mark.y) == pytest.approx(PANEL.point(5000, 4000), abs=1e-6)
    assert mark.angle_rad == pytest.approx(math.pi / 2)


@settings(max_examples=50)
@given(st.floats(-math.pi, math.pi), st.floats(-2000, 2000), st.floats(-2000, 2000))
def test_a_moved_copy_lands_on_its_original(rotation: float, shift_x: float, shift_y: float) -> None:
    original = np.array([[9000.0, 10_000.0], [11_000.0, 9_500.0]])
    cos, sin = math.cos(rotation), math.sin(rotation)
    forward = np.array([[cos, sin], [-sin, cos]])
    centre = np.array([10_000.0, 10_000.0])
    shift = np.array([shift_x, shift_y])
    copy = (original - centre - shift) @ forward + centre
    translation = centre + shift - forward @ centre
    reference = at([(x, y) for x, y in copy.tolist()], [0.0, 1.0])

    moved = _moved(reference, PANEL, alignment(rotation, (translation[0], translation[1])))

    expected = marks_of(at([(x, y) for x, y in original.tolist()], [0.0, 1.0]), PANEL)
    assert [(mark.x, mark.y) for mark in moved] == [
        (pytest.approx(mark.x, abs=0.02), pytest.approx(mark.y, abs=0.02)) for mark in expected
    ]
