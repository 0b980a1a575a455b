from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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
from biocapil.capture.cards import CardContents, CardRequest
from biocapil.errors import CardRemoved, DeviceError, DeviceTimeout, ProtocolError
from biocapil_drivers.emrtd import APPLICATION
from biocapil_drivers.emrtd.emulator import EmulatedDocument
from biocapil_drivers.emrtd.invented import ACCESS, invented_document
from biocapil_drivers.emulation import EmulatedLine, Fault, Served
from biocapil_drivers.iso7816.file_card import FileCard
from biocapil_drivers.pn532.codec import SIGNS, Frame, FrameReader, Sign
from biocapil_drivers.pn532.driver import BITS_PER_S, DRIVER
from biocapil_drivers.pn532.emulator import NUMBER, Pn532Emulator
from biocapil_drivers.pn532.messages import answer_to_reset_of, firmware_of, target_of
from biocapil_drivers.pn532.reader import Pn532Card, Pn532Reader

pytest.importorskip("serial", reason="pyserial is not installed: pip install 'biocapil[devices]'")

CLOCK = SystemClock()
PLUGS = 1_000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 10
SELECT = bytes.fromhex("00a4000002 0101")


class EchoCard:
    """Answers with what it was sent."""

    answer_to_reset = b"\x3b\x00"

    def power_up(self) -> None: ...

    def answer(self, command: bytes) -> bytes:
        return command * 3 + b"\x90\x00"


class Bench:
    """A reader on an emulated line."""

    def __init__(self) -> None:
        self.line = EmulatedLine(bits_per_s=BITS_PER_S, paced=False)
        self.chip = Pn532Emulator(self.line, FileCard({(b"\x01\x01",): b"\x61\x03abc"}))
        self.served = Served(self.line, self.chip)

    def open(self, timeout_s: float = 2.0) -> Pn532Reader:
        address = DeviceAddress.parse(f"pn532+serial://{self.line.path}")
        return DRIVER.open(address, Opening(timeout_s=timeout_s))


@pytest.fixture
def bench() -> Iterator[Bench]:
    found = Bench()
    yield found
    found.served.close()


def soon(seconds: float = 2.0) -> Deadline:
    return Deadline.after(CLOCK, seconds)


def held(reader: Pn532Reader) -> Pn532Card:
    card = reader.connect(CancelToken(), soon())
    assert card is not None
    return card


@pytest.mark.parametrize("kind", ["A", "B"])
def test_cards_of_both_types_are_read(bench: Bench, kind: str) -> None:
    bench.chip.kind = kind
    reader = bench.open()
    assert (reader.info.model, reader.info.firmware) == ("PN532", "1.6")
    assert reader.card_present(soon())
    card = held(reader)
    assert card.transmit(SELECT, soon()) == b"\x90\x00"
    assert card.answer_to_reset[0] == 0x3B
    reader.close()
    reader.close()


def test_long_commands_and_answers_take_several_frames(bench: Bench) -> None:
    bench.chip.card = EchoCard()
    reader = bench.open()
    command = bytes(index % 251 for index in range(600))
    assert held(reader).transmit(command, soon()) == command * 3 + b"\x90\x00"
    reader.close()


def test_a_travel_document_is_read_through_it(bench: Bench) -> None:
    bench.chip.card = EmulatedDocument(invented_document())
    reader = bench.open()
    request = CardRequest(personal=True, portrait=True, secrets={"mrz": ACCESS})
    contents = APPLICATION.read(held(reader), request, soon(10.0))
    assert isinstance(contents, CardContents)
    assert contents.portrait is not None
    reader.close()


def test_a_card_that_was_taken_away_is_told(bench: Bench) -> None:
    reader = bench.open()
    card = held(reader)
    bench.chip.card = None
    assert not reader.card_present(soon())
    with pytest.raises(CardRemoved):
        card.transmit(SELECT, soon())
    card.close()
    with pytest.raises(CardRemoved, match="let go"):
        card.transmit(SELECT, soon())
    assert not reader.card_present(soon())
    assert reader.connect(CancelToken(), soon(0.0)) is None
    reader.close()


def test_waiting_is_taken_back_at_once(bench: Bench) -> None:
    bench.chip.card = None
    reader = bench.open()

    def take_back() -> None:
        token = CancelToken()
        threading.Timer(0.1, token.cancel).start()
        assert reader.connect(token, soon(30.0)) is None

    assert quickest_s(take_back, 0.1 + 0.3) < 0.1 + 0.3
    reader.close()


