"""`FigureMaker`: draws the pairs of a report until its allowance is used up, and counts the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from biocapil.deduplication import PairFinding
from biocapil.quality_report import QualityReport
from biocapil.reporting.drawn_pair import DrawnPair, Explain, Images, Templates, TermRow, draw_pair
from biocapil.reporting.traced_pair import PairTracer


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One pair of samples in a report.

    Attributes:
        finding: The pair.
        svg: The picture; empty where the pair was not drawn.
        terms: Terms of its score; empty where the pair was not drawn.
        qualities: Quality scores of both samples, in words; empty where neither was measured.
    """

    finding: PairFinding
    svg: str = ""
    terms: tuple[TermRow, ...] = ()
    qualities: str = ""


class FigureMaker:
    """Draws pairs, at most a stated number of them.

    Attributes:
        allowance: Most pairs to draw.
        reserved: Pictures to keep back for later parts of the report.
        drawn: Pairs drawn so far.
        undrawn: Pairs that were only named so far.
    """

    def __init__(
        self,
        *,
        images: Images,
        templates: Templates,
        explain: Explain,
        allowance: int,
        qualities: Mapping[str, QualityReport] | None = None,
        tracer: PairTracer | None = None,
    ) -> None:
        self._images = images
        self._templates = templates
        self._explain = explain
        self._qualities = qualities or {}
        self._tracer = tracer
        self.allowance = allowance
        self.reserved = 0
        self.drawn = 0
        self.undrawn = 0

    def figure(self, finding: PairFinding) -> Figure:
        """Draw a pair, or only name it where the allowance is used up or a template is missing."""
        has_room = self.drawn < self.allowance - self.reserved
        drawn = self._drawn(finding) if has_room else None
        if drawn is None:
            self.undrawn += 1
            return Figure(finding=finding, qualities=self._words(finding))
        self.drawn += 1
        qualities = self._words(finding)
        return Figure(finding=finding, svg=drawn.svg, terms=drawn.terms, qualities=qualities)

    def _words(self, finding: PairFinding) -> str:
        reports = [self._qualities.get(entry.name) for entry in (finding.first, finding.second)]
        if not any(reports):
            return ""
        return ", ".join("not measured" if each is None else str(each.score) for each in reports)

    def _drawn(self, finding: PairFinding) -> DrawnPair | None:
        return draw_pair(
            finding.first,
            finding.second,
            images=self._images,
            templates=self._templates,
            explain=self._explain,
            tracer=self._tracer,
        )
