"""One person before the emulated scanner, from the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from biocapil.capture import (
    CancelToken,
    Captured,
    CaptureRequest,
    Deadline,
    Device,
    DeviceAddress,
    Opening,
    SystemClock,
    ignore_events,
)
from biocapil.cli import capture as command
from biocapil.cli import same_finger
from biocapil.cli.capture import Plan, steps_of
from biocapil.cli.exit_codes import ExitCode
from biocapil.cli.main import run
from biocapil.sample import CapturedSample
from biocapil.vocabulary import Instance, Modality
from biocapil_drivers.scanner import DRIVER


@pytest.fixture(autouse=True)
def _scanner(monkeypatch: pytest.MonkeyPatch) -> None:
    def open_scanner(address: str) -> Device:
        return DRIVER.open(DeviceAddress.parse(address), Opening())

    monkeypatch.setattr(command, "open_device", open_scanner)


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_finger_is_captured_and_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["capture", "emulated:scanner?person=3", "--plan", "fingers", "--finger", "left_index"]
    assert run([*words, "--no-check-same", "--least-quality", "1", "--out", str(tmp_path)]) == ExitCode.DONE
    out, err = capsys.readouterr()
    told = lines(out)
    assert [line["type"] for line in told][:3] == ["step", "attempt", "guidance"]
    assert told[-1]["complete"] is True
    assert told[-1]["samples"][0]["position"] == "left_index"
    assert "Please place the finger on the sensor." in err
    assert (tmp_path / "left_index.png").stat().st_mode & 0o077 == 0


def test_nobody_is_a_no(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["capture", "emulated:scanner?person=", "--plan", "fingers", "--finger", "left_index"]
    assert run([*words, "--no-check-same", "--attempts", "1", "--timeout", "0.2"]) == ExitCode.NO
    told = lines(capsys.readouterr().out)
    assert told[-1]["complete"] is False
    assert told[-2]["outcome"] == "failed"


def test_sentences_come_in_indonesian(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["capture", "emulated:scanner?person=", "--plan", "fingers", "--finger", "2", "--lang", "id"]
    run([*words, "--no-check-same", "--attempts", "1", "--timeout", "0.2"])
    assert "Silakan tempelkan jari pada sensor." in capsys.readouterr().err


def test_plans_take_what_is_missing() -> None:
    assert [step.name for step in steps_of(Plan.SLAPS, ["left_thumb", "right_thumb"], [])] == [
        "right_four_fingers",
        "left_four_fingers",
    ]
    assert [step.name for step in steps_of(Plan.IRISES, ["left_eye"], [])] == ["right_eye"]
    assert [step.name for step in steps_of(Plan.FACE, [], [])] == ["face"]
    assert len(steps_of(Plan.FINGERS, ["right_ring"], [])) == 9
    with pytest.raises(ValueError, match="--plan fingers"):
        steps_of(Plan.SLAPS, [], ["left_index"])


def test_the_same_finger_is_known_again() -> None:
    pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed")
    device = DRIVER.open(DeviceAddress.parse("emulated:scanner?person=3"), Opening())
    same = same_finger.same_finger_check()
    index, middle = (Instance(modality=Modality.FINGER, position=each) for each in (7, 8))
    first, again, other = (shown(device, finger) for finger in (index, index, middle))
    device.close()
    assert same(first, again)
    assert not same(first, other)


def shown(device: Device, finger: Instance) -> CapturedSample:
    request = CaptureRequest(instances=(finger,))
    end = device.acquire(request, ignore_events, CancelToken(), Deadline.after(SystemClock(), 60))
    assert isinstance(end, Captured)
    return end.samples[0]
