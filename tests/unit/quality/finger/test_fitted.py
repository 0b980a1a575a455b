import json
from dataclasses import replace
from importlib.resources import files

import pytest

from biocapil.errors import ModelError, UnsupportedVersion
from biocapil.quality import measure_finger
from biocapil.quality.finger.assess import UPRIGHT
from biocapil.quality.finger.fields import shipped_fields
from biocapil.quality.finger.fitted import FILE, read_fit, shipped_fit
from biocapil.quality.finger.upright import FEATURES
from biocapil.synthesis import make_impression, make_master
from biocapil.vocabulary import FingerReason

DATA = files("biocapil.quality.finger").joinpath(FILE).read_bytes()


def test_the_shipped_fit_knows_every_reason_and_every_measure() -> None:
    fit = shipped_fit()
    measured = measure_finger(make_impression(make_master(1), 2))
    assert fit.order == tuple(FingerReason)
    assert fit.measures == (*measured.measures, UPRIGHT)
    assert fit.upright[0].weights.shape[0] == FEATURES == len(measured.flow)
    assert fit.reasons[0].weights.shape[0] == fit.utility[0].weights.shape[0] == len(fit.measures)
    assert fit.scale[0] < fit.scale[1]
    assert {each.measure for each in fit.components} <= set(fit.measures)


def test_the_name_changes_with_the_numbers() -> None:
    parts = json.loads(DATA)
    parts["limit"] = 3.5
    assert read_fit(json.dumps(parts).encode()).model_id != shipped_fit().model_id
    assert read_fit(DATA).model_id == shipped_fit().model_id


def test_another_schema_is_refused() -> None:
    with pytest.raises(UnsupportedVersion, match="'other/9' is unknown"):
        read_fit(b'{"schema": "other/9"}')


@pytest.mark.parametrize("data", [b"no json", b"[]", b'{"schema": "biocapil/finger_quality/1"}', b"\xff\xfe"])
def test_a_damaged_file_is_refused(data: bytes) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        read_fit(data)


def test_a_fit_to_measures_of_other_fields_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    other = replace(shipped_fields(), digest="0" * 12)
    monkeypatch.setattr("biocapil.quality.finger.fitted.shipped_fields", lambda: other)
    with pytest.raises(ModelError, match="was fitted to measures by fields"):
        shipped_fit.__wrapped__()
