"""The driver on the real PC/SC service with its virtual reader: only the cards are ours."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

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
from biocapil.capture.cards import Authenticity, CardContents, CardRequest
from biocapil.errors import CardRemoved, DeviceBusy, DeviceLost, DeviceNotFound, DeviceTimeout
from biocapil_drivers.emrtd import APPLICATION
from biocapil_drivers.emrtd.emulator import EmulatedDocument
from biocapil_drivers.emrtd.invented import ACCESS, invented_document
from biocapil_drivers.emulation.pcsc_service import READER, PcscService, why_not
from biocapil_drivers.emulation.virtual_reader import InsertedCard
from biocapil_drivers.iso7816.file_card import FileCard
from biocapil_drivers.pcsc import DRIVER, PcscReader

pytest.importorskip("smartcard", reason="pyscard is not installed: pip install 'biocapil[cards]'")
pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "never")

CLOCK = SystemClock()
ADDRESS = DeviceAddress.parse(f"pcsc:///{READER.replace(' ', '%20')}%2000%2000")
SELECT = bytes.fromhex("00a4000002 0101")
MOST_MS = 1.0
"""Bar for one round trip."""


def card() -> FileCard:
    return FileCard({(b"\x01\x01",): b"\x61\x03abc"})


def opened() -> PcscReader:
    return DRIVER.open(ADDRESS, Opening(timeout_s=5.0))


def opened_empty() -> PcscReader:
    """The reader, once the service has noticed that the card of the test before is gone."""
    reader, end = opened(), soon()
    while reader.card_present(soon()) and not end.passed:
        time.sleep(0.02)
    return reader


def soon(seconds: float = 5.0) -> Deadline:
    return Deadline.after(CLOCK, seconds)


@pytest.fixture(scope="module")
def service() -> Iterator[PcscService]:
    try:
        found = PcscService()
    except DeviceBusy as error:
        pytest.skip(str(error))
    yield found
    found.close()


def test_the_readers_of_the_service_are_found(service: PcscService) -> None:
    del service
    assert [found.address for found in DRIVER.find()] == [str(ADDRESS), str(ADDRESS)[:-2] + "01"]


def test_a_card_answers_within_a_millisecond(service: PcscService) -> None:
    reader = opened_empty()
    inserted = InsertedCard(card(), port=service.port)
    found = reader.connect(CancelToken(), soon())
    assert found is not None
    assert found.answer_to_reset == card().answer_to_reset
    times_ms: list[float] = []
    for _ in range(200):
        begun = time.perf_counter()
        assert found.transmit(SELECT, soon()) == b"\x90\x00"
        times_ms.append(1000 * (time.perf_counter() - begun))
    assert statistics.median(times_ms) <= MOST_MS
    reader.close()
    inserted.remove()


def test_a_card_that_is_pulled_is_told_and_the_next_one_works(service: PcscService) -> None:
    reader = opened_empty()
    inserted = InsertedCard(card(), port=service.port)
    found = reader.connect(CancelToken(), soon())
    assert found is not None
    inserted.remove()
    with pytest.raises(CardRemoved):
        found.transmit(SELECT, soon())
    inserted = InsertedCard(card(), port=service.port)
    again = reader.connect(CancelToken(), soon())
    assert again is not None
    assert again.transmit(SELECT, soon()) == b"\x90\x00"
    other = opened()
    with pytest.raises(DeviceBusy):
        other.connect(CancelToken(), soon())
    other.close()
    reader.close()
    inserted.remove()


def test_a_restart_of_the_service_is_lived_through(service: PcscService) -> None:
    before = set(threading.enumerate())
    patience = Patience(heartbeat_s=0.05, first_rest_s=0.05, longest_rest_s=0.1)
    supervisor = Supervisor(opened, patience=patience)
    supervisor.start()
    assert supervisor.wait_for(DeviceState.READY, 5.0)
    service.stop()
    assert supervisor.wait_for(DeviceState.REOPENING, 5.0)
    with pytest.raises((DeviceLost, DeviceNotFound)):
        opened()
    service.start()
    assert supervisor.wait_for(DeviceState.READY, 5.0)
    inserted = InsertedCard(card(), port=service.port)
    with supervisor.borrowed(CancelToken(), soon()) as reader:
        assert isinstance(reader, PcscReader)
        found = reader.connect(CancelToken(), soon())
        assert found is not None
        assert found.transmit(SELECT, soon()) == b"\x90\x00"
    supervisor.stop()
    inserted.remove()
    assert set(threading.enumerate()) <= before


def test_a_travel_document_is_read_over_the_real_service(service: PcscService) -> None:
    document = invented_document()
    inserted = InsertedCard(EmulatedDocument(document), port=service.port)
    reader = opened()
    found = reader.connect(CancelToken(), soon())
    assert found is not None
    request = CardRequest(
        personal=True,
        portrait=True,
        secrets={"mrz": ACCESS},
        authorities=(document.authority,),
        now=datetime(2026, 11, 24, tzinfo=UTC),
    )
    contents = APPLICATION.read(found, request, soon(20.0))
    assert isinstance(contents, CardContents)
    assert contents.authenticity is Authenticity.VERIFIED
    assert contents.portrait is not None
    reader.close()
    inserted.remove()


def test_a_service_that_is_stopped_costs_its_deadline_and_no_more(service: PcscService) -> None:
    reader = opened()
    service.pause()
    begun = time.monotonic()
    try:
        with pytest.raises(DeviceTimeout, match="does not answer"):
            reader.check(soon(0.2))
        reader.close()
        assert time.monotonic() - begun < 1.0
    finally:
        service.resume()
