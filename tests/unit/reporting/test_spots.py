from __future__ import annotations

from biocapil.reporting.spots import SHAPES, draw_spot


def test_shapes_differ_and_begin_again() -> None:
    drawn = [draw_spot(place, 1, 2, "red") for place in range(len(SHAPES) + 1)]

    assert len(set(drawn)) == len(SHAPES)
    assert drawn[0] == drawn[-1]
    assert 'transform="translate(1.0 2.0)"' in drawn[0]


def test_an_open_shape_is_not_filled() -> None:
    assert 'fill="red"' in draw_spot(0, 0, 0, "red")
    assert 'fill="none"' in draw_spot(0, 0, 0, "red", filled=False)
