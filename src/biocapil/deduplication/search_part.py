"""One modality of a set: its samples compared with each other, and the pairs of them that mean something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from biocapil.any_template import Template
from biocapil.calibration import Calibration
from biocapil.deduplication.all_pairs import AllPairs, ComparedSet, Progress
from biocapil.deduplication.findings import PairFinding
from biocapil.deduplication.pairing import name_pairs
from biocapil.deduplication.person_rules import PersonRules
from biocapil.deduplication.persons import SecondLook, least_similarity, numbered_fingers
from biocapil.deduplication.report import ComparedModality, SimilarityHistogram
from biocapil.errors import IncompatibleTemplates
from biocapil.outcomes import FailureToExtract
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Modality, ModelId


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """Samples of one modality.

    Attributes:
        modality: The modality.
        entries: All of its samples.
        usable: Templates there are.
        present: Sample of each template.
    """

    modality: Modality
    entries: Sequence[SampleEntry]
    usable: Sequence[Template]
    present: Sequence[SampleEntry]

    @classmethod
    def of(
        cls,
        templates: Sequence[Template | FailureToExtract | None],
        entries: Sequence[SampleEntry],
        modality: Modality,
    ) -> Part:
        """What of a set is of a modality."""
        usable: list[Template] = []
        present: list[SampleEntry] = []
        for template, entry in zip(templates, entries, strict=True):
            if entry.modality is modality and not (
                template is None or isinstance(template, FailureToExtract)
            ):
                usable.append(template)
                present.append(entry)
        own = [entry for entry in entries if entry.modality is modality]
        return cls(modality=modality, entries=own, usable=usable, present=present)

    @property
    def model_id(self) -> ModelId | None:
        """Model that made the templates; None where there is none."""
        return self.usable[0].model_id if self.usable else None

    def require_model(self, calibration: Calibration) -> None:
        """Refuse templates that a calibration says nothing about, before any time is spent on them.

        Raises:
            IncompatibleTemplates: They come from different models, or from another than the calibration.
        """
        models = sorted({template.model_id for template in self.usable})
        if len(models) > 1:
            raise IncompatibleTemplates(f"templates of different models never compare: {models}")
        if models:
            calibration.require(models[0], calibration.comparator)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SearchedPart:
    """What comparing one modality found.

    Attributes:
        told: What the report says of it.
        findings: Pairs of samples that mean something, best first.
        look: What a second look needs; None where nothing was compared.
    """

    told: ComparedModality
    findings: tuple[PairFinding, ...]
    look: SecondLook | None


def search_part(
    part: Part,
    rules: PersonRules,
    compare: Callable[[Sequence[Template]], ComparedSet],
    on_progress: Progress | None,
) -> SearchedPart:
    """Compare the samples of one modality with each other.

    Args:
        part: The samples.
        rules: What similarity means, and thresholds.
        compare: Makes the templates comparable with each other.
        on_progress: Called with the comparisons done and their total.

    Raises:
        IncompatibleTemplates: The calibration was fitted to another comparison.
    """
    calibration = rules.calibrations[part.modality]
    findings: tuple[PairFinding, ...] = ()
    compared: AllPairs | None = None
    look: SecondLook | None = None
    if len(part.usable) > 1:
        room = compare(part.usable)
        calibration.require(part.usable[0].model_id, room.comparator)
        least = least_similarity(part.present, rules, part.modality)
        compared = room.above(
            least.same_finger, on_progress, fingers=numbered_fingers(part.present), across=least.across
        )
        findings = name_pairs(compared.pairs, part.present, room.sizes(), calibration, rules.policy)
        look = SecondLook(modality=part.modality, entries=part.present, compared=room, rules=rules)
    told = ComparedModality(
        modality=part.modality,
        model_id=part.model_id,
        sources=len({entry.source for entry in part.entries}),
        templates=len(part.usable),
        compared=compared.compared if compared else 0,
        alone=(
            calibration.similarity_at(rules.policy.review_llr),
            calibration.similarity_at(rules.policy.duplicate_llr),
        ),
        histogram=_histogram(compared),
    )
    return SearchedPart(told=told, findings=findings, look=look)


def _histogram(compared: AllPairs | None) -> SimilarityHistogram | None:
    if compared is None:
        return None
    return SimilarityHistogram(edges=compared.bin_edges, counts=compared.histogram)
