"""`biocapil device` on a made-up sensor and on the emulated one."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from biocapil.capture import (
    Cancelled,
    CancelToken,
    Capability,
    Captured,
    CaptureReason,
    CaptureRequest,
    CaptureResult,
    Deadline,
    DeviceAddress,
    DeviceInfo,
    DriverInfo,
    Failed,
    FoundDevice,
    Guidance,
    OnEvent,
    Opening,
    Parameter,
    ParameterKind,
    ParameterValue,
    Presentation,
    Preview,
    Progress,
    TimedOut,
    Way,
    registry,
)
from biocapil.cli import device_lines, device_suite
from biocapil.cli.exit_codes import ExitCode
from biocapil.cli.main import main
from biocapil.errors import ProtocolError
from biocapil.formats import read_sample
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import FingerPosition, FingerReason, Modality, ModelId

Output = pytest.CaptureFixture[str]
SAMPLE = CapturedSample(
    pixels=np.arange(64, dtype=np.uint8).reshape(8, 8),
    resolution_ppi=500,
    position=FingerPosition.LEFT_RING,
)
REPORT = QualityReport(score=12, components=(), reasons=(FingerReason.DRY,), model_id=ModelId("made"))


class MadeDevice:
    """Ends as its driver was told to."""

    def __init__(self, driver: MadeDriver, address: DeviceAddress, opening: Opening) -> None:
        self._driver = driver
        self._opening = opening
        self.info = DeviceInfo(
            driver="made", address=str(address), model="Made 1", serial_number="9", capability=driver.able
        )

    def check(self, deadline: Deadline) -> None:
        """There."""

    def configure(self, settings: Any) -> None:
        self._driver.settings = dict(settings)

    def acquire(
        self, request: CaptureRequest, on_event: OnEvent, cancel: CancelToken, deadline: Deadline
    ) -> CaptureResult:
        del cancel
        self._driver.requests.append((request, deadline.remaining_s))
        if self._opening.trace is not None:
            self._opening.trace.put(1.0, Way.IN, b"print", private=True)
        on_event(Guidance(reason=CaptureReason.PLACE_FINGER))
        on_event(Preview(pixels=SAMPLE.pixels, at_s=0.0, sequence=1, quality=3))
        on_event(Progress(done=1, total=2))
        on_event(Guidance(reason=FingerReason.DRY))
        return self._driver.end

    def close(self) -> None:
        self._driver.closed += 1


class MadeDriver:
    """A driver whose devices do as the test says."""

    info = DriverInfo(
        name="made",
        title="Made up",
        transports=("wire",),
        proven_against=("this test",),
        modality=Modality.FINGER,
    )

    def __init__(self) -> None:
        self.end: CaptureResult = Captured(samples=(SAMPLE,))
        self.requests: list[tuple[CaptureRequest, float]] = []
        self.settings: dict[str, ParameterValue] = {}
        self.closed = 0
        self.able: Capability | None = Capability(
            modality=Modality.FINGER,
            presentations=frozenset({Presentation.ONE_FINGER}),
            width_px=8,
            height_px=8,
            bit_depth=8,
            resolution_ppi=500,
            parameters=(
                Parameter(
                    name="gain", meaning="Gain.", kind=ParameterKind.INTEGER, default=1, least=0, most=9
                ),
            ),
        )

    def find(self) -> list[FoundDevice]:
        return [FoundDevice(address="made+wire:1", description="the one", serial_number="9")]

    def open(self, address: DeviceAddress, opening: Opening) -> MadeDevice:
        return MadeDevice(self, address, opening)


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Iterator[MadeDriver]:
    """Registered alone, beside one that cannot be loaded."""
    module = ModuleType("made_driver")
    module.DRIVER = MadeDriver()  # type: ignore[attr-defined] # a module made for this test
    monkeypatch.setitem(sys.modules, "made_driver", module)
    entries = EntryPoints(
        EntryPoint(name, value, registry.GROUP)
        for name, value in (("made", "made_driver:DRIVER"), ("gone", "no_such_module:DRIVER"))
    )
    monkeypatch.setattr(registry, "entry_points", lambda *, group: entries.select(group=group))
    return module.DRIVER


def lines_of(output: Output) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.readouterr().out.splitlines()]


def test_the_list_names_drivers_and_devices(driver: MadeDriver, capsys: Output) -> None:
    del driver
    assert main(["device", "list"]) == ExitCode.DONE
    output = capsys.readouterr()
    gone, made, found = (json.loads(line) for line in output.out.splitlines())
    assert (gone["name"], made["name"], made["problem"]) == ("gone", "made", "")
    assert "No module named 'no_such_module'" in gone["problem"]
    assert made["proven_against"] == ["this test"]
    assert found == {
        "type": "found",
        "address": "made+wire:1",
        "description": "the one",
        "serial_number": "9",
    }
    assert "made+wire:1  the one" in output.err


def test_the_list_says_that_there_is_nothing(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setattr(registry, "entry_points", lambda *, group: EntryPoints(()).select(group=group))
    assert main(["device", "list"]) == ExitCode.DONE
    output = capsys.readouterr()
    assert output.out == ""
    assert "No device is plugged in" in output.err
    assert main(["device", "list", "--json"]) == ExitCode.DONE
    assert capsys.readouterr().err == ""


def test_information_names_what_the_device_can_do(driver: MadeDriver, capsys: Output) -> None:
    assert main(["device", "info", "made+wire:1"]) == ExitCode.DONE
    output = capsys.readouterr()
    line = json.loads(output.out)
    assert (line["identity"], line["capability"]["enrollment_grade"]) == ("made:9", False)
    assert line["capability"]["parameters"][0]["name"] == "gain"
    assert "gain=1 (a whole number from 0 to 9)" in output.err
    driver.able = None
    assert main(["device", "info", "made+wire:1", "--json"]) == ExitCode.DONE
    assert lines_of(capsys)[0]["capability"] is None
    assert driver.closed == 2


def test_a_capture_tells_what_happens_and_keeps_the_sample(
    driver: MadeDriver, capsys: Output, tmp_path: Path
) -> None:
    out = tmp_path / "print.png"
    words = ["--finger", "left ring", "--timeout", "7", "--least-quality", "40", "--set", "gain=3"]
    code = main(["device", "capture", "made+wire:1", "--out", str(out), "--lang", "id", *words])
    assert code == ExitCode.DONE
    output = capsys.readouterr()
    assert [json.loads(line)["type"] for line in output.out.splitlines()] == [
        "guidance",
        "preview",
        "guidance",
        "captured",
    ]
    assert "Silakan tempelkan jari pada sensor." in output.err
    assert "Kulit jari terlalu kering." in output.err
    assert np.array_equal(read_sample(out).pixels, SAMPLE.pixels)
    assert out.stat().st_mode & 0o777 == 0o600
    request, seconds = driver.requests[0]
    assert request.instances[0].position == FingerPosition.LEFT_RING
    assert (request.least_quality, seconds) == (40, pytest.approx(7, abs=1))
    assert (driver.settings, driver.closed) == ({"gain": 3}, 1)


def test_a_face_is_kept_in_its_colours(driver: MadeDriver, tmp_path: Path) -> None:
    pixels = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    driver.end = Captured(samples=(CapturedSample(pixels=pixels, modality=Modality.FACE),))
    out = tmp_path / "face.png"
    assert main(["device", "capture", "made+wire:1", "--out", str(out)]) == ExitCode.DONE
    assert np.array_equal(read_sample(out, modality=Modality.FACE).pixels, pixels)


def test_the_best_sample_of_a_capture_that_timed_out_is_kept(
    driver: MadeDriver, capsys: Output, tmp_path: Path
) -> None:
    driver.end = TimedOut(
        best=(SAMPLE, SAMPLE), reports=(REPORT, REPORT), reason=FingerReason.DRY, attempts=3
    )
    out = tmp_path / "print.png"
    assert main(["device", "capture", "made+wire:1", "--out", str(out)]) == ExitCode.NO
    end = lines_of(capsys)[-1]
    assert (end["type"], end["reason"], end["attempts"]) == ("timed_out", "dry", 3)
    assert (end["samples"][0]["quality"], end["samples"][0]["position"]) == (12, "left_ring")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["print-2.png", "print.png"]


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (TimedOut(), ExitCode.NO),
        (Cancelled(), ExitCode.NO),
        (Failed(error=ProtocolError("noise", vendor_code=7)), ExitCode.DEVICE),
    ],
)
def test_every_end_has_its_exit_code(
    driver: MadeDriver, capsys: Output, tmp_path: Path, end: CaptureResult, code: ExitCode
) -> None:
    driver.end = end
    out = tmp_path / "print.png"
    assert main(["device", "capture", "made+wire:1", "--out", str(out)]) == code
    assert lines_of(capsys)[-1]["type"] == device_lines.ENDS[type(end)]
    assert not out.exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--set", "speed=1"], "no setting 'speed'; there are: gain"),
        (["--set", "gain=99"], "gain must be a whole number from 0 to 9, got 99"),
        (["--finger", "toe"], "'toe' names no finger position"),
    ],
)
def test_wishes_that_make_no_sense_are_refused(
    driver: MadeDriver, capsys: Output, words: list[str], message: str
) -> None:
    assert main(["device", "capture", "made+wire:1", *words]) == ExitCode.USAGE
    assert message in capsys.readouterr().err
    assert driver.requests == []


def test_a_finger_is_asked_only_of_a_fingerprint_scanner(driver: MadeDriver, capsys: Output) -> None:
    driver.able = Capability(
        modality=Modality.FACE,
        presentations=frozenset({Presentation.FACE}),
        width_px=8,
        height_px=8,
        bit_depth=8,
    )
    assert main(["device", "capture", "made+wire:1", "--finger", "1"]) == ExitCode.USAGE
    assert "only of a fingerprint scanner" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["--biometric"]])
def test_a_recorded_trace_holds_prints_only_where_asked(
    driver: MadeDriver, capsys: Output, tmp_path: Path, words: list[str]
) -> None:
    trace = tmp_path / "trace.jsonl"
    assert main(["device", "record", "made+wire:1", str(trace), *words]) == ExitCode.DONE
    header, entry = (json.loads(line) for line in trace.read_text(encoding="utf-8").splitlines())
    assert (header["driver"], header["redacted"]) == ("made", not words)
    assert ("hex" in entry) is bool(words)
    assert trace.stat().st_mode & 0o777 == 0o600
    assert main(["device", "replay", str(trace)]) == ExitCode.DONE
    assert len(driver.requests) == 2
    capsys.readouterr()


def test_watching_tells_the_states(driver: MadeDriver, capsys: Output) -> None:
    assert main(["device", "watch", "made+wire:1", "--seconds", "0.2"]) == ExitCode.DONE
    lines = lines_of(capsys)
    assert [line["state"] for line in lines] == ["ready", "absent"]
    assert lines[0]["identity"] == "made:9"
    assert driver.closed == 1


def test_the_suite_is_run_and_its_failures_are_no(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    class Result:
        seconds = 0.25

        def __init__(self, name: str, problem: str) -> None:
            self.name, self.problem = name, problem

    results = [Result("opens", ""), Result("closes", "it does not")]
    suite: Callable[[DeviceAddress], Iterator[Result]] = lambda _: iter(results)  # noqa: E731 - typed here
    monkeypatch.setattr("biocapil.cli.device.load_suite", lambda: suite)
    assert main(["device", "test", "emulated:made"]) == ExitCode.NO
    output = capsys.readouterr()
    assert json.loads(output.out.splitlines()[1]) == {
        "case": "closes",
        "problem": "it does not",
        "seconds": 0.25,
    }
    assert "failed closes" in output.err
    results.pop()
    assert main(["device", "test", "emulated:made", "--json"]) == ExitCode.DONE
    assert capsys.readouterr().err == ""


def test_a_suite_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setattr(device_suite, "entry_points", lambda **_: ())
    assert main(["device", "test", "emulated:made"]) == ExitCode.USAGE
    assert "biocapil[devices]" in capsys.readouterr().err
    entry = EntryPoint("suite", "builtins:list", device_suite.GROUP)
    monkeypatch.setattr(device_suite, "entry_points", lambda **_: (entry,))
    assert device_suite.load_suite() is list


def test_no_device_is_an_error_of_its_own_kind(driver: MadeDriver, capsys: Output) -> None:
    del driver
    assert main(["device", "info", "other:1"]) == ExitCode.DEVICE
    assert "driver named 'other'; installed: gone, made" in capsys.readouterr().err
    assert main(["device", "info", "nonsense"]) == ExitCode.USAGE
