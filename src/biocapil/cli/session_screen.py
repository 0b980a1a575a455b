"""The screen of ``biocapil capture``: what is asked, how good it is, which fingers are there; it moves."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from biocapil.capture import CaptureReason, Guidance, Preview, capture_sentence
from biocapil.quality import sentence
from biocapil.quality_report import MAX_SCORE
from biocapil.sessions import AttemptEnded, AttemptStarted, SessionEvent, StepEnded, StepOutcome, StepStarted
from biocapil.vocabulary import Language, QualityReason

MARKS = {
    StepOutcome.ACCEPTED: "[green]✓[/green]",
    StepOutcome.FORCED: "[yellow]![/yellow]",
    StepOutcome.FAILED: "[red]✗[/red]",
    StepOutcome.CANCELLED: "[red]–[/red]",
    StepOutcome.BROKEN: "[red]✗[/red]",
}
BAR_CELLS = 40


class SessionScreen:
    """Shows a session while it runs; a log file sees only what was said."""

    def __init__(self, console: Console, language: Language, least_quality: int) -> None:
        self._console = console
        self._language = language
        self._least = least_quality
        self._done: list[str] = []
        self._asked = ""
        self._attempt = ""
        self._quality: int | None = None
        self._step = ""
        self.live = Live(console=console, get_renderable=self.picture, refresh_per_second=10, transient=True)

    def show(self, event: SessionEvent) -> None:
        """Take one event."""
        if isinstance(event, StepStarted):
            self._step = f"{event.number}/{event.total}  {_plain(event.step.name)}"
            self._quality = None
        elif isinstance(event, AttemptStarted):
            self._attempt = f"{event.number}/{event.total}"
        elif isinstance(event, Guidance):
            self._say(event.reason)
        elif isinstance(event, Preview):
            self._quality = event.quality
        elif isinstance(event, AttemptEnded):
            self._quality = event.attempt.quality
            for reason in event.attempt.reasons[:1]:
                self._say(reason)
        elif isinstance(event, StepEnded):
            result = event.result
            kept = result.chosen
            quality = f", quality {kept.quality}" if kept is not None and kept.reports else ""
            line = f"{MARKS[result.outcome]} {_plain(result.step.name)}: {result.outcome.value}{quality}"
            self._done.append(line)
            self._console.print(line)

    def picture(self) -> RenderableType:
        """What the screen shows now."""
        table = Table.grid(padding=(0, 2))
        table.add_row("step", self._step)
        table.add_row("attempt", self._attempt)
        score = 0 if self._quality is None else self._quality
        style = "green" if self._quality is not None and score >= self._least else "yellow"
        bar = ProgressBar(total=MAX_SCORE, completed=score, width=BAR_CELLS, complete_style=style)
        table.add_row("quality", bar, "" if self._quality is None else str(score))
        return Group(table, Text(self._asked, style="bold"))

    def _say(self, reason: CaptureReason | QualityReason) -> None:
        words = (
            capture_sentence(reason, self._language)
            if isinstance(reason, CaptureReason)
            else sentence(reason, self._language)
        )
        if words != self._asked:
            self._asked = words
            if not self._console.is_terminal:
                self._console.print(words, markup=False)


def _plain(name: str) -> str:
    return name.replace("_", " ")
