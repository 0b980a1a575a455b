"""The calibration that lies in a model's folder."""

from __future__ import annotations

from pathlib import Path

from biocapil.calibration.calibration import Calibration
from biocapil.calibration.record_file import read_calibration
from biocapil.errors import ModelNotFound
from biocapil.extraction import DEFAULT_MODELS, find_folder
from biocapil.vocabulary import Modality

FILE = "calibration.json"


def model_calibration(
    name: str | Path | None = None, *, modality: Modality = Modality.FINGER, iris_code: str | None = None
) -> Calibration:
    """Calibration that came with a model.

    Args:
        name: Name of a registered model, or the folder of your own as a `Path`; None takes the modality's
            own of `DEFAULT_MODELS`.
        modality: What its samples are of.
        iris_code: Size of iris code as the model's manifest names it; None for the first. Codes of two sizes
            have calibrations of their own: ``calibration.json`` and ``calibration_<size>.json``.

    Raises:
        ModelNotFound: No installed package registers the name, or no calibration lies in its folder.
        FormatError: The record is not sound.
    """
    chosen = DEFAULT_MODELS[modality] if name is None else name
    folder = chosen if isinstance(chosen, Path) else find_folder(chosen)
    path = folder / (FILE if iris_code is None else f"{Path(FILE).stem}_{iris_code}.json")
    if not path.is_file():
        raise ModelNotFound(
            f"no {path.name} lies in the folder of model {folder.name}: its scores mean nothing yet; "
            "make one on your own samples with `biocapil calibrate`"
        )
    return read_calibration(path)
