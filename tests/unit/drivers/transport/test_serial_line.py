from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.quickest import quickest_s

from biocapil.capture import CancelToken, Deadline, SystemClock
from biocapil.errors import DeviceBusy, DeviceError, DeviceLost, DeviceNotFound, DeviceTimeout, MissingPart
from biocapil_drivers.emulation import EmulatedLine
from biocapil_drivers.transport import ReadCancelled, SerialLine, find_serial_ports, serial_line

serial = pytest.importorskip("serial", reason="pyserial is not installed: pip install 'biocapil[devices]'")

CLOCK = SystemClock()


def soon(seconds: float = 2.0) -> Deadline:
    return Deadline.after(CLOCK, seconds)


@pytest.fixture
def line() -> Iterator[EmulatedLine]:
    made = EmulatedLine(bits_per_s=115_200, paced=False)
    yield made
    made.close()


@pytest.fixture
def port(line: EmulatedLine) -> Iterator[SerialLine]:
    opened = SerialLine(str(line.path), bits_per_s=115_200, address="here")
    yield opened
    opened.close()


def test_bytes_go_both_ways(line: EmulatedLine, port: SerialLine) -> None:
    port.write(bytes(range(100)), soon())
    got = b""
    while len(got) < 100:
        got += line.receive(1.0)
    assert got == bytes(range(100))
    line.send(b"answer")
    assert port.read(3, soon()) == b"ans"
    port.drain()
    with pytest.raises(DeviceTimeout, match="here: no answer in time"):
        port.read(1, soon(0.05))


def test_two_speeds_make_noise(line: EmulatedLine, port: SerialLine) -> None:
    port.set_speed(9600)
    line.send(b"answer")
    assert port.read(9, soon()) != b"answer"
    line.bits_per_s = 9600
    line.send(b"answer")
    assert port.read(9, soon()) == b"answer"


def test_waiting_can_be_taken_back(port: SerialLine) -> None:
    def take_back() -> None:
        token = CancelToken()
        threading.Timer(0.1, token.cancel).start()
        with pytest.raises(ReadCancelled):
            port.read(1, soon(30), token)

    assert quickest_s(take_back, 0.1 + 0.3) < 0.1 + 0.3


def test_a_port_has_one_owner(line: EmulatedLine, port: SerialLine) -> None:
    with pytest.raises(DeviceBusy, match="another program holds the port"):
        SerialLine(str(line.path), bits_per_s=115_200, address="here")
    port.close()
    SerialLine(str(line.path), bits_per_s=115_200, address="here").close()


def test_a_pulled_plug_is_noticed_by_every_call(line: EmulatedLine, port: SerialLine) -> None:
    line.unplug()
    for use in (
        lambda: port.read(1, soon()),
        lambda: port.write(b"x", soon()),
        port.drain,
        lambda: port.set_speed(9600),
    ):
        with pytest.raises(DeviceLost, match="here: the device has gone"):
            use()
    port.close()
    port.close()


def test_a_closed_port_is_lost(port: SerialLine) -> None:
    port.close()
    with pytest.raises(DeviceLost):
        port.read(1, soon())


def test_writing_ends_at_the_deadline(port: SerialLine) -> None:
    with pytest.raises(DeviceTimeout, match="does not take bytes"):
        port.write(b"x", soon(0))
    with pytest.raises(DeviceTimeout, match="does not take bytes"):
        port.write(bytes(200_000), soon())


def test_where_there_is_no_port_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(DeviceNotFound, match="there is no serial port"):
        SerialLine(str(tmp_path / "none"), bits_per_s=9600, address="")


def test_a_port_that_may_not_be_opened_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise serial.SerialException(13, "Permission denied")

    monkeypatch.setattr(serial, "Serial", refuse)
    with pytest.raises(DeviceError, match="may not open /dev/x; add the user to the group"):
        SerialLine("/dev/x", bits_per_s=9600, address="")


def test_without_pyserial_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "serial", None)
    with pytest.raises(MissingPart, match=r"needs pyserial: .*biocapil\[devices\]"):
        SerialLine("/dev/x", bits_per_s=9600, address="")


def test_ports_are_found_by_their_own_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(serial_line, "BY_ID", tmp_path / "none")
    assert list(find_serial_ports("zfm")) == []
    (tmp_path / "usb-1a86-if00").symlink_to(os.devnull)
    monkeypatch.setattr(serial_line, "BY_ID", tmp_path)
    assert [each.address for each in find_serial_ports("zfm")] == [f"zfm+serial://{tmp_path}/usb-1a86-if00"]
