"""`FigureMaker`: draws the pairs of a report until its allowance is used up, and counts the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biocapil.deduplication import PairFinding
from biocapil.reporting.pair_picture import pair_svg
from biocapil.reporting.score_terms import term_value
from biocapil.sample import CapturedSample
from biocapil.subject import SampleEntry
from biocapil.template import FingerprintTemplate

if TYPE_CHECKING:  # the comparison room brings numba, which no drawing needs
    from biocapil.comparison.explanation import Explanation

Images = Callable[[SampleEntry], CapturedSample | None]
"""Sample of an entry; None where it cannot be shown."""

Templates = Callable[[SampleEntry], FingerprintTemplate | None]
"""Template of an entry; None where there is none."""

Explain = Callable[[FingerprintTemplate, FingerprintTemplate], "Explanation"]
"""Explanation of one comparison: probe, then reference."""


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
class Figure:
    """One pair of samples in a report.

    Attributes:
        finding: The pair.
        svg: The picture; empty where the pair was not drawn.
        terms: Terms of its score; empty where the pair was not drawn.
    """

    finding: PairFinding
    svg: str = ""
    terms: tuple[TermRow, ...] = ()


class FigureMaker:
    """Draws pairs, at most a stated number of them.

    Attributes:
        allowance: Most pairs to draw.
        reserved: Pictures to keep back for later parts of the report.
        drawn: Pairs drawn so far.
        undrawn: Pairs that were only named so far.
    """

    def __init__(self, *, images: Images, templates: Templates, explain: Explain, allowance: int) -> None:
        self._images = images
        self._templates = templates
        self._explain = explain
        self.allowance = allowance
        self.reserved = 0
        self.drawn = 0
        self.undrawn = 0

    def figure(self, finding: PairFinding) -> Figure:
        """Draw a pair, or only name it where the allowance is used up or a template is missing."""
        probe, reference = self._templates(finding.first), self._templates(finding.second)
        if self.drawn >= self.allowance - self.reserved or probe is None or reference is None:
            self.undrawn += 1
            return Figure(finding=finding)
        self.drawn += 1
        explanation = self._explain(probe, reference)
        svg = pair_svg(
            probe,
            reference,
            explanation,
            probe_image=self._images(finding.first),
            reference_image=self._images(finding.second),
            probe_label=finding.first.name,
            reference_label=finding.second.name,
            with_terms=False,
        )
        terms = tuple(
            TermRow(name=term.name, value=term_value(term.value), meaning=term.meaning)
            for term in explanation.terms
        )
        return Figure(finding=finding, svg=svg, terms=terms)
