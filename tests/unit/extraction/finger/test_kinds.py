from __future__ import annotations

import numpy as np
import pytest

from biocapil.extraction.finger.kinds import kinds_from_map, kinds_from_ridges
from biocapil.vocabulary import MinutiaType


def ridges_with_one(kind: MinutiaType, *, leftwards: bool) -> np.ndarray:
    """Level ridges 10 px apart; from the middle one of them ends (or a valley does) to one side."""
    y, x = np.mgrid[0:120, 0:120].astype(float) - 59.5
    x = -x if leftwards else x
    start = 0 if kind is MinutiaType.ENDING else np.pi
    wave = np.cos(2 * np.pi * y / 10 + np.arctan2(y, x) + start)
    return np.clip(128 - 100 * wave, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("kind", [MinutiaType.ENDING, MinutiaType.BIFURCATION])
@pytest.mark.parametrize("leftwards", [False, True])
@pytest.mark.parametrize("zoom", [1, 2])
def test_what_lies_under_the_arrow_tells_the_kind(kind: MinutiaType, zoom: int, *, leftwards: bool) -> None:
    pixels = np.kron(ridges_with_one(kind, leftwards=leftwards), np.ones((zoom, zoom), np.uint8))
    centre = np.array([[60.0 * zoom, 60.0 * zoom]])
    angle = np.array([np.pi if leftwards else 0], np.float32)
    found = kinds_from_ridges(pixels, centre, angle, resolution_ppi=500 * zoom)
    assert found.tolist() == [kind]


def test_a_minutia_at_the_border_has_a_kind_too() -> None:
    pixels = ridges_with_one(MinutiaType.ENDING, leftwards=False)
    corners = np.array([[0.5, 0.5], [119.5, 119.5]])
    kinds = kinds_from_ridges(pixels, corners, np.zeros(2, np.float32), resolution_ppi=500)
    assert set(kinds.tolist()) <= {MinutiaType.ENDING, MinutiaType.BIFURCATION}


def test_no_minutiae_have_no_kinds() -> None:
    pixels = ridges_with_one(MinutiaType.ENDING, leftwards=False)
    assert len(kinds_from_ridges(pixels, np.empty((0, 2)), np.empty(0, np.float32), resolution_ppi=500)) == 0


def test_a_network_that_tells_is_believed() -> None:
    kinds = kinds_from_map(np.array([0.49, 0.5, 0.9], np.float32))
    assert kinds.tolist() == [MinutiaType.BIFURCATION, MinutiaType.ENDING, MinutiaType.ENDING]
