"""A calibration that claims nothing beyond what was counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from biocapil.calibration.calibration import Calibration
from biocapil.calibration.record_file import identify


def counted_only(calibration: Calibration) -> Calibration:
    """The same calibration with evidence that stops growing where counting stopped.

    No comparison then rests on the fitted tail. Certainty that one finger cannot give has to come from
    more fingers.

    Returns:
        Another calibration, with a name of its own.
    """
    table = calibration.table
    last_counted = int(np.flatnonzero(table.roots <= table.measured_to)[-1])
    most = float(table.llr[last_counted])
    return identify(
        model_id=calibration.model_id,
        comparator=calibration.comparator,
        modality=calibration.modality,
        units=calibration.units,
        table=replace(table, llr=np.minimum(table.llr, most)),
        dependence=calibration.dependence,
        fitted_on=calibration.fitted_on,
    )
