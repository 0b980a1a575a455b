"""One root for all errors, and messages that say where and what to do."""

from __future__ import annotations

import pickle

import pytest

import biocapil
from biocapil import BiocapilError, FormatError, MissingPart, ModelError, TruncatedRecord, UnsupportedVersion
from biocapil.errors import (
    CardRemoved,
    ChecksumMismatch,
    DeviceBusy,
    DeviceError,
    DeviceLost,
    DeviceNotFound,
    DeviceTimeout,
    IncompatibleTemplates,
    LicenceRefused,
    ModelNotFound,
    ProtocolError,
)


def test_every_error_has_the_one_root() -> None:
    errors = [getattr(biocapil, name) for name in biocapil.__all__]
    classes = [e for e in errors if isinstance(e, type) and issubclass(e, Exception)]
    assert len(classes) == 19
    assert all(issubclass(e, BiocapilError) for e in classes)


@pytest.mark.parametrize(
    ("kind", "root"),
    [
        (TruncatedRecord, FormatError),
        (UnsupportedVersion, FormatError),
        (ModelNotFound, ModelError),
        (ChecksumMismatch, ModelError),
        (LicenceRefused, ModelError),
        (IncompatibleTemplates, ModelError),
        (DeviceLost, DeviceNotFound),
        (DeviceNotFound, DeviceError),
        (DeviceBusy, DeviceError),
        (DeviceTimeout, DeviceError),
        (CardRemoved, DeviceError),
        (ProtocolError, DeviceError),
    ],
)
def test_kinds_can_be_caught_by_their_branch(kind: type[Exception], root: type[Exception]) -> None:
    assert issubclass(kind, root)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ({}, "9 is too large"),
        ({"record": "ISO/IEC 19794-2:2005"}, "ISO/IEC 19794-2:2005: 9 is too large"),
        ({"field": "angle"}, "angle: 9 is too large"),
        ({"offset": 0}, "byte 0: 9 is too large"),
        (
            {"record": "ANSI 378", "field": "angle", "offset": 31},
            "ANSI 378, angle, byte 31: 9 is too large",
        ),
    ],
)
def test_a_format_error_names_record_field_and_byte(place: dict[str, object], message: str) -> None:
    error = TruncatedRecord("9 is too large", **place)
    assert str(error) == message
    assert (error.record, error.field, error.offset) == (
        place.get("record", ""),
        place.get("field", ""),
        place.get("offset"),
    )


def test_a_missing_part_says_how_to_get_it() -> None:
    error = MissingPart("Pillow", extra="extract", purpose="reading PNG files")
    assert str(error) == "reading PNG files needs Pillow: install it with pip install 'biocapil[extract]'"
    assert (error.part, error.extra) == ("Pillow", "extract")


def test_a_format_error_crosses_a_process_border() -> None:
    error = FormatError("short", record="ANSI 378", field="angle", offset=31)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(again), str(again), again.offset) == (FormatError, str(error), 31)


def test_a_device_error_names_the_device_and_its_own_code() -> None:
    error = ProtocolError("the sensor refused", address="zfm+serial:///dev/tty", vendor_code=0x13)
    assert str(error) == "zfm+serial:///dev/tty: the sensor refused (code of the device: 0x13)"
    assert (error.address, error.vendor_code) == ("zfm+serial:///dev/tty", 0x13)
    assert str(DeviceTimeout("silent")) == "silent"
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(again), str(again), again.vendor_code) == (ProtocolError, str(error), 0x13)
