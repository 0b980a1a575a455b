"""Files that ``biocapil evaluate`` writes for people: the page and its diagrams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from biocapil.cli.machine import peak_memory_mb
from biocapil.comparison import explain
from biocapil.deduplication import environment
from biocapil.errors import FormatError, ModelError
from biocapil.evaluation import CalibrationCheck, EvaluationResult, PairedDifference
from biocapil.extraction import ExtractedSample, ModelPapers, read_model_papers
from biocapil.reporting import Images, PairTracer, Plot, Provenance, evaluation_report_html, write_private


def model_papers(result: EvaluationResult, *, records: bool, model: str | Path) -> ModelPapers | None:
    """Card and licence of the model that made the templates; None where it is none that is known."""
    if records:
        return None
    try:
        papers = read_model_papers(model)
    except (ModelError, FormatError):
        return None
    return papers if papers.manifest.model_id == result.setting.model_id else None


def write_plots(plots: Sequence[Plot], folder: Path) -> None:
    """Write every diagram as an SVG file of its name."""
    for plot in plots:
        write_private(folder / f"{plot.name}.svg", plot.svg)


def write_page(
    result: EvaluationResult,
    samples: Sequence[ExtractedSample],
    path: Path,
    *,
    images: Images,
    tracer: PairTracer | None,
    command: str,
    elapsed_s: Mapping[str, float],
    papers: ModelPapers | None,
    check: CalibrationCheck | None,
    differences: Sequence[PairedDifference] | None,
) -> None:
    """Write the HTML report, whole or not at all, readable by its owner only."""
    page = evaluation_report_html(
        result,
        samples=samples,
        images=images,
        explain=explain,
        tracer=tracer,
        provenance=Provenance(
            command=command,
            made_at=datetime.now(UTC),
            elapsed_s=elapsed_s,
            peak_memory_mb=peak_memory_mb(),
            environment=environment(),
        ),
        papers=papers,
        check=check,
        differences=differences,
    )
    write_private(path, page)