@pytest.mark.parametrize("fault", list(Fault))
def test_faults_of_the_line_are_lived_through(bench: Bench, fault: Fault) -> None:
    reader = bench.open()
    card = held(reader)
    bench.line.faults.set(fault, frames=1)
    with contextlib.suppress(DeviceError):
        assert card.transmit(SELECT, soon(0.6)) in {b"\x90\x00", b"\x6d\x00"}
    bench.line.faults.clear()
    reader.check(soon())
    assert held(reader).transmit(SELECT, soon()) == b"\x90\x00"
    reader.close()


def test_a_silent_reader_costs_its_deadline(bench: Bench) -> None:
    bench.line.faults.set(Fault.SILENCE)

    def wait() -> None:
        with pytest.raises(DeviceTimeout):
            bench.open(0.5)

    assert quickest_s(wait, 1.5) < 1.5


@pytest.mark.soak
def test_a_reader_that_was_pulled_out_is_lost_and_comes_back(bench: Bench) -> None:
    rng = np.random.default_rng(3)
    patience = Patience(first_rest_s=0.005, longest_rest_s=0.01, heartbeat_s=0.05)
    supervisor = Supervisor(bench.open, is_there=bench.line.path.exists, patience=patience)
    before, files = set(threading.enumerate()), open_files()
    supervisor.start()
    for _ in range(PLUGS):
        timer = threading.Timer(float(rng.uniform(0.0, 0.03)), bench.line.unplug)
        timer.start()
        with (
            contextlib.suppress(DeviceError),
            supervisor.borrowed(CancelToken(), soon(0.5)) as reader,
        ):
            card = reader.connect(CancelToken(), soon(1.0)) if isinstance(reader, Pn532Reader) else None
            while card is not None:  # until the plug is pulled
                card.transmit(SELECT, soon(0.5))
        timer.join()
        bench.line.plug()
    with supervisor.borrowed(CancelToken(), soon(5.0)) as reader:
        assert isinstance(reader, Pn532Reader)
        assert held(reader).transmit(SELECT, soon()) == b"\x90\x00"
    assert supervisor.wait_for(DeviceState.READY, 1.0)
    supervisor.stop()
    assert set(threading.enumerate()) <= before
    assert files_beyond(files) == 0


@settings(max_examples=80)
@given(st.lists(st.one_of(st.binary(min_size=1, max_size=265), st.sampled_from(Sign)), max_size=6), st.data())
def test_what_was_written_is_read_in_any_pieces(things: list[bytes | Sign], data: st.DataObject) -> None:
    wanted = [each if isinstance(each, Sign) else Frame(content=each) for each in things]
    stream = b"".join(SIGNS[each] if isinstance(each, Sign) else each.encode() for each in wanted)
    reader, found, place = FrameReader(), [], 0
    while place < len(stream):
        step = data.draw(st.integers(1, 400))
        found += reader.feed(stream[place : place + step])
        place += step
    assert found == wanted
    assert reader.bad_sums == 0


@settings(max_examples=150)
@given(st.lists(st.binary(max_size=80), max_size=12))
def test_noise_is_skipped_and_never_held(pieces: list[bytes]) -> None:
    reader = FrameReader()
    for piece in pieces:
        list(reader.feed(piece))
        assert len(reader._buffer) <= 265 + 9 + 80
    list(reader.feed(bytes(300)))
    assert list(reader.feed(Frame(content=b"\xd5\x03").encode()))[-1] == Frame(content=b"\xd5\x03")


@settings(max_examples=150)
@given(st.binary(max_size=40), st.sampled_from(["A", "B"]))
def test_any_description_of_a_card_is_one_or_a_protocol_error(answer: bytes, kind: str) -> None:
    try:
        target = target_of(answer, kind)
    except ProtocolError:
        return
    assert target is None or answer_to_reset_of(target)[0] == 0x3B


def test_other_chips_are_refused() -> None:
    with pytest.raises(ProtocolError, match="no PN532"):
        firmware_of(b"\x07\x01\x06\x07")


@pytest.mark.parametrize("address", ["pn532+serial:///dev/null?baud=1", "emulated:pn532"])
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(ValueError, match="is reached by"):
        DRIVER.open(DeviceAddress.parse(address), Opening())


def test_adafruits_client_reads_the_emulator(bench: Bench) -> None:
    """A client that shares no line with ours: the emulator is not only what our driver expects."""
    uart = pytest.importorskip(
        "adafruit_pn532.uart", reason="adafruit-circuitpython-pn532 is not installed", exc_type=ImportError
    )
    import serial  # noqa: PLC0415 - skipped above where it is absent

    with serial.Serial(str(bench.line.path), BITS_PER_S, timeout=0.5) as port:
        client = uart.PN532_UART(port, debug=False)
        assert tuple(client.firmware_version) == (0x32, 1, 6, 7)
        client.SAM_configuration()
        assert bytes(client.read_passive_target(timeout=1.0)) == NUMBER
