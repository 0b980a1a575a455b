"""`find_duplicates`: one line a step from templates to a report."""

from __future__ import annotations

from collections.abc import Sequence

from biocapil.decision import DecisionPolicy
from biocapil.deduplication.all_pairs import (
    AllPairs,
    CompareAll,
    Progress,
    compare_all_templates,
    fuse_fingers,
)
from biocapil.deduplication.claims import fingers_filed_twice, unconfirmed_samples
from biocapil.deduplication.clusters import join_persons
from biocapil.deduplication.counting import count_pairs
from biocapil.deduplication.findings import FailedSample, Person
from biocapil.deduplication.pairing import name_pairs
from biocapil.deduplication.persons import Fuse, evidence_similarity, pair_persons
from biocapil.deduplication.report import DuplicateReport, SimilarityHistogram
from biocapil.errors import IncompatibleTemplates
from biocapil.outcomes import FailureToExtract
from biocapil.subject import SampleEntry
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import Decision, ModelId


def find_duplicates(
    templates: Sequence[FingerprintTemplate | FailureToExtract | None],
    entries: Sequence[SampleEntry],
    policy: DecisionPolicy,
    *,
    on_progress: Progress | None = None,
    compare_all: CompareAll = compare_all_templates,
    fuse: Fuse = fuse_fingers,
) -> DuplicateReport:
    """Compare all samples with each other and find persons who are registered more than once.

    Different fingers of one claimed person are no duplicates; where their prints match, one finger was
    filed under two names, which the report tells apart from duplicate identities. Evidence between two
    persons is fused over their fingers before it is decided.

    Args:
        templates: Template of each entry, or the outcome that stands in its place.
        entries: The samples, in the manifest's order. Names must be unique.
        policy: Thresholds, applied to single pairs and to fused persons.
        on_progress: Called with the comparisons done and their total.
        compare_all: Comparison of everything with everything.
        fuse: Fusion of the similarities of distinct fingers of two persons.

    Returns:
        The report; the same for any order of threads.

    Raises:
        ValueError: Templates and entries are not aligned, or two entries have one name.
        IncompatibleTemplates: The templates come from different models.
    """
    _check(templates, entries)
    usable = [template for template in templates if isinstance(template, FingerprintTemplate)]
    failures = _failures(templates, entries)
    failed = {failure.entry.name for failure in failures}
    present = [entry for entry in entries if entry.name not in failed]
    model_id = _only_model(usable)
    compared = _compare(usable, evidence_similarity(present, policy), compare_all, on_progress)
    findings = name_pairs(compared.pairs, present, policy) if compared else ()
    person_pairs = pair_persons(findings, policy, fuse=fuse)
    duplicates = [pair for pair in person_pairs if pair.decision is Decision.DUPLICATE]
    return DuplicateReport(
        policy=policy,
        model_id=model_id,
        samples=len(entries),
        persons=len({Person.of(entry) for entry in entries}),
        sources=len({entry.source for entry in entries}),
        templates=len(usable),
        compared=compared.compared if compared else 0,
        counts=count_pairs(present, findings, person_pairs),
        histogram=_histogram(compared),
        person_pairs=person_pairs,
        clusters=join_persons(duplicates),
        fingers_filed_twice=fingers_filed_twice(findings),
        unconfirmed=unconfirmed_samples(present, findings),
        failures=failures,
    )


def _check(
    templates: Sequence[FingerprintTemplate | FailureToExtract | None],
    entries: Sequence[SampleEntry],
) -> None:
    if len(templates) != len(entries):
        raise ValueError(f"got {len(templates)} templates for {len(entries)} entries")
    seen: set[str] = set()
    for entry in entries:
        if entry.name in seen:
            raise ValueError(f"two entries have the name {entry.name!r}; names must be unique")
        seen.add(entry.name)


def _only_model(templates: Sequence[FingerprintTemplate]) -> ModelId | None:
    models = sorted({template.model_id for template in templates})
    if len(models) > 1:
        raise IncompatibleTemplates(f"templates of different models never compare: {models}")
    return models[0] if models else None


def _compare(
    templates: Sequence[FingerprintTemplate],
    threshold: float,
    compare_all: CompareAll,
    on_progress: Progress | None,
) -> AllPairs | None:
    """Pairs from the threshold on; None where there is nothing to compare."""
    if len(templates) < 2:
        return None
    return compare_all(templates, threshold=threshold, on_progress=on_progress)


def _histogram(compared: AllPairs | None) -> SimilarityHistogram | None:
    if compared is None:
        return None
    return SimilarityHistogram(edges=compared.bin_edges, counts=compared.histogram)


def _failures(
    templates: Sequence[FingerprintTemplate | FailureToExtract | None],
    entries: Sequence[SampleEntry],
) -> tuple[FailedSample, ...]:
    return tuple(
        FailedSample(entry=entry, failure=template)
        for template, entry in zip(templates, entries, strict=True)
        if not isinstance(template, FingerprintTemplate)
    )
