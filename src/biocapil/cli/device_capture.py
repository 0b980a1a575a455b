"""One capture from the terminal: events as JSON lines, what to do in words, a bar while bytes come."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console

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
    ParameterValue,
    Presentation,
    Progress,
    TimedOut,
    capture_sentence,
    open_device,
)
from biocapil.cli.device_lines import event_line, result_line
from biocapil.cli.exit_codes import ExitCode
from biocapil.cli.progress import Report, people_console, step_bars
from biocapil.cli.sample_png import sample_png
from biocapil.quality import assess_finger, sentence
from biocapil.reporting import write_private
from biocapil.vocabulary import FingerPosition, Instance, Language, Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureWishes:
    """What was asked for on the command line.

    Attributes:
        finger: Finger that is presented; UNKNOWN where nobody said.
        timeout_s: Seconds until the best sample so far is taken.
        least_quality: Quality from which a sample is taken at once; 0 takes the first.
        language: Language of what people are told.
        settings: Settings of the device as ``name=value``.
        out: PNG file for the sample; None for none.
    """

    finger: FingerPosition = FingerPosition.UNKNOWN
    timeout_s: float = 30.0
    least_quality: int = 0
    language: Language = Language.ENGLISH
    settings: tuple[str, ...] = ()
    out: Path | None = None


def capture_once(address: str | DeviceAddress, opening: Opening, wishes: CaptureWishes) -> None:
    """Open, capture, close; ends the command with the exit code that fits the end of the capture.

    Raises:
        DeviceError: The device cannot be opened, or failed.
        ValueError: A setting or a wish is none of the device's.
    """
    console = people_console()
    with closing(open_device(address, opening)) as device, step_bars(console) as step:
        device.configure(parse_settings(wishes.settings, device))
        request = request_of(wishes, device)
        screen = _Screen(console, step("Receiving"), wishes.language)
        result = device.acquire(
            request, screen.show, CancelToken(), Deadline.after(opening.clock, wishes.timeout_s)
        )
    print(json.dumps(result_line(result)), flush=True)
    _keep(result, wishes.out)
    if isinstance(result, Failed):
        raise result.error
    if not isinstance(result, Captured):
        raise typer.Exit(ExitCode.NO)


def request_of(wishes: CaptureWishes, device: Device) -> CaptureRequest:
    """The request for what the device can do first, one finger where it can."""
    able = device.info.capability
    presentations = frozenset[Presentation]() if able is None else able.presentations
    first = min(presentations, key=list(Presentation).index)
    of_finger = able is not None and able.modality is Modality.FINGER
    if (wishes.finger or wishes.least_quality) and not of_finger:
        raise ValueError("fingers and their quality can be asked only of a fingerprint scanner")
    named = (Instance(modality=Modality.FINGER, position=wishes.finger),) if wishes.finger else ()
    judge = assess_finger if wishes.least_quality else None
    return CaptureRequest(
        presentation=first, instances=named, judge=judge, least_quality=wishes.least_quality
    )


def parse_settings(words: Iterable[str], device: Device) -> dict[str, ParameterValue]:
    """Read settings as people write them: ``speed=115200``.

    Raises:
        ValueError: The device has no such setting, or it cannot have the value.
    """
    able = device.info.capability
    known = {} if able is None else {each.name: each for each in able.parameters}
    settings: dict[str, ParameterValue] = {}
    for word in words:
        name, _, text = word.partition("=")
        if name not in known:
            raise ValueError(f"no setting {name!r}; there are: {', '.join(known) or 'none'}")
        settings[name] = known[name].parse(text)
    return settings


class _Screen:
    """Shows events."""

    def __init__(self, console: Console, bar: Report, language: Language) -> None:
        self._console = console
        self._bar = bar
        self._language = language

    def show(self, event: CaptureEvent) -> None:
        """Show one event: progress as a bar alone, all others also as a line of JSON."""
        if isinstance(event, Progress):
            self._bar(event.done, event.total)
            return
        print(json.dumps(event_line(event)), flush=True)
        if isinstance(event, Guidance):
            reason = event.reason
            words = (
                capture_sentence(reason, self._language)
                if isinstance(reason, CaptureReason)
                else sentence(reason, self._language)
            )
            self._console.print(words, markup=False)


def _keep(result: CaptureResult, out: Path | None) -> None:
    if out is None or not isinstance(result, Captured | TimedOut):
        return
    samples = result.samples if isinstance(result, Captured) else result.best
    for number, sample in enumerate(samples):
        name = out if number == 0 else out.with_stem(f"{out.stem}-{number + 1}")
        write_private(name, sample_png(sample))
