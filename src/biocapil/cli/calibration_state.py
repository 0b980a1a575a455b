"""Whether the scores of each registered model mean something: the calibrations that came with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from biocapil.calibration import model_calibration
from biocapil.comparison import COMPARATOR
from biocapil.errors import BiocapilError
from biocapil.extraction import ListedModel


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationState:
    """The calibration of one model.

    Attributes:
        model: Name of the model.
        calibration_id: Its calibration; empty where there is none that fits.
        problem: Why there is none; empty where there is.
    """

    model: str
    calibration_id: str
    problem: str


def read_calibrations(models: Iterable[ListedModel]) -> tuple[CalibrationState, ...]:
    """Calibration of every usable model, held against the model and the comparison that run here."""
    return tuple(_read(model) for model in models if not model.problem)


def _read(model: ListedModel) -> CalibrationState:
    try:
        found = model_calibration(model.name)
        if model.manifest is not None:
            found.require(model.manifest.model_id, COMPARATOR)
    except BiocapilError as error:
        return CalibrationState(model=model.name, calibration_id="", problem=str(error))
    return CalibrationState(model=model.name, calibration_id=found.calibration_id, problem="")
