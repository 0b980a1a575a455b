"""What ``biocapil device`` prints: one JSON object a line, and tables for people."""

from __future__ import annotations

from rich.table import Table

from biocapil.capture import (
    Cancelled,
    Capability,
    Captured,
    CaptureEvent,
    CaptureResult,
    DeviceInfo,
    Failed,
    FoundDevice,
    Guidance,
    ListedDriver,
    Parameter,
    Preview,
    StateChange,
    TimedOut,
)
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample

Line = dict[str, object]
ENDS: dict[type, str] = {
    Captured: "captured",
    TimedOut: "timed_out",
    Cancelled: "cancelled",
    Failed: "failed",
}


def driver_line(driver: ListedDriver) -> Line:
    """One registered driver."""
    line: Line = {"type": "driver", "name": driver.name, "problem": driver.problem}
    if driver.info is not None:
        line |= {
            "title": driver.info.title,
            "transports": list(driver.info.transports),
            "modality": None if driver.info.modality is None else driver.info.modality.value,
            "proven_against": list(driver.info.proven_against),
        }
    return line


def found_line(found: FoundDevice) -> Line:
    """One place where a device may be."""
    return {
        "type": "found",
        "address": found.address,
        "description": found.description,
        "serial_number": found.serial_number,
    }


def info_line(info: DeviceInfo) -> Line:
    """What a device says about itself."""
    return {
        "type": "device",
        "identity": info.identity,
        "driver": info.driver,
        "address": info.address,
        "maker": info.maker,
        "model": info.model,
        "serial_number": info.serial_number,
        "firmware": info.firmware,
        "capability": None if info.capability is None else _capability(info.capability),
    }


def info_table(info: DeviceInfo) -> Table:
    """The same for people."""
    table = Table(show_header=False)
    rows = {"device": info.identity, "model": info.model, "firmware": info.firmware or "does not say"}
    able = info.capability
    if able is not None:
        resolution = "" if able.resolution_ppi is None else f", {able.resolution_ppi:g} ppi nominal"
        rows |= {
            "captures": ", ".join(sorted(each.value for each in able.presentations)),
            "picture": f"{able.width_px}x{able.height_px} px, {able.bit_depth} bits{resolution}",
            "certificate": able.certificate or "none",
            "for registering people": "yes" if able.enrollment_grade else "no",
            "settings": "\n".join(f"{each.name}={each.default} ({each.wanted})" for each in able.parameters),
        }
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def change_line(change: StateChange) -> Line:
    """One change of a watched device."""
    return {
        "type": "state",
        "state": change.state.value,
        "at_s": round(change.at_s, 3),
        "identity": None if change.info is None else change.info.identity,
        "problem": change.problem,
    }


def event_line(event: CaptureEvent) -> Line:
    """One event of a capture; a preview without its picture."""
    if isinstance(event, Guidance):
        return {"type": "guidance", "reason": event.reason.value}
    if isinstance(event, Preview):
        return {"type": "preview", "sequence": event.sequence, "quality": event.quality}
    return {"type": "progress", "done": event.done, "total": event.total, "unit": event.unit}


def result_line(result: CaptureResult) -> Line:
    """How a capture ended; samples without their pixels."""
    line: Line = {"type": ENDS[type(result)], "attempts": result.attempts}
    if isinstance(result, Captured):
        return line | {"samples": _samples(result.samples, result.reports)}
    if isinstance(result, TimedOut):
        reason = None if result.reason is None else result.reason.value
        return line | {"reason": reason, "samples": _samples(result.best, result.reports)}
    if isinstance(result, Failed):
        return line | {
            "error": type(result.error).__name__,
            "detail": str(result.error),
            "vendor_code": result.error.vendor_code,
        }
    _: Cancelled = result
    return line


def _samples(samples: tuple[CapturedSample, ...], reports: tuple[QualityReport, ...]) -> list[Line]:
    lines: list[Line] = [
        {
            "modality": sample.modality.value,
            "position": sample.position.name.lower(),
            "width_px": sample.pixels.shape[1],
            "height_px": sample.pixels.shape[0],
            "resolution_ppi": sample.resolution_ppi,
            "origin": sample.origin.value,
        }
        for sample in samples
    ]
    for line, report in zip(lines, reports, strict=False):
        line |= {"quality": report.score, "reasons": [reason.value for reason in report.reasons]}
    return lines


def _capability(able: Capability) -> Line:
    return {
        "modality": able.modality.value,
        "presentations": sorted(each.value for each in able.presentations),
        "instances": [each.name for each in able.instances],
        "width_px": able.width_px,
        "height_px": able.height_px,
        "resolution_ppi": able.resolution_ppi,
        "certificate": able.certificate,
        "enrollment_grade": able.enrollment_grade,
        "bit_depth": able.bit_depth,
        "colour": able.colour,
        "preview": able.preview,
        "auto_capture": able.auto_capture,
        "liveness": able.liveness,
        "security_level": able.security_level.value,
        "parameters": [_parameter(each) for each in able.parameters],
    }


def _parameter(parameter: Parameter) -> Line:
    return {
        "name": parameter.name,
        "meaning": parameter.meaning,
        "kind": parameter.kind.value,
        "value": parameter.default,
        "least": parameter.least,
        "most": parameter.most,
        "unit": parameter.unit,
        "choices": list(parameter.choices),
    }
