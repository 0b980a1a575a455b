"""The duplicate report as one HTML file that opens anywhere, without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from biocapil.deduplication import ComparedModality, DuplicateReport
from biocapil.quality_report import QualityReport
from biocapil.reporting.drawn_pair import Explain, Images, Templates
from biocapil.reporting.figures import FigureMaker
from biocapil.reporting.histogram_picture import Threshold, alone_thresholds, histogram_svg
from biocapil.reporting.modality_words import ModalityWords, words_for
from biocapil.reporting.page import render_page
from biocapil.reporting.page_view import arrange, reason_words
from biocapil.reporting.traced_pair import PairTracer

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
    tracer: PairTracer | None = None,
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
        tracer: Draws what was seen in faces and irises; without it their pictures stand side by side.
        title: Heading.
        max_drawn: Most pairs to draw; the page says how many it left to the JSON result.

    Returns:
        A whole HTML document. It holds biometric data: see `write_private`.

    Raises:
        MissingPart: jinja2 or Pillow is not installed.
    """
    maker = FigureMaker(
        images=images,
        templates=templates,
        explain=explain,
        allowance=max_drawn,
        qualities=qualities,
        tracer=tracer,
    )
    return render_page(
        "duplicate_report.html",
        style="report.css",
        script="report.js",
        view=arrange(report, maker),
        report=report,
        word=words_for([each.modality for each in report.modalities]),
        histograms=[_histogram(each) for each in report.modalities if each.histogram is not None],
        qualities=qualities or {},
        elapsed_s=elapsed_s,
        environment=environment,
        made_at=made_at,
        title=title,
        max_drawn=max_drawn,
        reason_words=reason_words,
    )


def _histogram(told: ComparedModality) -> tuple[ModalityWords, str, Sequence[Threshold]]:
    """Words, diagram and thresholds of one modality."""
    thresholds = alone_thresholds(told.alone)
    found = told.histogram
    drawn = "" if found is None else histogram_svg(found.edges, found.counts, thresholds=thresholds)
    return words_for([told.modality]), drawn, thresholds
