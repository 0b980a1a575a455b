from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from biocapil.capture import (
    find_devices,
    find_driver,
    list_drivers,
    open_device,
    open_peripheral,
    registry,
    resolve,
)
from biocapil.capture.registry import GROUP
from biocapil.errors import DeviceError, DeviceNotFound, FormatError

GOOD = """
from biocapil.capture import DeviceInfo, DriverInfo, FoundDevice

class Thing:
    def __init__(self, address):
        self.info = DeviceInfo(driver="good", address=str(address), model="Thing")
        self.closed = 0
    def check(self, deadline): pass
    def close(self):
        self.closed += 1

class Driver:
    info = DriverInfo(name="good", title="A thing", transports=("wire",), proven_against=("this test",))
    opened = []
    def find(self):
        return [FoundDevice(address="good+wire:1", description="the one")]
    def open(self, address, opening):
        self.opened.append(Thing(address))
        return self.opened[-1]

DRIVER = Driver()
"""
Register = Callable[..., None]


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Register:
    """Replace the installed entry points; modules are found in tmp_path."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "good_driver.py").write_text(GOOD, encoding="utf-8")
    (tmp_path / "broken_driver.py").write_text("import no_such_part", encoding="utf-8")
    (tmp_path / "angry_driver.py").write_text("raise OSError('no rights')", encoding="utf-8")

    def replace(*pairs: tuple[str, str]) -> None:
        entries = EntryPoints(EntryPoint(name, value, GROUP) for name, value in pairs)
        monkeypatch.setattr(registry, "entry_points", lambda *, group: entries.select(group=group))
        for name in ("good_driver", "broken_driver", "angry_driver"):
            monkeypatch.delitem(sys.modules, name, raising=False)

    return replace


def test_a_broken_driver_is_a_diagnosis_and_hides_no_other(register: Register) -> None:
    register(
        ("good", "good_driver:DRIVER"), ("bad", "broken_driver:DRIVER"), ("angry", "angry_driver:DRIVER")
    )
    listed = {each.name: each for each in list_drivers()}
    assert listed["good"].problem == ""
    assert listed["good"].info is not None
    assert "cannot be loaded: ModuleNotFoundError: No module named 'no_such_part'" in listed["bad"].problem
    assert "OSError: no rights" in listed["angry"].problem
    search = find_devices()
    assert [each.address for each in search.found] == ["good+wire:1"]
    assert [name for name, _ in search.problems] == ["angry", "bad"]


def test_a_driver_that_cannot_look_hides_no_other(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(("good", "good_driver:DRIVER"))

    def broken(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(find_driver("good")), "find", broken)
    assert find_devices().problems == (("good", "ZeroDivisionError"),)


def test_a_trace_of_no_address_is_refused(register: Register, tmp_path: Path) -> None:
    register(("good", "good_driver:DRIVER"))
    trace = tmp_path / "trace.jsonl"
    trace.write_text('{"trace": 1, "driver": "good", "address": "x", "redacted": true}', encoding="utf-8")
    with pytest.raises(FormatError, match="line 1: 'x' is no address"):
        open_peripheral(f"replay:{trace}")


def test_nothing_is_loaded_before_it_is_asked_for(register: Register) -> None:
    register(("good", "good_driver:DRIVER"), ("bad", "broken_driver:DRIVER"))
    assert find_driver("good").info.title == "A thing"
    assert "broken_driver" not in sys.modules


def test_two_drivers_of_one_name_are_an_error(register: Register) -> None:
    register(("good", "good_driver:DRIVER"), ("good", "other:DRIVER"))
    with pytest.raises(DeviceError, match="registered more than once: good_driver:DRIVER, other:DRIVER"):
        find_driver("good")
    assert {each.problem for each in list_drivers()} == {"registered more than once"}


def test_a_driver_that_is_not_there_is_named(register: Register) -> None:
    register(("good", "good_driver:DRIVER"))
    with pytest.raises(DeviceNotFound, match=r"named .other.; installed: good"):
        find_driver("other")


def test_a_driver_under_a_foreign_name_is_refused(register: Register) -> None:
    register(("mine", "good_driver:DRIVER"))
    with pytest.raises(DeviceError, match="calls itself 'good'"):
        find_driver("mine")


def test_an_address_leads_to_an_open_device(register: Register) -> None:
    register(("good", "good_driver:DRIVER"))
    assert open_peripheral("good+wire:1").info.identity == "good+wire:1"
    with pytest.raises(ValueError, match="reaches its devices by wire, not by 'smoke'"):
        open_peripheral("good+smoke:1")


def test_what_captures_nothing_is_no_capture_device(register: Register) -> None:
    register(("good", "good_driver:DRIVER"))
    with pytest.raises(DeviceError, match=r"good\+wire:1: this device captures nothing"):
        open_device("good+wire:1")
    assert sys.modules["good_driver"].DRIVER.opened[-1].closed == 1


def test_a_trace_leads_to_the_driver_that_it_names(register: Register, tmp_path: Path) -> None:
    register(("good", "good_driver:DRIVER"))
    trace = tmp_path / "trace.jsonl"
    line = {"trace": 1, "driver": "good", "address": "good+wire:1", "redacted": True}
    trace.write_text(json.dumps(line), encoding="utf-8")
    assert resolve(f"replay:{trace}").driver == "good"
    assert open_peripheral(f"replay:{trace}").info.driver == "good"
    trace.write_text("{}", encoding="utf-8")
    with pytest.raises(FormatError, match="line 1 must hold"):
        open_peripheral(f"replay:{trace}")
