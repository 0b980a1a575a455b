"""What a run of all against all tells about itself, on its way and at its end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from biocapil.deduplication.registry.report import ReportCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanProgress:
    """How far all against all has come.

    Attributes:
        done: Pairs of templates that are compared, also by runs that were killed.
        total: All that have to be.
        resumed: Those that were compared before this run began.
        elapsed_s: Seconds that this run compares.
    """

    done: int
    total: int
    resumed: int
    elapsed_s: float

    @property
    def per_s(self) -> float:
        """Comparisons in a second of this run; 0 at its beginning."""
        return (self.done - self.resumed) / self.elapsed_s if self.elapsed_s > 0 else 0.0

    @property
    def left_s(self) -> float | None:
        """Seconds that the rest takes at this rate; None where nothing is known yet."""
        return (self.total - self.done) / self.per_s if self.per_s > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryDuplicates:
    """What a run did; what it found stands in its report.

    Attributes:
        report: The report.
        people: People of the gallery.
        new: Those who were compared with everybody; all, unless the run went on from a finished one.
        comparisons: Pairs of templates of different people of the scanned instances.
        compared: Those that this run and the killed ones before it compared.
        resumed: Those among these that were compared before this run began.
        looked_at: Pairs of people whose instances were all compared.
        carried_over: Findings of the finished run that still hold.
        counts: What the report holds.
        scan_s: Seconds of comparing.
        report_s: Seconds of writing the report.
    """

    report: Path
    people: int
    new: int
    comparisons: int
    compared: int
    resumed: int
    looked_at: int
    carried_over: int
    counts: ReportCounts
    scan_s: float
    report_s: float
