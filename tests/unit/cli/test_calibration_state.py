from __future__ import annotations

from dataclasses import replace

import pytest

from biocapil.cli.calibration_state import read_calibrations
from biocapil.cli.installation import read_models
from biocapil.comparison import COMPARATOR


@pytest.mark.parametrize("model", ["leader", "sidik"])
def test_each_shipped_model_has_a_calibration_that_fits_it(model: str) -> None:
    (state,) = (each for each in read_calibrations(read_models()) if each.model == model)
    assert state.calibration_id.startswith(f"{model}+{COMPARATOR.replace('/', '')}@")
    assert state.problem == ""


def test_a_model_with_other_weights_has_none_that_fits() -> None:
    leader = next(model for model in read_models() if model.name == "leader")
    assert leader.manifest is not None
    changed = replace(leader, manifest=replace(leader.manifest, sha256="0" * 64))
    (state,) = read_calibrations([changed])
    assert state.calibration_id == ""
    assert "speaks of templates of leader@" in state.problem


def test_a_model_that_cannot_be_used_is_not_asked() -> None:
    assert read_calibrations([replace(read_models()[0], problem="broken")]) == ()


def test_a_model_whose_manifest_is_unknown_is_told_by_its_record() -> None:
    (state,) = read_calibrations([replace(read_models()[0], manifest=None)])
    assert state.problem == ""
