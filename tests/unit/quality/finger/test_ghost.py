"""Ghosts: on synthetic prints with grease beside them, and on the same prints without."""

import numpy as np
import pytest

from biocapil.quality import measure_finger
from biocapil.quality.finger.fields import shipped_fields
from biocapil.quality.finger.foreground import find_foreground
from biocapil.quality.finger.ghost import CELL_FEATURES, cell_features, ghost_of_cells
from biocapil.quality.finger.picture import CELL_PX, working_picture
from biocapil.quality.finger.relief import find_relief
from biocapil.sample import CapturedSample
from biocapil.synthesis import Degradation, MasterPrint, SensorStyle, make_impression, make_master

STYLES = (SensorStyle.OPTICAL_WHITE, SensorStyle.SWEPT_STRIPE, SensorStyle.INK_CARD)


@pytest.fixture(scope="module")
def master() -> MasterPrint:
    return make_master((47, 1))


def touched(
    master: MasterPrint, style: SensorStyle, degradation: Degradation | None = None
) -> CapturedSample:
    applied = {} if degradation is None else {degradation: 0.9}
    return make_impression(master, (47, 2), style=style, difficulty=0.1, degradations=applied)


@pytest.mark.parametrize("style", STYLES)
def test_a_print_with_grease_beside_it_is_surely_soiled(master: MasterPrint, style: SensorStyle) -> None:
    clean, soiled = (
        measure_finger(touched(master, style, fault)).measures for fault in (None, Degradation.LATENT_GHOST)
    )
    assert soiled["ghost_sure"] > 0.9 > clean["ghost_sure"]
    assert soiled["ghost_mm2"] > clean["ghost_mm2"] + 10
    assert soiled["ghost_aside"] > 1


def test_the_cells_of_the_ghost_are_where_the_pictures_differ(master: MasterPrint) -> None:
    clean, soiled = (
        touched(master, SensorStyle.OPTICAL_WHITE, fault) for fault in (None, Degradation.LATENT_GHOST)
    )
    picture = working_picture(soiled)
    foreground = find_foreground(picture)
    sure = ghost_of_cells(picture, foreground, find_relief(picture), shipped_fields())
    assert sure.shape == foreground.shape
    differing = np.abs(soiled.pixels.astype(int) - clean.pixels) > 30
    rows, columns = foreground.shape
    cells = differing[: rows * CELL_PX, : columns * CELL_PX].reshape(rows, CELL_PX, columns, CELL_PX)
    seen = (cells.mean(axis=(1, 3)) > 0.1) & ~foreground
    assert seen.sum() > 20
    assert sure[seen].mean() > 0.7
    assert sure[~seen].mean() < 0.2


def test_every_cell_has_its_figures_also_of_a_blank_picture() -> None:
    picture = working_picture(CapturedSample(pixels=np.full((200, 300), 200, np.uint8), resolution_ppi=500))
    figures = cell_features(picture, np.zeros((25, 37), np.bool_), find_relief(picture))
    assert figures.shape == (25 * 37, CELL_FEATURES)
    assert np.isfinite(figures).all()
