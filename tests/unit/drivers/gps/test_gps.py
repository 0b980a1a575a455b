"""Satellite navigation: sentences, positions, a receiver on an emulated line."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np
import pytest

from biocapil.capture import (
    CancelToken,
    Deadline,
    DeviceAddress,
    DeviceInfo,
    ManualClock,
    Opening,
    SystemClock,
)
from biocapil.errors import DeviceLost, DeviceTimeout, ProtocolError
from biocapil_drivers.emulation import EmulatedLine
from biocapil_drivers.gps import DRIVER
from biocapil_drivers.gps.emulator import GpsEmulator
from biocapil_drivers.gps.fix import fix_of
from biocapil_drivers.gps.receiver import GpsReceiver
from biocapil_drivers.gps.sentences import MOST_BYTES, Sentence, SentenceReader, sentence_of

pytest.importorskip("serial", reason="pyserial is not installed: pip install 'biocapil[devices]'")

MANUAL = b"$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47"
CASES = 1_000_000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 2_000
CLOCK = SystemClock()


class Noise:
    """A line that brings only noise."""

    def read(self, *_: object, **__: object) -> bytes:
        return b"\xa5" * 100

    def write(self, *_: object, **__: object) -> None: ...

    def drain(self) -> None: ...

    def set_speed(self, bits_per_s: int) -> None: ...

    def close(self) -> None: ...


def soon(seconds: float = 5.0) -> Deadline:
    return Deadline.after(CLOCK, seconds)


def opened(line: EmulatedLine, timeout_s: float = 5.0) -> GpsReceiver:
    return DRIVER.open(DeviceAddress.parse(f"gps+serial://{line.path}"), Opening(timeout_s=timeout_s))


@pytest.fixture
def line() -> Iterator[EmulatedLine]:
    found = EmulatedLine(bits_per_s=9_600, paced=False)
    yield found
    found.close()


@pytest.fixture
def emulator(line: EmulatedLine) -> Iterator[GpsEmulator]:
    found = GpsEmulator(line, rate_hz=50)
    yield found
    found.close()


def test_the_sentence_of_the_manuals_is_read() -> None:
    sentence = sentence_of(MANUAL)
    assert sentence is not None
    assert sentence.encode() == MANUAL + b"\r\n"
    fix = fix_of(sentence)
    assert fix is not None
    assert fix.latitude_deg == pytest.approx(48.1173)
    assert fix.longitude_deg == pytest.approx(11 + 31 / 60)
    assert (fix.altitude_m, fix.satellites, fix.hdop, fix.time_utc) == (545.4, 8, 0.9, "123519")
    assert "48" not in repr(fix)
    assert "4807" not in repr(sentence)


@pytest.mark.parametrize(
    ("place", "changed"),
    [(1, "4860.000"), (1, "9107.038"), (2, "X"), (2, ""), (3, "18131.000"), (5, "0"), (0, "253519"), (6, "")],
)
def test_what_cannot_be_a_position_is_none(place: int, changed: str) -> None:
    sentence = sentence_of(MANUAL)
    assert sentence is not None
    fields = list(sentence.fields)
    fields[place] = changed
    assert fix_of(Sentence(talker="GP", kind="GGA", fields=tuple(fields))) is None


def test_a_changed_byte_is_never_read_as_a_sentence() -> None:
    for place in range(1, len(MANUAL)):
        damaged = MANUAL[:place] + bytes((MANUAL[place] ^ 1,)) + MANUAL[place + 1 :]
        assert sentence_of(damaged) is None


@pytest.mark.soak
def test_no_bytes_crash_the_reader_or_stay_in_it() -> None:
    rng, reader = np.random.default_rng(5), SentenceReader()
    for case in range(CASES):
        data = rng.bytes(int(rng.integers(0, 200)))
        if case % 2:
            touched = bytearray(MANUAL + b"\r\n")
            touched[int(rng.integers(0, len(touched)))] = int(rng.integers(0, 256))
            data = bytes(touched)
        for sentence in reader.feed(data):
            fix_of(sentence)
    assert list(reader.feed(b"\n" + MANUAL + b"\n"))
    assert not list(reader.feed(b"x" * (MOST_BYTES + 1)))
    assert reader.damaged


def test_a_receiver_says_where_it_is(emulator: GpsEmulator) -> None:
    receiver = opened(emulator.line)
    fix = receiver.fix(CancelToken(), soon())
    assert fix is not None
    assert (fix.latitude_deg, fix.longitude_deg) == pytest.approx((-6.0, 106.825))
    receiver.close()
    receiver.close()


def test_without_satellites_there_is_no_position(emulator: GpsEmulator) -> None:
    emulator.has_fix = False
    receiver = opened(emulator.line)
    assert receiver.fix(CancelToken(), soon(2.0)) is None
    token = CancelToken()
    token.cancel()
    assert receiver.fix(token, soon()) is None
    receiver.close()


def test_a_receiver_that_was_unplugged_is_lost(emulator: GpsEmulator) -> None:
    receiver = opened(emulator.line)
    emulator.line.unplug()
    with pytest.raises(DeviceLost):
        receiver.check(soon())
    receiver.close()


def test_a_silent_line_and_one_of_another_kind_are_told_apart(line: EmulatedLine) -> None:
    with pytest.raises(DeviceTimeout):
        opened(line, timeout_s=0.1)
    receiver = GpsReceiver(Noise(), DeviceInfo(driver="gps", address="gps:noise", model="noise"))
    with pytest.raises(ProtocolError, match="not NMEA 0183"):
        receiver.check(soon(0.05))


@pytest.mark.parametrize("address", ["gps+tcp://x", "gps+serial:///dev/x?baud=7", "gps+serial:///dev/x?a=1"])
def test_addresses_that_make_no_sense_are_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"receiver is reached|baud must be"):
        DRIVER.open(DeviceAddress.parse(address), Opening())


class TornLine(Noise):
    """A line that brings a sentence without a position, then half of one while the time runs out."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.reads = 0

    def read(self, *_: object, **__: object) -> bytes:
        self.reads += 1
        if self.reads == 1:
            return Sentence(
                talker="GP", kind="GGA", fields=("123519", "", "", "", "", "0", *([""] * 8))
            ).encode()
        self.clock.advance(2.0)
        return b"$GPGGA,1235"


def test_half_a_sentence_at_the_end_does_not_make_the_line_unsound() -> None:
    clock = ManualClock()
    receiver = GpsReceiver(TornLine(clock), DeviceInfo(driver="gps", address="gps:torn", model="torn"))
    assert receiver.fix(CancelToken(), Deadline.after(clock, 1.0)) is None
