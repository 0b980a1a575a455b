"""One pair of samples, drawn with why it got its score: what every report shows of a pair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biocapil.any_template import Template
from biocapil.reporting.pair_picture import pair_svg
from biocapil.reporting.score_terms import term_value
from biocapil.reporting.side_by_side import side_by_side_svg
from biocapil.reporting.traced_pair import PairSide, PairTracer
from biocapil.sample import CapturedSample
from biocapil.subject import SampleEntry
from biocapil.template import FingerprintTemplate

if TYPE_CHECKING:  # the comparison room brings numba, which no drawing needs
    from biocapil.comparison.explanation import Explanation

Images = Callable[[SampleEntry], CapturedSample | None]
"""Sample of an entry; None where it cannot be shown."""

Templates = Callable[[SampleEntry], Template | None]
"""Template of an entry; None where there is none."""

Side = tuple[str, Template, CapturedSample | None]
"""Name, template and picture of one side."""

Explain = Callable[[FingerprintTemplate, FingerprintTemplate], "Explanation"]
"""Explanation of one comparison of fingers: probe, then reference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow:
    """One term of a score, as it is read.

    Attributes:
        name: Name.
        value: Value, written.
        meaning: What it means.
    """

    name: str
    value: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPair:
    """Picture of a pair.

    Attributes:
        svg: The picture; empty where the pair was not drawn.
        terms: Terms of its score; empty where the pair was not drawn.
    """

    svg: str = ""
    terms: tuple[TermRow, ...] = ()


def draw_pair(
    first: SampleEntry,
    second: SampleEntry,
    *,
    images: Images,
    templates: Templates,
    explain: Explain,
    tracer: PairTracer | None = None,
) -> DrawnPair | None:
    """Draw two samples side by side; of fingers also their minutiae, what was paired, and the score's terms.

    Args:
        first: Sample that is the probe.
        second: Sample that is the reference.
        images: Sample of an entry.
        templates: Template of an entry.
        explain: `comparison.explain`.
        tracer: Draws what was seen in faces and irises; without it their pictures stand side by side.

    Returns:
        The picture, or None where a template is missing.
    """
    probe, reference = templates(first), templates(second)
    if probe is None or reference is None:
        return None
    if not isinstance(probe, FingerprintTemplate) or not isinstance(reference, FingerprintTemplate):
        sides = (first.name, probe, images(first)), (second.name, reference, images(second))
        return DrawnPair(svg=_traced(*sides, tracer) or _beside(*sides))
    explanation = explain(probe, reference)
    svg = pair_svg(
        probe,
        reference,
        explanation,
        probe_image=images(first),
        reference_image=images(second),
        probe_label=first.name,
        reference_label=second.name,
        with_terms=False,
    )
    terms = tuple(
        TermRow(name=term.name, value=term_value(term.value), meaning=term.meaning)
        for term in explanation.terms
    )
    return DrawnPair(svg=svg, terms=terms)


def _traced(probe: Side, reference: Side, tracer: PairTracer | None) -> str | None:
    """What was seen in both; None where it cannot be seen again."""
    (label, template, sample), (other_label, other_template, other) = probe, reference
    if tracer is None or sample is None or other is None:
        return None
    return tracer.draw(
        PairSide(sample=sample, template=template, label=label),
        PairSide(sample=other, template=other_template, label=other_label),
    )


def _beside(probe: Side, reference: Side) -> str:
    return side_by_side_svg(
        probe[1],
        reference[1],
        probe_image=probe[2],
        reference_image=reference[2],
        probe_label=probe[0],
        reference_label=reference[0],
    )
