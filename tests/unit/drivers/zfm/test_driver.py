"""Sensors by address: emulated, recorded, replayed, and what a trace gives away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.quickest import quickest_s

from biocapil.capture import (
    Cancelled,
    CancelToken,
    Captured,
    CaptureReason,
    CaptureRequest,
    CaptureResult,
    Deadline,
    DeviceAddress,
    Failed,
    Guidance,
    Opening,
    SystemClock,
    TimedOut,
    TraceFile,
    TraceHeader,
    ignore_events,
    read_trace_header,
)
from biocapil.errors import DeviceTimeout, ProtocolError
from biocapil.sample import Origin
from biocapil.vocabulary import FingerPosition, Instance, Modality
from biocapil_drivers.emulation import Fault
from biocapil_drivers.zfm import DRIVER, ZfmDevice
from biocapil_drivers.zfm.bench import SMALL, ZfmBench
from biocapil_drivers.zfm.fingers import SyntheticFingers, touch_of
from biocapil_drivers.zfm.messages import AuraEffect
from biocapil_drivers.zfm.models import model_named, pack_image

pytest.importorskip("serial", reason="pyserial is not installed: pip install 'biocapil[devices]'")

CLOCK = SystemClock()
REQUEST = CaptureRequest()


def opened(address: str, opening: Opening | None = None) -> ZfmDevice:
    return DRIVER.open(DeviceAddress.parse(address), opening or Opening())


def capture(device: ZfmDevice, seconds: float = 10.0, request: CaptureRequest = REQUEST) -> CaptureResult:
    return device.acquire(request, ignore_events, CancelToken(), Deadline.after(CLOCK, seconds))


@pytest.fixture
def bench() -> Iterator[ZfmBench]:
    made = ZfmBench()
    yield made
    made.close()


def recorded(bench: ZfmBench, file: Path, *, redacted: bool, options: str = "") -> CaptureResult:
    """A capture of which a trace was kept."""
    address = DeviceAddress.parse(f"{bench.address.text}{options}")
    with file.open("w", encoding="utf-8") as stream:
        header = TraceHeader(driver="zfm", address=str(address), redacted=redacted)
        device = DRIVER.open(address, Opening(trace=TraceFile(stream, header)))
        result = capture(device)
        device.close()
    return result


def replayed(file: Path) -> CaptureResult:
    header = read_trace_header(file)
    place = replace(
        DeviceAddress.parse(f"replay:{file}"),
        driver=header.driver,
        options=DeviceAddress.parse(header.address).options,
    )
    device = DRIVER.open(place, Opening())
    result = capture(device)
    device.close()
    return result


def test_an_emulated_sensor_says_what_it_is_and_captures() -> None:
    device = opened("emulated:zfm?model=r503&paced=off&finger=1")
    assert (device.info.identity, device.info.model, device.info.firmware) == ("zfm:BIOC0001", "R503", "1.0")
    able = device.info.capability
    assert able is not None
    assert (able.width_px, able.height_px, able.resolution_ppi, able.bit_depth) == (192, 192, 508.0, 4)
    assert not able.enrollment_grade
    finger = Instance(modality=Modality.FINGER, position=FingerPosition.LEFT_THUMB)
    result = capture(device, request=CaptureRequest(instances=(finger,)))
    device.configure({"sensor_check": False})
    device.close()
    assert isinstance(result, Captured)
    sample = result.samples[0]
    assert (sample.position, sample.origin) == (FingerPosition.LEFT_THUMB, Origin.SYNTHETIC)
    assert sample.pixels.shape == (192, 192)


def test_an_emulated_sensor_without_a_finger_waits_for_one() -> None:
    device = opened("emulated:zfm?model=r503&finger=&paced=off")
    told: list[object] = []
    result = device.acquire(REQUEST, told.append, CancelToken(), Deadline.after(CLOCK, 0.3))
    device.close()
    assert result == TimedOut(reason=CaptureReason.PLACE_FINGER)
    assert told == [Guidance(reason=CaptureReason.PLACE_FINGER)]


@pytest.mark.parametrize(
    ("options", "message"), [("finger=x", "finger must be"), ("paced=no", "paced must be")]
)
def test_an_emulated_address_that_makes_no_sense_is_refused(options: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        opened(f"emulated:zfm?{options}")


def test_touches_come_round_again() -> None:
    fingers = SyntheticFingers(width_px=96, height_px=96)
    touches = [fingers() for _ in range(4)]
    assert touches[0] is not None
    assert touches[2] is not None
    assert repr(touches[0]) == "Touch(finger 1, 96x96 px)"
    assert (touches[0].pixels == touches[2].pixels).all()
    fingers.finger = None
    assert fingers() is None


def test_a_whole_trace_replays_to_the_same_sample(bench: ZfmBench, tmp_path: Path) -> None:
    first = recorded(bench, tmp_path / "trace", redacted=False)
    again = replayed(tmp_path / "trace")
    assert isinstance(first, Captured)
    assert isinstance(again, Captured)
    assert (first.samples[0].pixels == again.samples[0].pixels).all()


def stopped_by(trace: Path) -> Exception:
    """What ends a replay: where a byte is missing that came alone, already the opening."""
    try:
        result = replayed(trace)
    except ProtocolError as error:
        return error
    assert isinstance(result, Failed)
    return result.error


def test_a_redacted_trace_holds_no_part_of_the_print(bench: ZfmBench, tmp_path: Path) -> None:
    assert isinstance(recorded(bench, tmp_path / "trace", redacted=True), Captured)
    text = (tmp_path / "trace").read_text(encoding="utf-8")
    image = pack_image(touch_of(1, 1, (SMALL.height_px, SMALL.width_px)))
    pieces = {image[start : start + 12].hex() for start in range(0, len(image), 12)} - {"ff" * 12}
    assert len(pieces) > 100
    assert not [piece for piece in pieces if piece in text]
    assert '"hex": "ef01ffffffff010003010005"' in text  # GET_IMAGE: what is no print is there to be read
    assert "recorded without its" in str(stopped_by(tmp_path / "trace"))


def test_a_password_is_in_no_trace_and_no_text(bench: ZfmBench, tmp_path: Path) -> None:
    bench.emulator.password = 0x0BADC0DE
    options = f"&password={0x0BADC0DE}"
    assert isinstance(recorded(bench, tmp_path / "trace", redacted=True, options=options), Captured)
    text = (tmp_path / "trace").read_text(encoding="utf-8")
    assert "0badc0de" not in text
    assert str(0x0BADC0DE) not in text


def test_a_replay_in_another_order_fails(bench: ZfmBench, tmp_path: Path) -> None:
    recorded(bench, tmp_path / "trace", redacted=False)
    lines = (tmp_path / "trace").read_text(encoding="utf-8").splitlines()
    first, second, *_ = (at for at, line in enumerate(lines) if '"way": "out"' in line)
    (tmp_path / "trace").write_text("\n".join(lines[:first] + lines[second:]), encoding="utf-8")
    with pytest.raises(ProtocolError, match="bytes were sent where the trace holds"):
        replayed(tmp_path / "trace")


def test_a_sensor_that_still_sends_is_there() -> None:
    bench = ZfmBench(bits_per_s=19_200)
    bench.keep_time()
    device = bench.open()
    cancel = CancelToken()
    threading.Timer(0.3, cancel.cancel).start()
    assert isinstance(device.acquire(REQUEST, ignore_events, cancel, Deadline.after(CLOCK, 20)), Cancelled)
    assert device.sensor.link.transferring
    device.check(Deadline.after(CLOCK, 0.2))  # two more seconds of data are to come
    assert device.sensor.link.transferring
    device.close()
    bench.close()


def test_a_sensor_that_never_answers_is_no_person_who_does_not_come(bench: ZfmBench) -> None:
    device = bench.open()
    bench.line.faults.set(Fault.SILENCE)
    result = capture(device, 0.3)
    device.close()
    assert isinstance(result, Failed)
    assert isinstance(result.error, DeviceTimeout)


def test_no_time_is_no_trouble(bench: ZfmBench) -> None:
    device = bench.open()
    assert capture(device, 0.0) == TimedOut()
    device.close()


def test_a_ring_that_cannot_be_put_out_spoils_no_capture(bench: ZfmBench) -> None:
    device = bench.open()
    device.configure({"ring": "red"})
    bench.emulator.dead_ring_after = 1
    result = capture(device)
    device.close()
    assert isinstance(result, Captured)
    assert [ring[0] for ring in bench.emulator.rings] == [AuraEffect.BREATHE]


def test_a_ring_goes_out_when_a_capture_is_taken_back(bench: ZfmBench) -> None:
    bench.present(there=False)
    device = bench.open()
    device.configure({"ring": "red"})

    def take_back() -> None:
        cancel = CancelToken()
        threading.Timer(0.2, cancel.cancel).start()
        end = device.acquire(REQUEST, ignore_events, cancel, Deadline.after(CLOCK, 20))
        assert isinstance(end, Cancelled)

    assert quickest_s(take_back, 0.2 + 0.3) < 0.2 + 0.3
    device.close()
    assert [ring[0] for ring in bench.emulator.rings] == [AuraEffect.BREATHE, AuraEffect.OFF]


def test_a_model_that_nobody_named_is_known_by_the_bytes_of_its_image() -> None:
    plain = ZfmBench(replace(model_named("r503"), product=False))
    device = DRIVER.open(DeviceAddress.parse(plain.address.text.replace("&model=r503", "")), Opening())
    result = capture(device)
    device.close()
    plain.close()
    assert isinstance(result, Captured)
    assert result.samples[0].pixels.shape == (192, 192)
    assert result.samples[0].resolution_ppi == 508.0
    assert device.info.model == "ZFM family"


def test_what_the_sensor_cannot_read_is_told_to_the_person(bench: ZfmBench) -> None:
    device = bench.open()
    bench.blank = True
    told: list[object] = []
    result = device.acquire(REQUEST, told.append, CancelToken(), Deadline.after(CLOCK, 0.3))
    device.close()
    assert result == TimedOut(reason=CaptureReason.TOO_FEW_FEATURES)
    assert told == [Guidance(reason=CaptureReason.TOO_FEW_FEATURES)]
