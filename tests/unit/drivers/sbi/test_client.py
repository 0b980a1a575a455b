"""Client against our own service on loopback, and against answers that were made wrong."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from tests.unit.drivers.sbi.conftest import NOW, ShowingDevice, now

from biocapil.capture import (
    CancelToken,
    Captured,
    CaptureEvent,
    CaptureReason,
    CaptureRequest,
    CaptureResult,
    Deadline,
    Device,
    DeviceAddress,
    Failed,
    Guidance,
    Opening,
    Presentation,
    Preview,
    SecurityLevel,
    SystemClock,
    TimedOut,
    open_device,
)
from biocapil.errors import DeviceLost, DeviceNotFound, ProtocolError
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample, Origin
from biocapil.vocabulary import EyePosition, FingerPosition, Hand, Instance, Modality, ModelId
from biocapil_drivers.sbi import DRIVER, opening
from biocapil_drivers.sbi.identity import DevelopmentAuthority
from biocapil_drivers.sbi.opening import Place, open_at
from biocapil_drivers.sbi.server import SbiServer
from biocapil_drivers.sbi.service import SbiService

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "time_of_day", now)


def client_of(port: int, authority: DevelopmentAuthority) -> Device:
    address = DeviceAddress.parse(f"sbi+http://127.0.0.1:{port}")
    return open_at(
        address, Opening(timeout_s=3), authority.anchors, Place(host="127.0.0.1", port=port, serial="")
    )


@pytest.fixture
def client(server: SbiServer, authority: DevelopmentAuthority) -> Iterator[Device]:
    opened = client_of(server.port, authority)
    yield opened
    opened.close()


def capture(
    client: Device,
    request: CaptureRequest | None = None,
    *,
    seconds: float = 5,
    events: list[CaptureEvent] | None = None,
) -> CaptureResult:
    told: list[CaptureEvent] = [] if events is None else events
    deadline = Deadline.after(SystemClock(), seconds)
    return client.acquire(request or CaptureRequest(), told.append, CancelToken(), deadline)


def serve(
    shown: list[CapturedSample | None], authority: DevelopmentAuthority, presentations: set[Presentation]
) -> SbiServer:
    device = ShowingDevice(*shown, presentations=presentations)
    return SbiServer(SbiService(device, authority.identity, now=now))


def test_a_sample_arrives_pixel_for_pixel(client: Device, finger: CapturedSample) -> None:
    position = Instance(modality=Modality.FINGER, position=FingerPosition.RIGHT_INDEX)
    result = capture(client, CaptureRequest(instances=(position,)))
    assert isinstance(result, Captured)
    (sample,) = result.samples
    assert np.array_equal(sample.pixels, finger.pixels)
    assert (sample.resolution_ppi, sample.origin) == (500, Origin.DEVICE)
    assert sample.position is FingerPosition.RIGHT_INDEX


def test_the_device_says_who_it_is(client: Device) -> None:
    info = client.info
    assert (info.model, info.serial_number, info.identity) == ("Show 1", "S-77", "sbi:S-77")
    assert info.capability is not None
    assert info.capability.security_level is SecurityLevel.L0
    assert info.capability.presentations == {Presentation.ONE_FINGER}


def test_the_chain_goes_on_from_capture_to_capture(client: Device) -> None:
    assert all(isinstance(capture(client), Captured) for _ in range(3))


def test_previews_come_while_it_waits(authority: DevelopmentAuthority, finger: CapturedSample) -> None:
    server = serve([finger, *[None] * 60], authority, {Presentation.ONE_FINGER})
    client = client_of(server.port, authority)
    events: list[CaptureEvent] = []
    try:
        capture(client)
        capture(client, seconds=2, events=events)
    finally:
        client.close()
        server.close()
    assert events[0] == Guidance(reason=CaptureReason.PLACE_FINGER)
    assert any(isinstance(event, Preview) for event in events)


def test_the_callers_judge_decides(client: Device, device: ShowingDevice) -> None:
    scores = iter([10, 20, 90])

    def judge(_: CapturedSample) -> QualityReport:
        return QualityReport(score=next(scores), components=(), reasons=(), model_id=ModelId("x"))

    result = capture(client, CaptureRequest(judge=judge, least_quality=80))
    assert isinstance(result, Captured)
    assert (result.attempts, result.reports[0].score, len(device.requests)) == (3, 90, 3)


def test_a_slap_comes_cut_and_named(authority: DevelopmentAuthority, left_slap: CapturedSample) -> None:
    server = serve([left_slap], authority, {Presentation.FOUR_FINGERS, Presentation.TWO_THUMBS})
    client = client_of(server.port, authority)
    fingers = tuple(Instance(modality=Modality.FINGER, position=each) for each in Hand.LEFT.fingers)
    try:
        request = CaptureRequest(presentation=Presentation.FOUR_FINGERS, instances=fingers)
        result = capture(client, request, seconds=10)
        with pytest.raises(ValueError, match="one hand"):
            capture(client, replace(request, instances=()))
    finally:
        client.close()
        server.close()
    assert isinstance(result, Captured)
    assert {sample.position for sample in result.samples} == set(Hand.LEFT.fingers)


def test_the_other_hand_is_no_sample(authority: DevelopmentAuthority, left_slap: CapturedSample) -> None:
    server = serve([left_slap], authority, {Presentation.FOUR_FINGERS})
    client = client_of(server.port, authority)
    fingers = tuple(Instance(modality=Modality.FINGER, position=each) for each in Hand.RIGHT.fingers)
    try:
        request = CaptureRequest(presentation=Presentation.FOUR_FINGERS, instances=fingers)
        result = capture(client, request, seconds=1.5)
    finally:
        client.close()
        server.close()
    assert isinstance(result, TimedOut)
    assert result.best == ()


@pytest.mark.parametrize("modality", [Modality.FACE, Modality.IRIS])
def test_faces_and_eyes_cross_too(authority: DevelopmentAuthority, modality: Modality) -> None:
    rng = np.random.default_rng(1)
    face = modality is Modality.FACE
    pixels = rng.integers(0, 256, (48, 40, 3) if face else (48, 40), np.uint8)
    eye = EyePosition.UNKNOWN if face else EyePosition.LEFT
    shown = (
        CapturedSample(pixels=pixels, modality=modality)
        if face
        else CapturedSample(pixels=pixels, modality=modality, position=eye)
    )
    presentation = Presentation.FACE if face else Presentation.ONE_IRIS
    server = serve([shown], authority, {presentation})
    client = client_of(server.port, authority)
    wanted = Instance(modality=modality, position=0 if face else int(eye))
    try:
        result = capture(client, CaptureRequest(presentation=presentation, instances=(wanted,)))
    finally:
        client.close()
        server.close()
    assert isinstance(result, Captured)
    assert np.array_equal(result.samples[0].pixels, pixels)
    assert result.samples[0].position == shown.position


def test_a_stranger_is_not_opened(server: SbiServer, stranger: DevelopmentAuthority) -> None:
    with pytest.raises(ProtocolError, match="no trust anchor"):
        client_of(server.port, stranger)


def test_an_address_has_to_name_whom_to_believe(
    server: SbiServer, authority: DevelopmentAuthority, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="trust"):
        open_device(f"sbi+http://127.0.0.1:{server.port}")
    anchors = tmp_path / "anchors.pem"
    anchors.write_bytes(authority.anchors.certificates[0].public_bytes(Encoding.PEM))
    device = open_device(f"sbi+http://127.0.0.1:{server.port}/S-77?trust={anchors}")
    assert device.info.serial_number == "S-77"
    device.close()
    with pytest.raises(DeviceNotFound, match="it has: S-77"):
        open_device(f"sbi+http://127.0.0.1:{server.port}/S-78?trust={anchors}")


@pytest.mark.parametrize(
    ("address", "match"),
    [
        ("sbi+http://10.0.0.7:4501?trust=a.pem", "another machine"),
        ("sbi+http://127.0.0.1?trust=a.pem", "no port"),
        ("sbi+http://127.0.0.1:4501?trust=a.pem&verify=off", "no option verify"),
        ("emulated:sbi?under=zfm", "no option under"),
    ],
)
def test_addresses_that_are_refused(address: str, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        open_device(address)


def test_nothing_is_found_where_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    anchors: Any = None
    address = DeviceAddress.parse(f"sbi+http://127.0.0.1:{port}")
    with pytest.raises(DeviceNotFound, match="no service"):
        open_at(address, Opening(timeout_s=1), anchors, Place(host="127.0.0.1", port=port, serial=""))


def test_the_emulated_device_is_a_whole_way() -> None:
    pytest.importorskip("serial", reason="pyserial is not installed: pip install 'biocapil[devices]'")
    device = open_device("emulated:sbi")
    try:
        assert device.info.capability is not None
        device.check(Deadline.after(SystemClock(), 2))
    finally:
        device.close()
        device.close()


def altered(service: SbiService, monkeypatch: pytest.MonkeyPatch, change: Change) -> None:
    """Change what the service answers to a capture."""
    plain = service.capture

    def changed(body: dict[str, Any], cancel: CancelToken) -> object:
        answer: dict[str, Any] = json.loads(json.dumps(plain(body, cancel)))
        return change(answer)

    monkeypatch.setattr(service, "capture", changed)


def with_error(code: int) -> Change:
    return lambda _: {"biometrics": [{"error": {"errorCode": str(code), "errorInfo": "words"}, "data": ""}]}


@pytest.mark.parametrize(("code", "kind"), [(103, ProtocolError), (202, DeviceLost), (517, ProtocolError)])
def test_what_no_person_can_mend_fails_with_the_devices_code(
    client: Device, service: SbiService, monkeypatch: pytest.MonkeyPatch, code: int, kind: type[Exception]
) -> None:
    altered(service, monkeypatch, with_error(code))
    result = capture(client)
    assert isinstance(result, Failed)
    assert type(result.error) is kind
    assert result.error.vendor_code == code


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (101, CaptureReason.PLACE_FINGER),
        (102, CaptureReason.QUALITY_TOO_LOW),
        (109, CaptureReason.TOO_FEW_FINGERS),
    ],
)
def test_what_a_person_can_mend_is_told(
    client: Device, service: SbiService, monkeypatch: pytest.MonkeyPatch, code: int, reason: CaptureReason
) -> None:
    altered(service, monkeypatch, with_error(code))
    result = capture(client, seconds=0.3)
    assert isinstance(result, TimedOut)
    assert result.reason is reason


def test_a_busy_device_is_waited_for(
    client: Device, service: SbiService, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = iter([True, True, False])
    altered(service, monkeypatch, lambda answer: with_error(111)(answer) if next(busy) else answer)
    assert isinstance(capture(client), Captured)


def broken_chain(answer: dict[str, Any]) -> object:
    answer["biometrics"][0]["hash"] = "0" * 64
    return answer


def twice(answer: dict[str, Any]) -> object:
    return {"biometrics": answer["biometrics"] * 2}


def forged(answer: dict[str, Any]) -> object:
    head, _, signature = answer["biometrics"][0]["data"].split(".")
    answer["biometrics"][0]["data"] = f"{head}.e30.{signature}"
    return answer


@pytest.mark.parametrize("change", [broken_chain, twice, forged, lambda _: [], lambda _: {"biometrics": "x"}])
def test_a_wrong_answer_never_becomes_a_sample(
    client: Device, service: SbiService, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    altered(service, monkeypatch, change)
    result = capture(client)
    assert isinstance(result, Failed)
    assert isinstance(result.error, ProtocolError)


def test_the_sample_of_yesterday_is_refused(
    client: Device, service: SbiService, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[dict[str, Any]] = []

    def replay(answer: dict[str, Any]) -> object:
        kept.append(answer)
        return kept[0]

    altered(service, monkeypatch, replay)
    assert isinstance(capture(client), Captured)
    assert isinstance(capture(client), Failed)


def test_a_server_of_another_protocol_is_refused(authority: DevelopmentAuthority) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def speak() -> None:
            for _ in range(3):
                line, _ = listener.accept()
                with line:
                    line.recv(4096)
                    line.sendall(b"220 mail ready\r\n" * 400)

        thread = threading.Thread(target=speak)
        thread.start()
        with pytest.raises(ProtocolError, match="no HTTP"):
            client_of(port, authority)
        thread.join()


def test_the_driver_lists_what_listens_and_sends_nothing() -> None:
    assert DRIVER.info.name == "sbi"
    assert all(found.address.startswith("sbi+http://127.0.0.1:45") for found in DRIVER.find())
    assert NOW.tzinfo is not None


def base_url(service: SbiService, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Let a device say where it wants to be spoken to."""
    plain = service._about

    def about() -> dict[str, object]:
        return {**plain(), "callbackId": url}

    monkeypatch.setattr(service, "_about", about)


def test_a_device_may_move_to_another_port_of_this_machine(
    server: SbiServer, service: SbiService, authority: DevelopmentAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = SbiServer(service)
    base_url(service, monkeypatch, f"http://127.0.0.1:{second.port}/")
    client = client_of(server.port, authority)
    try:
        server.outlet = refuse
        assert isinstance(capture(client), Captured)
    finally:
        client.close()
        second.close()


def refuse(line: socket.socket, data: bytes) -> None:
    """Send nothing: nobody should be speaking here any more."""
    del line, data
    raise AssertionError


@pytest.mark.parametrize(
    ("url", "match"), [("http://10.0.0.9:4501", "another machine"), ("http://[", "no URL")]
)
def test_a_device_leads_to_no_other_machine(
    server: SbiServer, authority: DevelopmentAuthority, monkeypatch: pytest.MonkeyPatch, url: str, match: str
) -> None:
    base_url(server.service, monkeypatch, url)
    with pytest.raises(ProtocolError, match=match):
        client_of(server.port, authority)
