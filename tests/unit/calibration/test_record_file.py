"""A record comes back as it was written; nothing else is taken, and no text breaks the reader."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.calibration import (
    Calibration,
    FittedSet,
    calibration_from_json,
    calibration_to_json,
    read_calibration,
)
from biocapil.calibration.record_file import MAX_BYTES, SCHEMA, _checksum, identify
from biocapil.errors import BiocapilError, ChecksumMismatch, FormatError, UnsupportedVersion

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def text(fitted: Calibration) -> str:
    return calibration_to_json(fitted)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("records") / "mine.calibration.json"


def resealed(text: str, change: Callable[[dict[str, Any]], object]) -> str:
    """Record with other content whose checksum is right, as somebody with bad intent would write it."""
    fields = json.loads(text)
    fields.pop("sha256")
    change(fields)
    return json.dumps({**fields, "sha256": _checksum(fields)}, indent=1) + "\n"


def test_a_record_comes_back_with_the_same_name_and_the_same_text(fitted: Calibration, text: str) -> None:
    back = calibration_from_json(text)
    assert back.calibration_id == fitted.calibration_id
    assert calibration_to_json(back) == text
    for column in fitted.table.columns():
        np.testing.assert_array_equal(getattr(back.table, column), getattr(fitted.table, column))
    assert (back.units, back.dependence, back.fitted_on) == (
        fitted.units,
        fitted.dependence,
        fitted.fitted_on,
    )
    assert back.table.measured_to == fitted.table.measured_to


@given(
    dataset=st.text(max_size=20),
    numbers=st.tuples(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**12)),
    dependence=st.floats(0, 1) | st.sampled_from([0, 1]),
    units=st.tuples(*[st.floats(0.01, 9)] * 4) | st.just((1, 1, 1, 1)),
)
def test_every_calibration_comes_back(
    fitted: Calibration,
    dataset: str,
    numbers: tuple[int, int, int],
    dependence: float,
    units: tuple[float, ...],
) -> None:
    subjects, mated, nonmated = numbers
    made = identify(
        model_id=fitted.model_id,
        comparator=fitted.comparator,
        modality=fitted.modality,
        units=units,
        table=fitted.table,
        dependence=dependence,
        fitted_on=(FittedSet(dataset=dataset, subjects=subjects, mated=mated, nonmated=nonmated),),
    )
    back = calibration_from_json(calibration_to_json(made))
    assert back.calibration_id == made.calibration_id
    assert back.fitted_on == made.fitted_on


def test_every_number_changes_the_name(fitted: Calibration) -> None:
    parts = {
        "model_id": fitted.model_id,
        "comparator": fitted.comparator,
        "modality": fitted.modality,
        "units": fitted.units,
        "table": fitted.table,
        "dependence": fitted.dependence,
        "fitted_on": fitted.fitted_on,
    }
    changes = {
        "units": (1.0, 1.0, 1.0, 1.0000001),
        "dependence": fitted.dependence + 1e-9,
        "table": replace(fitted.table, measured_to=fitted.table.measured_to - 1e-9),
        "fitted_on": (*fitted.fitted_on, *fitted.fitted_on),
        "comparator": "test/2",
    }
    names = {identify(**{**parts, name: value}).calibration_id for name, value in changes.items()}
    assert len(names | {fitted.calibration_id}) == len(changes) + 1


def test_the_name_tells_the_model_and_the_comparator(fitted: Calibration) -> None:
    assert fitted.calibration_id.startswith("model+test1@")
    assert len(fitted.calibration_id.partition("@")[2]) == 12


@settings(max_examples=300)
@given(st.data())
def test_a_record_with_any_byte_changed_is_refused(file: Path, text: str, data: st.DataObject) -> None:
    content = bytearray(text.encode())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    file.write_bytes(content)
    with pytest.raises(BiocapilError):
        read_calibration(file)


@settings(max_examples=100)
@given(st.data())
def test_a_record_with_bytes_lost_added_or_moved_is_refused(
    file: Path, text: str, data: st.DataObject
) -> None:
    content = text.encode()
    first, second = sorted(data.draw(st.tuples(*[st.integers(0, len(content))] * 2)))
    inserted = data.draw(st.binary(max_size=4))
    changed = content[:first] + inserted + content[second:]
    if changed == content:
        return
    file.write_bytes(changed)
    with pytest.raises(BiocapilError):
        read_calibration(file)


@settings(max_examples=200)
@given(data=st.data(), value=anything)
def test_a_sealed_record_with_other_content_is_read_or_refused_but_never_breaks_the_reader(
    text: str, data: st.DataObject, value: object
) -> None:
    names = st.sampled_from(sorted(json.loads(text)))
    inner = st.sampled_from(["fmr", "fmr_low", "fmr_high", "fnmr", "llr", "roots"])

    def change(fields: dict[str, Any]) -> None:
        name = data.draw(names)
        if name == "table" and data.draw(st.booleans()):
            fields["table"][data.draw(inner)] = value
        elif name == "fitted_on" and data.draw(st.booleans()):
            fields["fitted_on"][0][data.draw(st.sampled_from(["dataset", "mated"]))] = value
        else:
            fields[name] = value

    changed = resealed(text, change)
    with contextlib.suppress(BiocapilError):
        assert calibration_to_json(calibration_from_json(changed)) == changed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dependence", float("nan")),
        ("dependence", 10**400),
        ("dependence", "0.1"),
        ("dependence", True),
        ("dependence", 2.0),
        ("measured_to", float("nan")),
        ("measured_to", 1e9),
        ("units", "1111"),
        ("units", [1, 1, 1, 1]),
        ("units", [1.0, 1.0, 1.0]),
        ("units", None),
        ("modality", "gait"),
        ("modality", []),
        ("model_id", 5),
        ("size_bands", [0]),
        ("table", {}),
        ("table", []),
        ("fitted_on", [{}]),
        ("fitted_on", [{"dataset": "", "subjects": -1, "mated": 0, "nonmated": 0}]),
        ("fitted_on", [{"dataset": "", "subjects": 1.5, "mated": 0, "nonmated": 0}]),
        ("fitted_on", [{"dataset": "", "subjects": 1, "mated": 0, "nonmated": 0, "more": 0}]),
        ("more", 1),
    ],
)
def test_sealed_content_that_is_no_calibration_is_refused(text: str, name: str, value: object) -> None:
    with pytest.raises(FormatError, match=r"^calibration"):
        calibration_from_json(resealed(text, lambda fields: fields.__setitem__(name, value)))


@pytest.mark.parametrize("column", ["fmr", "fmr_low", "fmr_high", "fnmr", "llr", "roots"])
@pytest.mark.parametrize(
    "value", [[], [1.0], [[1.0]], [[1.0], [1.0, 2.0]], None, "1", [10**400] * 3, [None] * 3, 5]
)
def test_a_sealed_column_that_is_none_is_refused(text: str, column: str, value: object) -> None:
    with pytest.raises(FormatError, match="no sound calibration"):
        calibration_from_json(resealed(text, lambda fields: fields["table"].__setitem__(column, value)))


def test_another_version_is_refused_by_name(text: str) -> None:
    other = text.replace(SCHEMA, "biocapil/calibration/2")
    with pytest.raises(UnsupportedVersion, match=r"'biocapil/calibration/2', this version reads"):
        calibration_from_json(other)
    long = resealed(text, lambda fields: fields.__setitem__("schema", "x" * 10_000))
    with pytest.raises(UnsupportedVersion) as caught:
        calibration_from_json(long)
    assert len(str(caught.value)) < 200


def test_a_wrong_checksum_is_told_apart(text: str) -> None:
    with pytest.raises(ChecksumMismatch, match="fetch or fit the record anew"):
        calibration_from_json(text.replace('"dependence": 0.1', '"dependence": 0.2'))
    unsealed = json.loads(text)
    del unsealed["sha256"]
    with pytest.raises(ChecksumMismatch):
        calibration_from_json(json.dumps(unsealed))


def test_the_same_content_written_otherwise_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match="not as a calibration is written"):
        calibration_from_json(json.dumps(json.loads(text)))
    with pytest.raises(FormatError, match="not as a calibration is written"):
        calibration_from_json(text + "\n")


@pytest.mark.parametrize(
    "other",
    ["", "{", "[]", "1", "null", "NaN", '{"schema": NaN}', "[" * 100_000, '{"a":' * 5000, "1" * 5000],
)
def test_text_that_is_no_record_is_refused(other: str) -> None:
    with pytest.raises(FormatError, match=r"^here"):
        calibration_from_json(other, name="here")


def test_a_truncated_file_is_refused(file: Path, text: str) -> None:
    for share in (0.0, 0.1, 0.5, 0.9, 0.999):
        file.write_text(text[: int(len(text) * share)])
        with pytest.raises(FormatError, match=r"mine\.calibration\.json is no JSON"):
            read_calibration(file)


def test_a_file_is_read_as_it_was_written(file: Path, fitted: Calibration, text: str) -> None:
    file.write_text(text)
    assert read_calibration(file).calibration_id == fitted.calibration_id


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"absent\.json cannot be read: No such file"):
        read_calibration(tmp_path / "absent.json")
    with pytest.raises(FormatError, match="cannot be read"):
        read_calibration(tmp_path)


def test_a_file_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="larger than 1,000,000 bytes"):
        read_calibration(Path("/dev/zero"))
    large = tmp_path / "large.json"
    large.write_bytes(b" " * (MAX_BYTES + 1))
    with pytest.raises(FormatError, match="larger than"):
        read_calibration(large)


def test_bytes_that_are_no_text_are_refused(file: Path) -> None:
    file.write_bytes(b'{"schema": "\xff"}')
    with pytest.raises(FormatError, match="no UTF-8 text: byte 12"):
        read_calibration(file)
