"""Progress bars on standard error, one a step; a terminal sees them move, a log file sees how they ended."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


class Report(Protocol):
    """Takes how far a step has come."""

    def __call__(self, done: int, total: int, /, reused: int = 0, *, note: str = "") -> None:
        """Show what is done and the total, how much of it was finished before, and a note."""
        ...


def people_console() -> Console:
    """Console for people's text: standard error, so that standard output holds JSON alone."""
    return Console(stderr=True, highlight=False)


@contextmanager
def step_bars(console: Console) -> Generator[Callable[[str], Report], None, None]:
    """Show the bars of several steps, each from its first report on, while the context is open.

    Args:
        console: Where to draw.

    Yields:
        Function that takes a step's name and gives what its reports go to.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=console) as bars:

        def step(name: str) -> Report:
            return _first_report_draws(bars, name)

        yield step


def _first_report_draws(bars: Progress, name: str) -> Report:
    """Reports of a step whose bar is drawn when it begins."""
    started: list[TaskID] = []

    def report(done: int, total: int, /, reused: int = 0, *, note: str = "") -> None:
        if not started:
            started.append(bars.add_task(name, total=total, note=""))
        notes = [f"{reused:,} reused"] if reused else []
        bars.update(
            started[0], completed=done, total=total, note=", ".join([*notes, note] if note else notes)
        )

    return report
