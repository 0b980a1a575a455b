from __future__ import annotations

import pytest

from biocapil.capture import DeviceAddress


def test_an_address_is_taken_apart() -> None:
    place = DeviceAddress.parse("zfm+serial:///dev/serial/by-id/usb-1a86%20x?baud=57600")
    assert (place.driver, place.transport, place.path) == ("zfm", "serial", "/dev/serial/by-id/usb-1a86 x")
    assert dict(place.options) == {"baud": "57600"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("zfm+serial:///dev/x?password=77&baud=9600", "zfm+serial:///dev/x?password=***&baud=9600"),
        ("zfm+serial:///dev/x?baud=9600&password=77", "zfm+serial:///dev/x?baud=9600&password=***"),
        ("camera+rtsp://user:secret@10.0.0.1:554/a", "camera+rtsp://user:***@10.0.0.1:554/a"),
        ("camera+rtsp://10.0.0.1:554/a", "camera+rtsp://10.0.0.1:554/a"),
    ],
)
def test_passwords_are_not_shown(text: str, shown: str) -> None:
    place = DeviceAddress.parse(text)
    assert str(place) == shown
    assert "77" not in repr(place)
    assert "secret" not in repr(place)
    assert place.text == text


def test_a_network_address_has_host_and_port() -> None:
    place = DeviceAddress.parse("sbi+http://127.0.0.1:4501/2")
    assert (place.driver, place.transport, place.host, place.port, place.path) == (
        "sbi",
        "http",
        "127.0.0.1",
        4501,
        "/2",
    )


def test_a_driver_with_one_way_names_no_transport() -> None:
    place = DeviceAddress.parse("pcsc:///Reader%200")
    assert (place.driver, place.transport, place.path) == ("pcsc", "", "/Reader 0")


def test_an_emulated_address_names_the_driver() -> None:
    place = DeviceAddress.parse("emulated:zfm?model=r503&finger=")
    assert (place.driver, place.transport, place.path) == ("zfm", "emulated", "")
    assert dict(place.options) == {"model": "r503", "finger": ""}


def test_a_trace_names_its_driver_itself() -> None:
    place = DeviceAddress.parse("replay:a%20b/trace.jsonl")
    assert (place.driver, place.transport, place.path) == ("", "replay", "a b/trace.jsonl")


@pytest.mark.parametrize(
    "text", ["", "zfm", "zfm:", ":x", "/dev/ttyUSB0", "zfm+:x", "Zfm+serial:///x", "+serial:x", "a b:x"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no address of a device; write DRIVER"):
        DeviceAddress.parse(text)


def test_emulated_without_a_driver_is_refused() -> None:
    with pytest.raises(ValueError, match="names no driver to emulate"):
        DeviceAddress.parse("emulated:?model=r503")
