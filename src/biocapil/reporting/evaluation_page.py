"""The report of an evaluation as one HTML file that opens anywhere, without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from biocapil.evaluation import CalibrationCheck, EvaluationResult, PairedDifference
from biocapil.extraction import ExtractedSample, ModelPapers
from biocapil.reporting.drawn_pair import Explain, Images
from biocapil.reporting.evaluation_view import MAX_ROWS, arrange_evaluation
from biocapil.reporting.page import render_page
from biocapil.reporting.tick_words import rounded_percent
from biocapil.reporting.traced_pair import PairTracer


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How a result came about, so that it can be had again.

    Attributes:
        command: Command as it was typed, without folders.
        made_at: When it was made, with its time zone.
        elapsed_s: Seconds that each step took.
        peak_memory_mb: Most memory that the process held, megabytes; None where the system does not say.
        environment: Versions and machine.
    """

    command: str
    made_at: datetime
    elapsed_s: Mapping[str, float]
    peak_memory_mb: float | None
    environment: Mapping[str, str]


def evaluation_report_html(
    result: EvaluationResult,
    *,
    samples: Sequence[ExtractedSample],
    images: Images,
    explain: Explain,
    provenance: Provenance,
    papers: ModelPapers | None = None,
    check: CalibrationCheck | None = None,
    differences: Sequence[PairedDifference] | None = None,
    tracer: PairTracer | None = None,
    title: str = "Evaluation report",
) -> str:
    """Write the page: the same result and samples give the same bytes, apart from what `provenance` says.

    Args:
        result: What `evaluate` found.
        samples: What extraction made of the samples, in the order in which they were evaluated.
        images: Sample of an entry; asked only for pairs that are drawn.
        explain: `comparison.explain`.
        provenance: How the result came about.
        papers: Card and licence of the model; None where the templates come from none that is known.
        check: What a calibration says about the set; None where none applies.
        differences: Differences to an earlier result; None where it was not compared with any.
        tracer: Draws what was seen in faces and irises; without it their pictures stand side by side.
        title: Heading.

    Returns:
        A whole HTML document. It holds biometric data: see `write_private`.

    Raises:
        MissingPart: jinja2 or Pillow is not installed.
    """
    return render_page(
        "evaluation_report.html",
        style="report.css",
        script="evaluation_report.js",
        title=title,
        result=result,
        view=arrange_evaluation(result, samples, images=images, explain=explain, check=check, tracer=tracer),
        provenance=provenance,
        papers=papers,
        check=check,
        differences=differences,
        max_rows=MAX_ROWS,
        percent=rounded_percent,
    )
