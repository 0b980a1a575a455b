from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.drivers.sbi.conftest import NOW

from biocapil.errors import ProtocolError
from biocapil.vocabulary import Modality
from biocapil_drivers.sbi import base64url
from biocapil_drivers.sbi.identity import DevelopmentAuthority
from biocapil_drivers.sbi.json_fields import error_of, whole_of
from biocapil_drivers.sbi.messages import (
    ServedDevice,
    capture_request,
    read_devices,
    read_digital_id,
    read_samples,
    stamp,
)
from biocapil_drivers.sbi.service import SbiService
from biocapil_drivers.sbi.trust import TrustAnchors, signed

TRANSACTION = "t-0001"
DATA: dict[str, Any] = {
    "bioType": "Finger",
    "bioSubType": "Left IndexFinger",
    "purpose": "Registration",
    "transactionId": TRANSACTION,
    "deviceCode": "S-77",
    "timestamp": stamp(NOW),
    "qualityScore": "83.0",
    "bioValue": base64url.encode(b"record"),
}


@pytest.fixture
def served(service: SbiService, authority: DevelopmentAuthority) -> ServedDevice:
    body = json.dumps(service.tell()).encode()
    (device,) = read_devices(body, authority.anchors, now=NOW)
    return device


def answer(data: dict[str, Any], authority: DevelopmentAuthority) -> bytes:
    entry = {"data": signed(data, authority.identity), "hash": "ab", "error": {"errorCode": "0"}}
    return json.dumps({"biometrics": [entry]}).encode()


def test_a_service_names_its_device(served: ServedDevice) -> None:
    assert served.digital_id.serial_number == "S-77"
    assert served.digital_id.modality is Modality.FINGER
    assert (served.status, served.certification, served.environment) == ("ready", "L0", "Developer")
    assert served.spec_versions[0] == "0.9.5"


def test_a_sample_is_read(served: ServedDevice, authority: DevelopmentAuthority) -> None:
    body = answer(DATA, authority)
    (record,), error = read_samples(body, authority.anchors, device=served, transaction=TRANSACTION, now=NOW)
    assert (record.record, record.name, record.quality, record.link) == (
        b"record",
        "Left IndexFinger",
        83,
        "AB",
    )
    assert error is None
    assert "record" not in repr(record).replace("CapturedRecord", "")


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"transactionId": "t-0002"}, "another capture"),
        ({"purpose": "Auth"}, "another purpose"),
        ({"deviceCode": "S-78"}, "another device"),
        ({"timestamp": stamp(NOW - timedelta(minutes=6))}, "another time"),
        ({"timestamp": "2026-03-04T05:06:07"}, "another time"),
        ({"timestamp": "yesterday"}, "no time"),
        ({"bioType": "Voice"}, "Finger, Face or Iris"),
        ({"bioValue": "??"}, "no base64"),
    ],
)
def test_a_sample_of_something_else_is_refused(
    served: ServedDevice, authority: DevelopmentAuthority, change: dict[str, str], match: str
) -> None:
    body = answer(DATA | change, authority)
    with pytest.raises(ProtocolError, match=match):
        read_samples(body, authority.anchors, device=served, transaction=TRANSACTION, now=NOW)


def test_an_error_stands_in_the_place_of_a_sample(
    served: ServedDevice, authority: DevelopmentAuthority
) -> None:
    entry = {"error": {"errorCode": "101", "errorInfo": "x" * 999}, "data": None}
    body = json.dumps({"biometrics": [entry]}).encode()
    records, error = read_samples(body, authority.anchors, device=served, transaction=TRANSACTION, now=NOW)
    assert records == ()
    assert error is not None
    assert (error.code, len(error.words)) == (101, 200)


def test_a_service_that_shows_only_errors_has_no_device(authority: DevelopmentAuthority) -> None:
    body = json.dumps(
        [{"deviceInfo": "", "error": {"errorCode": 100, "errorInfo": "not registered"}}]
    ).encode()
    with pytest.raises(ProtocolError, match="not registered") as caught:
        read_devices(body, authority.anchors, now=NOW)
    assert caught.value.vendor_code == 100


def test_unsigned_information_is_no_information(authority: DevelopmentAuthority) -> None:
    body = json.dumps([{"deviceInfo": {"deviceId": "1"}, "error": None}]).encode()
    with pytest.raises(ProtocolError):
        read_devices(body, authority.anchors, now=NOW)


def test_slab_means_slap() -> None:
    found = read_digital_id({"type": "Finger", "serialNo": 5, "subType": "Slab"})
    assert (found.sub_type, found.serial_number) == ("slap", "5")
    with pytest.raises(ProtocolError, match="serialNo"):
        read_digital_id({"type": "Finger"})


def test_a_request_is_in_the_words_of_the_interface(served: ServedDevice) -> None:
    body = capture_request(
        replace(served, spec_versions=()),
        transaction=TRANSACTION,
        timeout_ms=1500,
        now=NOW,
        sub_id="1",
        names=["Left IndexFinger"],
        missing=["Left RingFinger"],
        count=1,
        score=60,
        previous="",
    )
    assert body["timeout"] == "1500"
    assert body["captureTime"] == "2026-03-04T05:06:07Z"
    assert body["specVersion"] == "0.9.5"
    assert isinstance(body["bio"], list)
    assert body["bio"][0]["exception"] == ["Left RingFinger"]


def test_numbers_come_as_text_too() -> None:
    assert [whole_of({"a": value}, "a") for value in (7, "7", "7.0", " 7 ")] == [7, 7, 7, 7]
    assert [whole_of({"a": value}, "a") for value in ("", "x", None, True, "1e999")] == [None] * 5
    assert error_of({"error": None}) == (0, "")
    with pytest.raises(ProtocolError):
        error_of({"error": "broken"})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["deviceInfo", "error", "errorCode", "biometrics", "data", "hash"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@pytest.mark.soak
@given(JSON | st.binary(max_size=30))
def test_any_answer_is_read_or_a_protocol_error(body: object) -> None:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    nobody = TrustAnchors(certificates=())
    identity = read_digital_id({"type": "Finger", "serialNo": "1"})
    device = ServedDevice(
        digital_id=identity, device_id="1", code="", sub_ids=(), status="", certification="", environment="",
        firmware="", spec_versions=(), base_url="",
    )  # fmt: skip
    for read in (
        lambda: read_devices(data, nobody, now=NOW),
        lambda: read_samples(data, nobody, device=device, transaction=TRANSACTION, now=NOW),
    ):
        try:
            read()
        except ProtocolError:
            continue
