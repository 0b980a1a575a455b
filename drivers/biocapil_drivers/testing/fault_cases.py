"""Cases in which the wire loses, adds or turns over bytes."""

from __future__ import annotations

from biocapil.capture import Captured, Failed, TimedOut
from biocapil.errors import DeviceError, DeviceTimeout
from biocapil_drivers.emulation import Fault
from biocapil_drivers.testing.bench import Bench, Violation
from biocapil_drivers.testing.trying import (
    captured,
    line_of,
    opened,
    require_capture,
    require_no_wrong_sample,
)

PLACES = (0, 1, 2, 5, 20)
"""How many frames pass unharmed before one goes wrong: the first answers, and well inside a transfer."""

BROKEN_S = 2.0


def gives_up_on_silence(bench: Bench) -> None:
    """Opening and capturing both end when nothing answers."""
    line = line_of(bench)
    bench.present(there=True)
    with opened(bench) as device:
        line.faults.set(Fault.SILENCE)
        result = captured(device, seconds=2.0)
        if not isinstance(result, Failed | TimedOut):
            raise Violation(f"nothing answered: Failed or TimedOut is due, got {result}")
    try:
        device = bench.open()
    except DeviceTimeout:
        return
    device.close()
    raise Violation("a silent device was opened; DeviceTimeout is due")


def finds_frames_in_garbage(bench: Bench) -> None:
    """Noise before each frame costs nothing but bytes."""
    bench.present(there=True)
    line_of(bench).faults.set(Fault.GARBAGE)
    with opened(bench) as device:
        require_capture(bench, captured(device))


def mends_one_bad_checksum(bench: Bench) -> None:
    """Wherever it happens."""
    _mends_one(bench, Fault.BAD_CHECKSUM)


def takes_no_sample_of_bad_checksums(bench: Bench) -> None:
    """Where every frame is damaged there is no sample."""
    _takes_none(bench, Fault.BAD_CHECKSUM)


def mends_one_truncated_frame(bench: Bench) -> None:
    """Wherever it happens."""
    _mends_one(bench, Fault.TRUNCATED)


def takes_no_sample_of_truncated_frames(bench: Bench) -> None:
    """Where every frame ends early there is no sample."""
    _takes_none(bench, Fault.TRUNCATED)


def takes_no_wrong_sample_of_duplicated_frames(bench: Bench) -> None:
    """A frame that comes twice may cost the capture, never the truth; one alone is mended."""
    line = line_of(bench)
    bench.present(there=True)
    with opened(bench) as device:
        line.faults.set(Fault.DUPLICATED)
        require_no_wrong_sample(bench, captured(device, seconds=BROKEN_S))
        line.faults.clear()
        require_capture(bench, captured(device))
    _mends_one(bench, Fault.DUPLICATED)


def takes_no_sample_of_another_size(bench: Bench) -> None:
    """A picture of a size that the device does not have is trouble, never a sample."""
    bench.present(there=True)
    with opened(bench) as device:
        bench.change_geometry()
        result = captured(device, seconds=BROKEN_S)
        if isinstance(result, Captured) or (isinstance(result, TimedOut) and result.best):
            raise Violation(f"a picture of a wrong size became a sample: {result}")


def keeps_up_with_a_slow_line(bench: Bench) -> None:
    """Bytes that take their time are waited for."""
    bench.present(there=True)
    bench.keep_time()
    with opened(bench) as device:
        require_capture(bench, captured(device))


def _mends_one(bench: Bench, fault: Fault) -> None:
    line = line_of(bench)
    bench.present(there=True)
    with opened(bench) as device:
        for place in PLACES:
            line.faults.set(fault, frames=1, after=place)
            require_capture(bench, captured(device))


def _takes_none(bench: Bench, fault: Fault) -> None:
    line = line_of(bench)
    bench.present(there=True)
    with opened(bench) as device:
        line.faults.set(fault)
        result = captured(device, seconds=BROKEN_S)
        if isinstance(result, Captured) or (isinstance(result, TimedOut) and result.best):
            raise Violation(f"damaged frames became a sample: {result}")
        line.faults.clear()
        require_capture(bench, captured(device))
    line.faults.set(fault)
    try:
        device = bench.open()
    except DeviceError:
        return
    device.close()
    raise Violation("a device that sends only damage was opened")
