"""``biocapil device``: find capture devices, look at them, capture, watch, record, replay, test."""

from __future__ import annotations

import json
import time
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from biocapil.capture import (
    DeviceAddress,
    Opening,
    StateChange,
    Supervisor,
    TraceFile,
    TraceHeader,
    find_devices,
    list_drivers,
    open_peripheral,
    resolve,
)
from biocapil.capture.address import REPLAY
from biocapil.cli.device_capture import CaptureWishes, capture_once
from biocapil.cli.device_lines import change_line, driver_line, found_line, info_line, info_table
from biocapil.cli.device_suite import load_suite
from biocapil.cli.exit_codes import ExitCode
from biocapil.cli.progress import people_console
from biocapil.vocabulary import FingerPosition, Language

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Capture devices and other peripherals.")

AddressArgument = Annotated[
    str,
    typer.Argument(
        metavar="ADDRESS",
        help="DRIVER+TRANSPORT://PLACE, emulated:DRIVER or replay:FILE, as biocapil device list shows them.",
    ),
]
OutOption = Annotated[
    Path | None, typer.Option(help="Write the sample into this PNG file, for its owner alone.")
]
FingerOption = Annotated[str, typer.Option(help="Which finger is presented: right_index, 2, …")]
TimeoutOption = Annotated[float, typer.Option(min=0.0, help="Seconds until the best sample so far is taken.")]
LeastOption = Annotated[
    int, typer.Option("--least-quality", min=0, max=100, help="Take a sample of such a quality at once.")
]
LanguageOption = Annotated[Language, typer.Option("--lang", help="Language of what people are told.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Change a setting of the device first."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Lines of JSON only, no table.")]


@app.callback()
def device() -> None:
    """Capture devices and other peripherals."""


@app.command(name="list")
def list_(*, as_json: JsonOption = False) -> None:
    """List the installed drivers, and the places where their devices may be; nothing is sent to any."""
    drivers, search = list_drivers(), find_devices()
    for driver in drivers:
        print(json.dumps(driver_line(driver)))
    for found in search.found:
        print(json.dumps(found_line(found)))
    if as_json:
        return
    table = Table("driver", "state", "proven against")
    for driver in drivers:
        proven = "" if driver.info is None else ", ".join(driver.info.proven_against)
        table.add_row(driver.name, driver.problem or "usable", proven)
    console = people_console()
    console.print(table)
    for found in search.found:
        console.print(f"{found.address}  {found.description}", markup=False, soft_wrap=True)
    if not search.found:
        console.print("No device is plugged in that the system can name.")


@app.command()
def info(address: AddressArgument, *, as_json: JsonOption = False) -> None:
    """Open a device and show what it says about itself."""
    opened = open_peripheral(address)
    try:
        print(json.dumps(info_line(opened.info)))
        if not as_json:
            people_console().print(info_table(opened.info))
    finally:
        opened.close()


@app.command()
def capture(
    address: AddressArgument,
    *,
    out: OutOption = None,
    finger: FingerOption = "",
    timeout: TimeoutOption = 30.0,
    least_quality: LeastOption = 0,
    lang: LanguageOption = Language.ENGLISH,
    settings: SetOption = None,
) -> None:
    """Capture one sample; every event is a line of JSON, and what to do is said on standard error."""
    wishes = CaptureWishes(
        finger=FingerPosition.parse(finger),
        timeout_s=timeout,
        least_quality=least_quality,
        language=lang,
        settings=tuple(settings or ()),
        out=out,
    )
    capture_once(address, Opening(), wishes)


@app.command()
def record(
    address: AddressArgument,
    trace: Annotated[Path, typer.Argument(help="File to write, JSON lines.")],
    *,
    biometric: Annotated[
        bool,
        typer.Option(
            "--biometric", help="Keep images and templates in the trace too: needed to replay a capture."
        ),
    ] = False,
    timeout: TimeoutOption = 30.0,
) -> None:
    """Capture one sample and write down all that goes over the wire, without what is biometric."""
    place = resolve(address)
    trace.touch(mode=0o600)
    trace.chmod(0o600)
    with trace.open("w", encoding="utf-8") as stream:
        header = TraceHeader(driver=place.driver, address=str(place), redacted=not biometric)
        capture_once(place, Opening(trace=TraceFile(stream, header)), CaptureWishes(timeout_s=timeout))


@app.command()
def replay(
    trace: Annotated[Path, typer.Argument(help="File that biocapil device record wrote.")],
    *,
    timeout: TimeoutOption = 30.0,
) -> None:
    """Let a driver work through a recorded capture once more; where it sends something else, it fails."""
    capture_once(resolve(f"{REPLAY}:{trace}"), Opening(), CaptureWishes(timeout_s=timeout))


@app.command()
def watch(
    address: AddressArgument,
    *,
    seconds: Annotated[
        float | None, typer.Option(min=0.0, help="How long; without, until interrupted.")
    ] = None,
) -> None:
    """Keep a device open and say each time that it comes, goes or breaks."""
    place = resolve(address)
    is_there = Path(place.path).exists if place.path.startswith("/dev/") else None

    def tell(change: StateChange) -> None:
        print(json.dumps(change_line(change)), flush=True)

    supervisor = Supervisor(partial(open_peripheral, place), on_change=tell, is_there=is_there)
    supervisor.start()
    end = None if seconds is None else time.monotonic() + seconds
    try:
        while end is None or time.monotonic() < end:
            time.sleep(0.1)
    finally:
        supervisor.stop()


@app.command(name="test")
def conformance(address: AddressArgument, *, as_json: JsonOption = False) -> None:
    """Put a driver through what every driver must do: all of it for emulated:NAME, else what needs nobody."""
    suite = load_suite()
    console, failed = people_console(), 0
    for result in suite(DeviceAddress.parse(address)):
        print(
            json.dumps({"case": result.name, "problem": result.problem, "seconds": round(result.seconds, 3)}),
            flush=True,
        )
        failed += bool(result.problem)
        if not as_json:
            mark = "[red]failed[/red]" if result.problem else "[green]passed[/green]"
            console.print(f"{mark} {result.name.replace('_', ' ')}")
    if failed:
        raise typer.Exit(ExitCode.NO)
