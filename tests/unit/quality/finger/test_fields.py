import json
from importlib.resources import files

import numpy as np
import pytest

from biocapil.errors import ModelError, UnsupportedVersion
from biocapil.quality.finger.fields import FILE, read_fields, shipped_fields
from biocapil.quality.finger.ghost import CELL_FEATURES
from biocapil.quality.finger.placing import PLACE_FEATURES

DATA = files("biocapil.quality.finger").joinpath(FILE).read_bytes()


def test_the_shipped_networks_read_what_is_measured() -> None:
    fields = shipped_fields()
    assert fields.ghost.run(np.zeros((3, CELL_FEATURES), np.float32)).shape == (3, 1)
    assert fields.place.run(np.zeros((3, PLACE_FEATURES), np.float32)).shape == (3, 2)


def test_the_digest_changes_with_the_numbers() -> None:
    parts = json.loads(DATA)
    parts["ghost"]["centre"][0] += 1
    assert (
        read_fields(json.dumps(parts).encode()).digest != shipped_fields().digest == read_fields(DATA).digest
    )


def test_another_schema_is_refused() -> None:
    with pytest.raises(UnsupportedVersion, match="'other/9' is unknown"):
        read_fields(b'{"schema": "other/9"}')


@pytest.mark.parametrize("data", [b"no json", b"[]", b'{"schema": "biocapil/finger_fields/1"}', b"\xff\xfe"])
def test_a_damaged_file_is_refused(data: bytes) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        read_fields(data)


def test_a_scale_that_does_not_fit_its_network_is_refused() -> None:
    parts = json.loads(DATA)
    del parts["place"]["spread"][0]
    with pytest.raises(ModelError, match=f"{PLACE_FEATURES} middles and {PLACE_FEATURES - 1} spreads"):
        read_fields(json.dumps(parts).encode())
