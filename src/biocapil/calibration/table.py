"""`CalibrationTable`: what a similarity means, at the points between which lines are drawn."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration.root_scale import CELLS, STEP

SMALLEST_RATE = 1e-30
"""Rates below are told as this one: no data speak of smaller ones."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CalibrationTable:
    """One curve for all size bands, on the root scale in units of the band.

    Attributes:
        roots: Scaled root of similarity, rising from 0. Shape (K,), float64.
        fmr: False match rate when this root is the threshold. Shape (K,), float64, falling.
        fmr_low: Its lower limit. Shape (K,), float64, falling.
        fmr_high: Its upper limit. Shape (K,), float64, falling.
        fnmr: False non-match rate at the same threshold. Shape (K,), float64, rising.
        llr: Log-likelihood ratio of a pair with this root, in nats. Shape (K,), float64, rising.
        measured_to: Root up to which non-mated pairs were counted, 0 to the last of `roots`.
    """

    roots: NDArray[np.float64]
    fmr: NDArray[np.float64]
    fmr_low: NDArray[np.float64]
    fmr_high: NDArray[np.float64]
    fnmr: NDArray[np.float64]
    llr: NDArray[np.float64]
    measured_to: float

    def __post_init__(self) -> None:
        for name in self.columns():
            self._hold(name)
        self._check_order()

    def _hold(self, name: str) -> None:
        """Keep a column as a read-only view, if it has the type and the shape that it should."""
        values = getattr(self, name)
        if values.dtype != np.float64 or values.shape != self.roots.shape or values.ndim != 1:
            raise ValueError(
                f"{name} must be float64 of shape {self.roots.shape}, got {values.dtype} {values.shape}"
            )
        if not np.isfinite(values).all():
            raise ValueError(f"{name} must be finite")
        view = values.view()
        view.flags.writeable = False
        object.__setattr__(self, name, view)

    def _check_order(self) -> None:
        if len(self.roots) < 2 or self.roots[0] != 0 or not (np.diff(self.roots) > 0).all():
            raise ValueError("roots must rise from 0 and be at least two")
        for name in ("fmr", "fmr_low", "fmr_high"):
            rates = getattr(self, name)
            if not ((rates > 0) & (rates <= 1)).all() or (np.diff(rates) > 0).any():
                raise ValueError(f"{name} must lie in (0, 1] and never rise")
        if ((self.fmr_low > self.fmr) | (self.fmr > self.fmr_high)).any():
            raise ValueError("fmr must lie between fmr_low and fmr_high")
        if not ((self.fnmr >= 0) & (self.fnmr <= 1)).all() or (np.diff(self.fnmr) < 0).any():
            raise ValueError("fnmr must lie in [0, 1] and never fall")
        if (np.diff(self.llr) < 0).any():
            raise ValueError("llr must never fall")
        if not 0 <= self.measured_to <= self.roots[-1]:
            raise ValueError(
                f"measured_to must lie in the table, 0 to {self.roots[-1]:g}, got {self.measured_to!r}"
            )

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(field.name for field in fields(cls) if field.name != "measured_to")

    def log_rate(self, column: NDArray[np.float64], roots: NDArray[np.float64]) -> NDArray[np.float64]:
        """A rate at any root: straight lines of its logarithm between the points."""
        return np.exp(np.interp(roots, self.roots, np.log(column)))

    def roots_at(self, fmr: NDArray[np.float64], column: NDArray[np.float64]) -> NDArray[np.float64]:
        """Smallest root at which a falling rate has come down to each value; inf where it never does.

        Args:
            fmr: Rates to come down to, above 0. Shape (V,).
            column: `fmr`, `fmr_low` or `fmr_high` of this table.

        Raises:
            ValueError: A rate is not above 0.
        """
        if not (fmr > 0).all():
            raise ValueError(f"rates must be above 0, got {fmr.min()!r}")
        between = np.interp(-np.log(fmr), -np.log(column), self.roots)
        first = np.minimum(np.searchsorted(-column, -fmr), len(column) - 1)
        found = np.where(column[first] == fmr, self.roots[first], between)
        return np.where(fmr < column[-1], np.inf, found)


def table_cells() -> NDArray[np.intp]:
    """Cells of the fine grid that a table keeps: close together where pairs are many, wider beyond."""
    near = np.arange(0, 150, 2)
    middle = np.arange(150, 500, 10)
    far = np.unique(np.geomspace(500, CELLS - 1, 40).astype(np.intp))
    return np.concatenate([near, middle, far]).astype(np.intp)


def make_table(
    *,
    fmr: NDArray[np.float64],
    fmr_low: NDArray[np.float64],
    fmr_high: NDArray[np.float64],
    fnmr: NDArray[np.float64],
    llr: NDArray[np.float64],
    measured_to: int,
) -> CalibrationTable:
    """Take the table's points out of curves on the fine grid; the numbers keep six figures.

    Args:
        fmr: False match rate at the start of each cell. Shape (CELLS,).
        fmr_low: Its lower limit.
        fmr_high: Its upper limit.
        fnmr: False non-match rate at the same places.
        llr: Log-likelihood ratio in each cell.
        measured_to: Cell up to which non-mated pairs were counted.
    """
    cells = table_cells()
    rates = {"fmr": fmr, "fmr_low": fmr_low, "fmr_high": fmr_high}
    kept = {name: np.maximum(_six_figures(column[cells]), SMALLEST_RATE) for name, column in rates.items()}
    return CalibrationTable(
        roots=_six_figures(cells.astype(np.float64) * STEP),
        fnmr=_six_figures(fnmr[cells]),
        llr=_six_figures(llr[cells]),
        measured_to=round(measured_to * STEP, 6),
        **kept,
    )


def _six_figures(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([float(f"{value:.6g}") for value in values.tolist()], dtype=np.float64)
