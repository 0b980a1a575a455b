"""The seam to devices: what they can do, what they tell, and the one of four ends of every acquisition.

    address ─► Driver.open ─► Device ─► acquire ─► events … ─► Captured | TimedOut | Cancelled | Failed

Drivers stand outside the library and are found by entry point. ``docs/devices.md`` says how to write one.
"""

from biocapil.capture.address import DeviceAddress
from biocapil.capture.best import BestSample
from biocapil.capture.cancel import CANCEL_WITHIN_S, POLL_S, CancelToken
from biocapil.capture.capability import Capability, DeviceInfo, Presentation, SecurityLevel
from biocapil.capture.clock import Clock, Deadline, ManualClock, SystemClock
from biocapil.capture.device import Device, Peripheral
from biocapil.capture.device_state import DeviceState, Patience, StateChange
from biocapil.capture.driver import Driver, DriverInfo, FoundDevice, Opening
from biocapil.capture.events import CaptureEvent, Guidance, OnEvent, Preview, Progress, ignore_events
from biocapil.capture.parameters import Parameter, ParameterKind, ParameterValue, check_settings
from biocapil.capture.reasons import CaptureReason, capture_sentence
from biocapil.capture.registry import (
    DeviceSearch,
    ListedDriver,
    find_devices,
    find_driver,
    list_drivers,
    open_device,
    open_peripheral,
    resolve,
)
from biocapil.capture.request import CaptureRequest, Judge, require_possible
from biocapil.capture.results import Cancelled, Captured, CaptureResult, Failed, TimedOut
from biocapil.capture.supervisor import Supervisor
from biocapil.capture.trace import (
    TraceEntry,
    TraceFile,
    TraceHeader,
    TraceSink,
    Way,
    read_trace,
    read_trace_header,
)

__all__ = [
    "CANCEL_WITHIN_S",
    "POLL_S",
    "BestSample",
    "CancelToken",
    "Cancelled",
    "Capability",
    "CaptureEvent",
    "CaptureReason",
    "CaptureRequest",
    "CaptureResult",
    "Captured",
    "Clock",
    "Deadline",
    "Device",
    "DeviceAddress",
    "DeviceInfo",
    "DeviceSearch",
    "DeviceState",
    "Driver",
    "DriverInfo",
    "Failed",
    "FoundDevice",
    "Guidance",
    "Judge",
    "ListedDriver",
    "ManualClock",
    "OnEvent",
    "Opening",
    "Parameter",
    "ParameterKind",
    "ParameterValue",
    "Patience",
    "Peripheral",
    "Presentation",
    "Preview",
    "Progress",
    "SecurityLevel",
    "StateChange",
    "Supervisor",
    "SystemClock",
    "TimedOut",
    "TraceEntry",
    "TraceFile",
    "TraceHeader",
    "TraceSink",
    "Way",
    "capture_sentence",
    "check_settings",
    "find_devices",
    "find_driver",
    "ignore_events",
    "list_drivers",
    "open_device",
    "open_peripheral",
    "read_trace",
    "read_trace_header",
    "require_possible",
    "resolve",
]
