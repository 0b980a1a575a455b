"""What was recorded is replayed strictly: the same answers to the same bytes, and to no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from biocapil.capture import (
    CancelToken,
    Deadline,
    ManualClock,
    TraceFile,
    TraceHeader,
)
from biocapil.errors import DeviceTimeout, ProtocolError
from biocapil_drivers.transport import ReadCancelled, RecordedTransport, ReplayedTransport

CLOCK = ManualClock()
DEADLINE = Deadline.after(CLOCK, 1.0)


class Canned:
    """Answers from a list; None for silence."""

    def __init__(self, *answers: bytes | None) -> None:
        self.answers = list(answers)
        self.log: list[object] = []

    def read(
        self, limit: int, deadline: Deadline, cancel: CancelToken | None = None, *, private: bool = False
    ) -> bytes:
        del limit, deadline, cancel, private
        answer = self.answers.pop(0)
        if answer is None:
            raise DeviceTimeout("silent")
        return answer

    def write(self, data: bytes, deadline: Deadline, *, private: bool = False) -> None:
        del deadline, private
        self.log.append(data)

    def drain(self) -> None:
        self.log.append("drain")

    def set_speed(self, bits_per_s: int) -> None:
        self.log.append(bits_per_s)

    def close(self) -> None:
        self.log.append("close")


def record(file: Path, *, redacted: bool = False) -> Canned:
    canned = Canned(b"hello", None, b"print")
    with file.open("w", encoding="utf-8") as stream:
        trace = TraceFile(stream, TraceHeader(driver="zfm", address="emulated:zfm", redacted=redacted))
        line = RecordedTransport(canned, trace, CLOCK)
        line.set_speed(9600)
        line.write(b"who", DEADLINE)
        assert line.read(9, DEADLINE) == b"hello"
        line.write(b"more", DEADLINE)
        with pytest.raises(DeviceTimeout):
            line.read(9, DEADLINE)
        line.drain()
        line.write(b"more", DEADLINE)
        assert line.read(9, DEADLINE, private=True) == b"print"
        line.close()
    return canned


def test_recording_passes_everything_on(tmp_path: Path) -> None:
    assert record(tmp_path / "trace").log == [9600, b"who", b"more", "drain", b"more", "close"]


def test_a_replay_answers_as_it_was_answered(tmp_path: Path) -> None:
    record(tmp_path / "trace")
    line = ReplayedTransport(tmp_path / "trace")
    line.set_speed(9600)
    line.write(b"who", DEADLINE)
    assert (line.read(2, DEADLINE), line.read(9, DEADLINE)) == (b"he", b"llo")
    line.write(b"more", DEADLINE)
    with pytest.raises(DeviceTimeout, match="nothing came then either"):
        line.read(9, DEADLINE)
    line.drain()
    line.write(b"more", DEADLINE)
    assert not line.finished
    assert line.read(9, DEADLINE, private=True) == b"print"
    assert line.finished
    line.close()
    with pytest.raises(DeviceTimeout, match="no answer here"):
        line.read(9, DEADLINE)
    with pytest.raises(ProtocolError, match=r"5 bytes were sent where the trace holds nothing \(line 8\)"):
        line.write(b"again", DEADLINE)


def test_a_replay_refuses_other_bytes(tmp_path: Path) -> None:
    record(tmp_path / "trace")
    line = ReplayedTransport(tmp_path / "trace")
    with pytest.raises(ProtocolError, match=r"3 bytes were sent where .* holds 3 other bytes \(line 2\)"):
        line.write(b"You", DEADLINE)


def test_what_was_left_out_cannot_be_replayed(tmp_path: Path) -> None:
    record(tmp_path / "trace", redacted=True)
    line = ReplayedTransport(tmp_path / "trace")
    line.write(b"who", DEADLINE)
    line.read(9, DEADLINE)
    line.write(b"more", DEADLINE)
    with pytest.raises(DeviceTimeout):
        line.read(9, DEADLINE)
    line.write(b"more", DEADLINE)
    with pytest.raises(ProtocolError, match="line 7 of the trace was recorded without its 5 biometric bytes"):
        line.read(9, DEADLINE)


def test_a_replay_can_be_taken_back(tmp_path: Path) -> None:
    record(tmp_path / "trace")
    token = CancelToken()
    token.cancel()
    with pytest.raises(ReadCancelled):
        ReplayedTransport(tmp_path / "trace").read(1, DEADLINE, token)
