"""Cases in which the plug is pulled."""

from __future__ import annotations

import threading

from biocapil.capture import Captured, Deadline, Failed
from biocapil.errors import DeviceError, DeviceLost, DeviceNotFound
from biocapil_drivers.testing.bench import Bench, Violation
from biocapil_drivers.testing.trying import (
    CLOCK,
    captured,
    line_of,
    opened,
    require_capture,
    require_no_wrong_sample,
)

FEW_PLACES = (0, 1, 2, 7, 9, 11, 12, 13, 21, 24, 30, 77, 277, 1_000, 2_222, 5_000)
"""Bytes after which a capture is cut off: inside the first answers, between them, well inside a transfer."""

ALL_PLACES = 800
"""Thorough benches try every byte up to here."""


def says_that_there_is_nothing(bench: Bench) -> None:
    """Opening where nothing is plugged in."""
    line_of(bench).unplug()
    try:
        device = bench.open()
    except DeviceNotFound:
        return
    device.close()
    raise Violation("something was opened where nothing is plugged in; DeviceNotFound is due")


def notices_the_plug_while_it_waits(bench: Bench) -> None:
    """A capture that waits for somebody ends when the device goes."""
    line = line_of(bench)
    bench.present(there=False)
    with opened(bench) as device:
        timer = threading.Timer(0.15, line.unplug)
        timer.start()
        result = captured(device, seconds=3.0)
        timer.join()
        _require_lost(result)
        try:
            device.check(Deadline.after(CLOCK, 1.0))
        except DeviceError:
            return
        raise Violation("an unplugged device answered its heartbeat")


def notices_the_plug_at_every_byte(bench: Bench) -> None:
    """Wherever a capture is cut off, it fails, and the next one works."""
    for count in range(ALL_PLACES) if bench.thorough else FEW_PLACES:
        cut_off_after(bench, count)


def cut_off_after(bench: Bench, count: int) -> None:
    """Pull the plug after so many bytes of a capture, and capture again."""
    line = line_of(bench)
    bench.present(there=True)
    with opened(bench) as device:
        line.faults.unplug_after(count)
        result = captured(device)
        line.faults.clear()
        if isinstance(result, Captured):
            require_no_wrong_sample(bench, result)  # it was whole before the plug was pulled
        else:
            _require_lost(result)
    line.plug()
    with opened(bench) as device:
        device.check(Deadline.after(CLOCK, 2.0))


def comes_back_as_the_same_device(bench: Bench) -> None:
    """After unplugging it is the one that it was."""
    line = line_of(bench)
    bench.present(there=True)
    with opened(bench) as device:
        before = device.info.identity
    line.unplug()
    line.plug()
    with opened(bench) as device:
        if device.info.identity != before:
            raise Violation(f"it was {before} and came back as {device.info.identity}")
        require_capture(bench, captured(device))


def _require_lost(result: object) -> None:
    if not isinstance(result, Failed) or not isinstance(result.error, DeviceLost):
        raise Violation(f"the plug was pulled: Failed with DeviceLost is due, got {result}")
