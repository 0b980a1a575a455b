"""Readers and cards that come and go, on the service of software: the same reader code as on the real one."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest
from tests.unit.left_over import files_beyond, open_files
from tests.unit.quickest import quickest_s

from biocapil.capture import (
    CancelToken,
    Deadline,
    DeviceAddress,
    DeviceState,
    Opening,
    Patience,
    Supervisor,
    SystemClock,
)
from biocapil.errors import CardRemoved, DeviceBusy, DeviceLost, DeviceNotFound, DeviceTimeout
from biocapil_drivers.iso7816.file_card import FileCard
from biocapil_drivers.pcsc import MemoryService, PcscReader
from biocapil_drivers.pcsc.driver import DRIVER, open_reader

CLOCK = SystemClock()
EVENTS = 5_000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 200
NAME = "Reader of a test"
SELECT = bytes.fromhex("00a4000002 0101")


def card() -> FileCard:
    return FileCard({(b"\x01\x01",): b"\x61\x03abc"})


def opened(service: MemoryService) -> PcscReader:
    address = DeviceAddress.parse("pcsc:///Reader%20of%20a%20test")
    return open_reader(NAME, lambda: service, address, Opening(timeout_s=2.0))


def soon(seconds: float = 2.0) -> Deadline:
    return Deadline.after(CLOCK, seconds)


@pytest.fixture
def service() -> MemoryService:
    return MemoryService(NAME)


@pytest.fixture
def reader(service: MemoryService) -> Iterator[PcscReader]:
    found = opened(service)
    yield found
    found.close()
    found.close()


def test_a_card_is_waited_for(service: MemoryService, reader: PcscReader) -> None:
    assert not reader.card_present(soon())
    timer = threading.Timer(0.1, partial(service.insert, NAME, card()))
    timer.start()
    found = reader.connect(CancelToken(), soon())
    timer.join()
    assert found is not None
    assert found.transmit(SELECT, soon()) == b"\x90\x00"
    assert reader.card_present(soon())


def test_no_card_in_time_is_none(reader: PcscReader) -> None:
    assert reader.connect(CancelToken(), soon(0.0)) is None


def test_waiting_is_taken_back_at_once(reader: PcscReader) -> None:
    def take_back() -> None:
        token = CancelToken()
        threading.Timer(0.1, token.cancel).start()
        assert reader.connect(token, soon(30.0)) is None

    assert quickest_s(take_back, 0.1 + 0.3) < 0.1 + 0.3


def test_a_card_that_was_taken_away_is_told(service: MemoryService, reader: PcscReader) -> None:
    service.insert(NAME, card())
    found = reader.connect(CancelToken(), soon())
    assert found is not None
    service.remove(NAME)
    with pytest.raises(CardRemoved):
        found.transmit(SELECT, soon())
    service.insert(NAME, card())
    with pytest.raises(CardRemoved):
        found.transmit(SELECT, soon())
    again = reader.connect(CancelToken(), soon())
    assert again is not None
    assert again.transmit(SELECT, soon()) == b"\x90\x00"


def test_a_card_has_one_owner(service: MemoryService, reader: PcscReader) -> None:
    service.insert(NAME, card())
    held = reader.connect(CancelToken(), soon())
    other = opened(service)
    with pytest.raises(DeviceBusy):
        other.connect(CancelToken(), soon())
    assert held is not None
    held.close()
    held.close()
    assert other.connect(CancelToken(), soon()) is not None
    other.close()


def test_a_reader_that_was_pulled_out_is_lost(service: MemoryService, reader: PcscReader) -> None:
    service.unplug(NAME)
    with pytest.raises(DeviceLost):
        reader.check(soon())
    with pytest.raises(DeviceNotFound, match="there are: none"):
        opened(service)


def test_a_closed_reader_is_lost(service: MemoryService) -> None:
    reader = opened(service)
    reader.close()
    with pytest.raises(DeviceLost, match="closed"):
        reader.check(soon())


def test_a_service_that_hangs_costs_its_deadline_and_no_more(service: MemoryService) -> None:
    reader = opened(service)
    service.answering.clear()
    begun = time.monotonic()
    with pytest.raises(DeviceTimeout, match="does not answer"):
        reader.check(soon(0.1))
    with pytest.raises(DeviceTimeout, match="an earlier call"):
        reader.check(soon(0.1))
    reader.close()
    assert time.monotonic() - begun < 10
    service.answering.set()


@pytest.mark.soak
def test_readers_come_and_go_and_cards_work_again_without_a_restart() -> None:
    """Random events at random moments; threads and file descriptors before = after."""
    service, rng = MemoryService(NAME), np.random.default_rng(7)
    before, files = set(threading.enumerate()), open_files()
    patience = Patience(first_rest_s=0.001, longest_rest_s=0.002, look_s=0.001, heartbeat_s=0.002)
    supervisor = Supervisor(partial(opened, service), patience=patience)
    supervisor.start()
    cancel = CancelToken()
    for _ in range(EVENTS):
        match rng.integers(5):
            case 0:
                service.unplug(NAME)
            case 1:
                service.running.clear()
            case 2:
                service.insert(NAME, card()) if NAME in service._cards else service.plug(NAME)
            case 3:
                service.plug(NAME)
            case _:
                time.sleep(rng.random() * 0.004)
        if rng.random() < 0.5:
            try:
                with supervisor.borrowed(cancel, soon(0.0)) as found:
                    if isinstance(found, PcscReader) and (held := found.connect(cancel, soon(0.0))):
                        held.transmit(SELECT, soon())
                        held.close()
            except (DeviceLost, CardRemoved):
                pass
        service.running.set()
    service.plug(NAME)
    service.insert(NAME, card())
    with supervisor.borrowed(cancel, soon(5.0)) as found:
        assert isinstance(found, PcscReader)
        held = found.connect(cancel, soon())
        assert held is not None
        assert held.transmit(SELECT, soon()) == b"\x90\x00"
    assert supervisor.state is DeviceState.READY
    supervisor.stop()
    assert set(threading.enumerate()) <= before
    assert files_beyond(files) == 0


def test_a_borrowed_device_that_breaks_is_opened_again(service: MemoryService) -> None:
    supervisor = Supervisor(partial(opened, service), patience=Patience(first_rest_s=0.001))
    supervisor.start()
    with pytest.raises(DeviceLost), supervisor.borrowed(CancelToken(), soon()):
        raise DeviceLost("gone")
    with supervisor.borrowed(CancelToken(), soon()) as found:
        assert found is not None
    with pytest.raises(CardRemoved), supervisor.borrowed(CancelToken(), soon()):
        raise CardRemoved("taken")
    assert supervisor.state is DeviceState.READY
    supervisor.stop()
    with supervisor.borrowed(CancelToken(), soon()) as found:
        assert found is None


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("pcsc://Reader", "names no reader"),
        ("pcsc:///Reader?baud=1", "no options"),
        ("emulated:pcsc?baud=1", "no option baud"),
        ("emulated:pcsc?holder=x", "holder must be a whole number"),
        ("emulated:pcsc?holder=123456789", "at most 8 digits"),
        ("replay:x", "cannot be replayed"),
    ],
)
def test_addresses_of_no_reader_are_refused(address: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        DRIVER.open(DeviceAddress.parse(address), Opening())


def test_an_emulated_reader_may_be_empty() -> None:
    reader = DRIVER.open(DeviceAddress.parse("emulated:pcsc?card="), Opening())
    assert not reader.card_present(soon())
    assert reader.info.capability is None
    reader.close()
