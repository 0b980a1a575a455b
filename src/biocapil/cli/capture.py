"""``biocapil capture``: ask one person for slaps, single fingers, the face or both irises."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import closing
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from biocapil.capture import CancelToken, open_device
from biocapil.cli.device_capture import parse_settings
from biocapil.cli.exit_codes import ExitCode
from biocapil.cli.progress import people_console
from biocapil.cli.session_lines import session_event_line, session_line
from biocapil.cli.session_screen import SessionScreen
from biocapil.errors import DeviceError
from biocapil.quality import assess_finger
from biocapil.reporting import write_private
from biocapil.sessions import (
    CaptureSession,
    CaptureStep,
    SessionEvent,
    SessionPolicy,
    SessionResult,
    plan_face,
    plan_irises,
    plan_single_fingers,
    plan_slaps,
)
from biocapil.synthesis.png import encode_png
from biocapil.vocabulary import EyePosition, FingerPosition, Language, Modality


class Plan(Enum):
    """What is asked for."""

    SLAPS = "slaps"
    FINGERS = "fingers"
    FACE = "face"
    IRISES = "irises"


AddressArgument = Annotated[
    str,
    typer.Argument(
        metavar="ADDRESS", help="Device, as biocapil device list shows it; emulated:scanner tries it."
    ),
]
PlanOption = Annotated[
    Plan, typer.Option(help="Slaps 4-4-2, one finger after the other, the face, or both irises.")
]
MissingOption = Annotated[
    list[str] | None,
    typer.Option(help="Finger or eye that is not there: right_ring, left_eye; again for more."),
]
FingerOption = Annotated[
    list[str] | None,
    typer.Option("--finger", help="Ask for this finger only; again for more. Plan fingers only."),
]
LeastOption = Annotated[
    int, typer.Option("--least-quality", min=0, max=100, help="Take samples of such a quality at once.")
]
AttemptsOption = Annotated[int, typer.Option(min=1, help="How often each step is tried.")]
TimeoutOption = Annotated[float, typer.Option(min=0.1, help="Seconds an attempt may take.")]
SameOption = Annotated[
    bool,
    typer.Option(
        "--check-same/--no-check-same", help="Refuse a finger that was captured under another name."
    ),
]
OutOption = Annotated[Path | None, typer.Option(help="Folder for the samples, PNG, for their owner alone.")]
LanguageOption = Annotated[Language, typer.Option("--lang", help="Language of what people are told.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Change a setting of the device first."),
]


def capture(
    address: AddressArgument,
    *,
    plan: PlanOption = Plan.SLAPS,
    missing: MissingOption = None,
    finger: FingerOption = None,
    least_quality: LeastOption = 40,
    attempts: AttemptsOption = 3,
    timeout: TimeoutOption = 20.0,
    check_same: SameOption = True,
    out: OutOption = None,
    lang: LanguageOption = Language.ENGLISH,
    settings: SetOption = None,
) -> None:
    """Capture one person, step by step; every event is a line of JSON, the screen says what to do."""
    steps = steps_of(plan, missing or [], finger or [])
    of_fingers = plan in {Plan.SLAPS, Plan.FINGERS}
    same = None
    if of_fingers and check_same:
        from biocapil.cli.same_finger import same_finger_check  # noqa: PLC0415 - loads a network

        same = same_finger_check()
    policy = SessionPolicy(
        judge=assess_finger if of_fingers else None,
        least_quality=least_quality if of_fingers else 0,
        attempts=attempts,
        timeout_s=timeout,
        same_finger=same,
    )
    screen = SessionScreen(people_console(), lang, least_quality)

    def show(event: SessionEvent) -> None:
        print(json.dumps(session_event_line(event)), flush=True)
        screen.show(event)

    with closing(open_device(address)) as device:
        device.configure(parse_settings(settings or [], device))
        session = CaptureSession(device, steps, policy=policy, on_event=show)
        with screen.live:
            result = session.run(CancelToken())
    print(json.dumps(session_line(result)), flush=True)
    if out is not None:
        keep(result, out)
    end(result)


def steps_of(plan: Plan, missing: Sequence[str], fingers: Sequence[str]) -> tuple[CaptureStep, ...]:
    """Steps of a plan.

    Raises:
        ValueError: A name is none, or fingers are named for another plan than fingers.
    """
    if fingers and plan is not Plan.FINGERS:
        raise ValueError("--finger goes with --plan fingers")
    if plan is Plan.FACE:
        return plan_face()
    if plan is Plan.IRISES:
        return plan_irises(missing=[EyePosition.parse(name) for name in missing])
    gone = [FingerPosition.parse(name) for name in missing]
    if plan is Plan.SLAPS:
        return plan_slaps(missing=gone)
    wanted = [FingerPosition.parse(name) for name in fingers]
    return plan_single_fingers(wanted, missing=gone) if wanted else plan_single_fingers(missing=gone)


def keep(result: SessionResult, folder: Path) -> None:
    """Write the samples that are kept, one PNG file each."""
    folder.mkdir(parents=True, exist_ok=True)
    for sample in result.samples:
        name = "face" if sample.modality is Modality.FACE else sample.position.name.lower()
        suffix = "_eye" if sample.modality is Modality.IRIS else ""
        write_private(folder / f"{name}{suffix}.png", encode_png(sample))


def end(result: SessionResult) -> None:
    """End the command by what came of the session.

    Raises:
        DeviceError: The device failed.
    """
    last = result.steps[-1] if result.steps else None
    error: DeviceError | None = last.attempts[-1].error if last is not None and last.attempts else None
    if error is not None:
        raise error
    if not result.complete:
        print("biocapil: not everything that was asked for was captured", file=sys.stderr)
        raise typer.Exit(ExitCode.NO)
