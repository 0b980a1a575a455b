"""The duplicate report as one HTML file that opens anywhere, without a network."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from biocapil.deduplication import DuplicateReport
from biocapil.quality_report import QualityReport
from biocapil.reporting.drawn_pair import Explain, Images, Templates
from biocapil.reporting.figures import FigureMaker
from biocapil.reporting.histogram_picture import alone_thresholds, histogram_svg
from biocapil.reporting.page import render_page
from biocapil.reporting.page_view import arrange, reason_words

MAX_DRAWN = 200


def duplicate_report_html(
    report: DuplicateReport,
    *,
    images: Images,
    templates: Templates,
    explain: Explain,
    elapsed_s: Mapping[str, float],
    environment: Mapping[str, str],
    made_at: datetime,
    qualities: Mapping[str, QualityReport] | None = None,
    title: str = "Duplicate report",
    max_drawn: int = MAX_DRAWN,
) -> str:
    """Write the page.

    Args:
        report: What `find_duplicates` found.
        images: Sample of an entry; asked only for pairs that are drawn.
        templates: Template of an entry.
        explain: `comparison.explain`.
        elapsed_s: Seconds that each step took.
        environment: Versions and machine.
        made_at: When the result was made, with its time zone.
        qualities: Quality by the name of the sample; None or empty where no image was measured.
        title: Heading.
        max_drawn: Most pairs to draw; the page says how many it left to the JSON result.

    Returns:
        A whole HTML document. It holds biometric data: see `write_private`.

    Raises:
        MissingPart: jinja2 or Pillow is not installed.
    """
    maker = FigureMaker(
        images=images, templates=templates, explain=explain, allowance=max_drawn, qualities=qualities
    )
    return render_page(
        "duplicate_report.html",
        style="report.css",
        script="report.js",
        view=arrange(report, maker),
        report=report,
        qualities=qualities or {},
        thresholds=alone_thresholds(report.alone),
        histogram=_histogram(report),
        elapsed_s=elapsed_s,
        environment=environment,
        made_at=made_at,
        title=title,
        max_drawn=max_drawn,
        reason_words=reason_words,
    )


def _histogram(report: DuplicateReport) -> str:
    if report.histogram is None:
        return ""
    return histogram_svg(
        report.histogram.edges,
        report.histogram.counts,
        thresholds=alone_thresholds(report.alone),
    )
