"""The line keeps the time of a real one, and does wrong what it is told to."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from tests.unit.quickest import quickest_s

from biocapil_drivers.emulation import EmulatedLine, Fault, Faults, Served
from biocapil_drivers.emulation.faults import GARBAGE

FRAME = bytes(range(1, 21))


@pytest.fixture
def line() -> Iterator[EmulatedLine]:
    made = EmulatedLine(bits_per_s=115_200)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("fault", "sent"),
    [
        (Fault.SILENCE, b""),
        (Fault.GARBAGE, GARBAGE + FRAME),
        (Fault.BAD_CHECKSUM, FRAME[:-1] + bytes([FRAME[-1] ^ 0x5A])),
        (Fault.TRUNCATED, FRAME[:10]),
        (Fault.DUPLICATED, FRAME * 2),
    ],
)
def test_a_fault_harms_the_frames_that_it_was_set_for(fault: Fault, sent: bytes) -> None:
    faults = Faults()
    faults.set(fault, frames=1, after=1)
    assert [faults.applied(FRAME)[0] for _ in range(3)] == [FRAME, sent, FRAME]
    faults.set(fault)
    assert [faults.applied(FRAME)[0] for _ in range(3)] == [sent] * 3
    faults.clear()
    assert faults.applied(FRAME) == (FRAME, False)


def test_the_plug_is_pulled_at_the_byte_that_was_named() -> None:
    faults = Faults()
    faults.unplug_after(25)
    assert [faults.applied(FRAME) for _ in range(3)] == [(FRAME, False), (FRAME[:5], True), (FRAME, False)]


def test_bytes_take_their_time(line: EmulatedLine) -> None:
    begun = time.monotonic()
    line.send(bytes(1152))
    took = time.monotonic() - begun
    assert took >= 0.099  # 11,520 bits at 115,200 bit/s
    line.paced = False
    assert quickest_s(lambda: line.send(bytes(576)), took / 2) < took / 2


def test_a_line_can_be_unplugged_and_plugged_in_under_one_name(line: EmulatedLine) -> None:
    before = line.path.readlink()
    line.plug()
    assert (line.path.readlink(), line.plugs) == (before, 1)
    line.unplug()
    line.unplug()
    assert not line.path.is_symlink()
    assert line.receive(0.01) == b""
    line.send(b"to nobody")
    line.plug()
    assert line.path.is_symlink()
    assert line.plugs == 2


def test_what_breaks_an_emulator_is_told(line: EmulatedLine) -> None:
    class Broken:
        def take(self, data: bytes) -> None:
            raise AssertionError(data)

        def power_up(self) -> None:
            raise ZeroDivisionError("broken emulator")

    served = Served(line, Broken())
    with pytest.raises(ZeroDivisionError, match="broken emulator"):
        served.close()
    served.close()
