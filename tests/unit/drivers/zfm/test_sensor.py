"""Everything that a sensor can be asked, asked of the emulator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from biocapil.capture import (
    CancelToken,
    Captured,
    CaptureRequest,
    Deadline,
    DeviceAddress,
    Opening,
    SystemClock,
    ignore_events,
)
from biocapil.errors import DeviceTimeout, ProtocolError
from biocapil_drivers.emulation import Fault
from biocapil_drivers.zfm import DRIVER, ZfmDevice
from biocapil_drivers.zfm.bench import SMALL, ZfmBench
from biocapil_drivers.zfm.fingers import touch_of
from biocapil_drivers.zfm.messages import AuraColour, AuraEffect, Confirmation
from biocapil_drivers.zfm.models import model_named
from biocapil_drivers.zfm.sensor import Found, ZfmSensor

pytest.importorskip("serial", reason="pyserial is not installed: pip install 'biocapil[devices]'")

CLOCK = SystemClock()


def soon(seconds: float = 5.0) -> Deadline:
    return Deadline.after(CLOCK, seconds)


def capture(device: ZfmDevice, seconds: float = 10.0) -> object:
    return device.acquire(CaptureRequest(), ignore_events, CancelToken(), soon(seconds))


@pytest.fixture
def bench() -> Iterator[ZfmBench]:
    touch_of(2, 1, (SMALL.height_px, SMALL.width_px))  # made now, so that no look takes long
    made = ZfmBench()
    yield made
    made.close()


@pytest.fixture
def device(bench: ZfmBench) -> Iterator[ZfmDevice]:
    opened = bench.open()
    yield opened
    opened.close()


@pytest.fixture
def sensor(device: ZfmDevice) -> ZfmSensor:
    return device.sensor


def enroll(bench: ZfmBench, sensor: ZfmSensor, finger: int, slot: int) -> None:
    bench.finger = finger
    for buffer in (1, 2):
        assert sensor.take_image(soon()) is Confirmation.OK
        assert sensor.extract(buffer, soon()) is Confirmation.OK
    assert sensor.combine(soon())
    sensor.store(1, slot, soon())


def test_the_sensor_keeps_compares_and_searches_templates(bench: ZfmBench, sensor: ZfmSensor) -> None:
    enroll(bench, sensor, 1, 5)
    enroll(bench, sensor, 2, 150)
    assert sensor.template_count(soon()) == 2
    assert sensor.slots(200, soon()) == {5, 150}
    assert sensor.search(1, 0, 200, soon()) == Found(slot=150, similarity=150)
    assert sensor.search(1, 0, 100, soon()) is None
    sensor.load(2, 5, soon())
    assert sensor.match(soon()) is None
    sensor.load(2, 150, soon())
    assert sensor.match(soon()) == 150
    sensor.delete(5, 1, soon())
    assert sensor.slots(200, soon()) == {150}
    sensor.empty(soon())
    assert sensor.template_count(soon()) == 0


def test_buffers_of_two_fingers_do_not_combine(bench: ZfmBench, sensor: ZfmSensor) -> None:
    for buffer, finger in ((1, 1), (2, 2)):
        bench.finger = finger
        sensor.take_image(soon())
        sensor.extract(buffer, soon())
    assert not sensor.combine(soon())


def test_a_template_goes_out_and_comes_back_whole(bench: ZfmBench, sensor: ZfmSensor) -> None:
    enroll(bench, sensor, 1, 0)
    lengths = frozenset({SMALL.template_bytes})
    template = sensor.template(1, lengths, soon())
    sensor.put_template(2, template, soon())
    assert sensor.template(2, lengths, soon()) == template
    assert sensor.match(soon()) == 150
    sensor.put_template(2, template[:-1] + b"\xff", soon())
    assert sensor.match(soon()) is None


def test_an_image_is_taken_by_the_sensor(sensor: ZfmSensor) -> None:
    sensor.put_image(bytes(SMALL.image_bytes), soon())
    assert sensor.template_count(soon()) == 0  # it listens again


def test_a_slot_beyond_the_library_is_refused_with_the_sensors_own_code(
    bench: ZfmBench, sensor: ZfmSensor
) -> None:
    sensor.take_image(soon())
    sensor.extract(1, soon())
    with pytest.raises(ProtocolError, match=r"STORE was refused: bad page .*0x0b") as caught:
        sensor.store(1, 4000, soon())
    assert caught.value.vendor_code == 0x0B
    assert str(bench.address) in str(caught.value)


@pytest.mark.parametrize("packet_bytes", [32, 64, 128, 256])
def test_packets_of_any_size_bring_the_same_image(
    bench: ZfmBench, device: ZfmDevice, packet_bytes: int
) -> None:
    device.configure({"packet_bytes": str(packet_bytes)})
    result = capture(device)
    assert isinstance(result, Captured)
    assert bench.is_right(result.samples[0])


def test_speed_security_and_ring_are_set(bench: ZfmBench, device: ZfmDevice) -> None:
    device.configure({"speed": "9600", "security": 5, "ring": "blue", "sensor_check": False})
    parameters = device.sensor.parameters(soon())
    assert (parameters.bits_per_s, parameters.security) == (9600, 5)
    assert bench.line.bits_per_s == device.sensor.link.bits_per_s == 9600
    assert isinstance(capture(device), Captured)
    assert bench.emulator.rings == (bytes([1, 128, 2, 0]), bytes([4, 128, 2, 0]))


def test_a_bad_setting_changes_nothing(bench: ZfmBench, device: ZfmDevice) -> None:
    with pytest.raises(ValueError, match="security must be a whole number from 1 to 5, got 9"):
        device.configure({"speed": "9600", "security": 9})
    assert bench.line.bits_per_s == 115_200


def test_the_speed_of_a_sensor_is_found(bench: ZfmBench) -> None:
    bench.line.bits_per_s = 19_200
    opened = bench.open()
    assert opened.sensor.link.bits_per_s == 19_200
    opened.close()


def test_a_line_that_is_bad_at_high_speed_is_slowed_down(bench: ZfmBench, device: ZfmDevice) -> None:
    bench.line.noisy_above = 19_200
    result = capture(device, 20)
    assert isinstance(result, Captured)
    assert bench.is_right(result.samples[0])
    assert device.sensor.link.bits_per_s == 19_200


def test_a_sensor_that_does_not_mark_its_last_packet_is_understood(
    bench: ZfmBench, device: ZfmDevice
) -> None:
    bench.emulator.marks_last_packet = False
    result = capture(device)
    assert isinstance(result, Captured)
    assert bench.is_right(result.samples[0])


def test_a_sensor_that_was_switched_off_and_on_gets_its_password_again(
    bench: ZfmBench, device: ZfmDevice
) -> None:
    device.sensor.set_password(1234, soon())
    bench.emulator.power_up()  # under power of its own: the line stays
    result = capture(device)
    assert isinstance(result, Captured)


def test_a_wrong_password_is_told(bench: ZfmBench) -> None:
    bench.emulator.password = 77
    with pytest.raises(ProtocolError, match=r"VERIFY_PASSWORD was refused: wrong password .*0x13"):
        bench.open()
    address = DeviceAddress.parse(f"{bench.address}&password=77")
    DRIVER.open(address, Opening()).close()


def test_answers_of_other_modules_are_not_ours(bench: ZfmBench) -> None:
    with pytest.raises(DeviceTimeout, match="no sensor answers at 115,200, 57,600"):
        DRIVER.open(DeviceAddress.parse(f"{bench.address}&address=0x01020304"), Opening(timeout_s=5))


def test_a_ring_is_lit_only_where_there_is_one(sensor: ZfmSensor) -> None:
    assert sensor.aura(AuraEffect.FLASH, AuraColour.PURPLE, soon(), speed=10, times=3)
    plain = ZfmBench(model_named("as608"))
    opened = plain.open()
    assert not opened.sensor.aura(AuraEffect.ON, AuraColour.RED, soon())
    assert opened.info.serial_number == ""
    assert opened.info.identity == str(plain.address)
    opened.close()
    plain.close()


def test_random_numbers_have_32_bits(sensor: ZfmSensor) -> None:
    assert sensor.random(soon()) == 0x12345678


def test_a_sensor_without_an_image_says_so(sensor: ZfmSensor, bench: ZfmBench) -> None:
    bench.finger = None
    assert sensor.take_image(soon()) is Confirmation.NO_FINGER
    with pytest.raises(ProtocolError, match="EXTRACT was refused: no image"):
        sensor.extract(1, soon())


def test_the_worst_of_lines_gives_up_in_the_end(bench: ZfmBench, sensor: ZfmSensor) -> None:
    bench.line.faults.set(Fault.BAD_CHECKSUM)
    with pytest.raises(ProtocolError, match="came damaged each time"):
        sensor.random(soon(20))


def test_mended_trouble_is_counted(bench: ZfmBench, sensor: ZfmSensor) -> None:
    bench.line.faults.set(Fault.SILENCE, frames=1)
    assert sensor.random(soon()) == 0x12345678
    assert sensor.link.counts.resent == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("baud=1200", "baud must be one of 115200, 57600"),
        ("baud=fast", "baud must be a whole number"),
        ("password=-1", "password must be a whole number of 32 bits, got '-1'"),
        ("model=r999", "no model 'r999'"),
        ("speed=9600", "no option speed; there are: address, baud, model, password"),
        ("finger=1", "no option finger"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused(options: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        DRIVER.open(DeviceAddress.parse(f"zfm+serial:///dev/null?{options}"), Opening())
