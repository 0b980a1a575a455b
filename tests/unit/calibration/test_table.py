from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from biocapil.calibration import CalibrationTable
from biocapil.calibration.root_scale import CELLS, cell_starts
from biocapil.calibration.table import SMALLEST_RATE, make_table, table_cells


def table() -> CalibrationTable:
    fmr = np.array([1.0, 0.1, 0.1, 0.01])
    return CalibrationTable(
        roots=np.array([0.0, 1.0, 2.0, 3.0]),
        fmr=fmr,
        fmr_low=fmr / 2,
        fmr_high=np.array([1.0, 0.2, 0.2, 0.02]),
        fnmr=np.array([0.0, 0.0, 0.5, 1.0]),
        llr=np.array([-2.0, 0.0, 0.0, 3.0]),
        measured_to=2.0,
    )


def test_a_rate_between_two_points_lies_on_the_line_of_logarithms() -> None:
    sound = table()
    np.testing.assert_allclose(
        sound.log_rate(sound.fmr, np.array([0.0, 0.5, 2.5, 9.0])), [1, 10**-0.5, 10**-1.5, 0.01]
    )


def test_the_smallest_root_that_has_come_down_to_a_rate_is_found() -> None:
    sound = table()
    found = sound.roots_at(np.array([1.0, 10**-0.5, 0.1, 10**-1.5, 0.01, 0.009]), sound.fmr)
    np.testing.assert_allclose(found, [0, 0.5, 1.0, 2.5, 3.0, np.inf])


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan")])
def test_no_root_is_looked_for_where_the_rate_is_none(rate: float) -> None:
    with pytest.raises(ValueError, match="rates must be above 0"):
        table().roots_at(np.array([rate]), table().fmr)


def test_the_columns_are_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        table().llr[0] = 1.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fmr": np.ones(4, np.float32)}, "fmr must be float64 of shape"),
        ({"llr": np.zeros(3)}, "llr must be float64 of shape"),
        ({"llr": np.array([0.0, 1.0, 2.0, np.inf])}, "llr must be finite"),
        ({"fnmr": np.array([0.0, np.nan, 0.5, 1.0])}, "fnmr must be finite"),
        ({"roots": np.array([0.0, 2.0, 1.0, 3.0])}, "roots must rise from 0"),
        ({"roots": np.array([0.1, 1.0, 2.0, 3.0])}, "roots must rise from 0"),
        ({"fmr": np.array([1.0, 0.1, 0.15, 0.01])}, "fmr must lie in .* and never rise"),
        ({"fmr_low": np.array([1.0, 0.1, 0.05, 0.0])}, "fmr_low must lie in"),
        ({"fmr_high": np.array([1.5, 0.2, 0.2, 0.02])}, "fmr_high must lie in"),
        ({"fmr_low": np.array([1.0, 0.1, 0.1, 0.02])}, "between fmr_low and fmr_high"),
        ({"fmr_high": np.array([1.0, 0.1, 0.1, 0.009])}, "between fmr_low and fmr_high"),
        ({"fnmr": np.array([0.0, 0.5, 0.4, 1.0])}, "fnmr must lie in .* and never fall"),
        ({"fnmr": np.array([-0.1, 0.0, 0.5, 1.0])}, "fnmr must lie in"),
        ({"llr": np.array([0.0, 1.0, 0.5, 3.0])}, "llr must never fall"),
        ({"measured_to": -0.1}, "measured_to must lie in the table"),
        ({"measured_to": 3.1}, "measured_to must lie in the table"),
        ({"measured_to": float("nan")}, "measured_to must lie in the table"),
    ],
)
def test_a_table_that_cannot_be_is_refused(change: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(table(), **change)


def test_one_point_makes_no_table() -> None:
    one = np.ones(1)
    with pytest.raises(ValueError, match="at least two"):
        CalibrationTable(
            roots=np.zeros(1), fmr=one, fmr_low=one, fmr_high=one, fnmr=one, llr=one, measured_to=0.0
        )


def test_the_points_kept_stand_closer_where_pairs_are_many() -> None:
    cells = table_cells()
    assert cells[0] == 0
    assert cells[-1] == CELLS - 1
    steps = np.diff(cells)
    assert (steps > 0).all()
    assert steps[0] < steps[90] < steps[-1]


def test_a_table_keeps_six_figures_and_no_rate_below_the_smallest() -> None:
    fmr = np.maximum(np.exp(-cell_starts() * 3), 1e-300)
    made = make_table(
        fmr=fmr, fmr_low=fmr, fmr_high=fmr, fnmr=1 - fmr, llr=cell_starts() / 7, measured_to=100
    )
    assert made.fmr[-1] == SMALLEST_RATE
    assert made.measured_to == 1.0
    assert float(f"{made.llr[5]:.6g}") == made.llr[5]
    np.testing.assert_allclose(made.log_rate(made.fmr, np.array([2.0])), np.exp(-6.0), rtol=1e-3)
