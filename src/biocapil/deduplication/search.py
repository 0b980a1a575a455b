"""`find_duplicates`: one line a step from templates to a report."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from biocapil.any_template import Template
from biocapil.calibration import Calibration
from biocapil.decision import DecisionPolicy
from biocapil.deduplication.all_pairs import AllPairs, ComparedSet, ComparisonRoom, Progress
from biocapil.deduplication.claims import fingers_filed_twice, unconfirmed_samples
from biocapil.deduplication.clusters import join_persons
from biocapil.deduplication.counting import count_pairs
from biocapil.deduplication.extent import set_extent
from biocapil.deduplication.findings import FailedSample, PairFinding, Person, PersonPair
from biocapil.deduplication.pairing import name_pairs
from biocapil.deduplication.persons import SecondLook, least_similarity, numbered_fingers, pair_persons
from biocapil.deduplication.report import DuplicateReport, SimilarityHistogram
from biocapil.errors import IncompatibleTemplates
from biocapil.outcomes import FailureToExtract
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Decision, ModelId


def find_duplicates(
    templates: Sequence[Template | FailureToExtract | None],
    entries: Sequence[SampleEntry],
    calibration: Calibration,
    policy: DecisionPolicy,
    *,
    on_progress: Progress | None = None,
    compare: Callable[[Sequence[Template]], ComparedSet] = ComparisonRoom,
) -> DuplicateReport:
    """Compare all samples with each other and find persons who are registered more than once.

    Different fingers of one claimed person are no duplicates; where their prints match, one finger was
    filed under two names, which the report tells apart from duplicate identities. Evidence between two
    persons is weighed over all their fingers before it is decided.

    Args:
        templates: Template of each entry, or the outcome that stands in its place.
        entries: The samples, in the manifest's order. Names must be unique.
        calibration: Turns similarity into evidence.
        policy: Thresholds of evidence, applied to single pairs and to persons.
        on_progress: Called with the comparisons done and their total.
        compare: Makes templates comparable with each other.

    Returns:
        The report; the same for any order of threads.

    Raises:
        ValueError: Templates and entries are not aligned, two entries have one name, or the policy is not
            for these samples: made with another calibration, for fewer fingers or impressions, or able to
            decide nothing.
        IncompatibleTemplates: The templates come from different models, or from another than the calibration,
            or it was fitted to another comparison.
    """
    _check(templates, entries)
    _check_policy(policy, calibration, entries)
    usable = [each for each in templates if each is not None and not isinstance(each, FailureToExtract)]
    failures = _failures(templates, entries)
    failed = {failure.entry.name for failure in failures}
    present = [entry for entry in entries if entry.name not in failed]
    model_id = _only_model(usable, calibration)
    compared: AllPairs | None = None
    findings: tuple[PairFinding, ...] = ()
    person_pairs: tuple[PersonPair, ...] = ()
    if len(usable) > 1:
        room = compare(usable)
        calibration.require(usable[0].model_id, room.comparator)
        least = least_similarity(present, calibration, policy)
        compared = room.above(
            least.same_finger, on_progress, fingers=numbered_fingers(present), across=least.across
        )
        findings = name_pairs(compared.pairs, present, room.sizes(), calibration, policy)
        look = SecondLook(entries=present, compared=room, calibration=calibration, policy=policy)
        person_pairs = pair_persons(findings, look)
    duplicates = [pair for pair in person_pairs if pair.decision.outcome is Decision.DUPLICATE]
    return DuplicateReport(
        policy=policy,
        alone=(
            calibration.similarity_at(policy.review_llr),
            calibration.similarity_at(policy.duplicate_llr),
        ),
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
    templates: Sequence[Template | FailureToExtract | None],
    entries: Sequence[SampleEntry],
) -> None:
    if len(templates) != len(entries):
        raise ValueError(f"got {len(templates)} templates for {len(entries)} entries")
    seen: set[str] = set()
    for entry in entries:
        if entry.name in seen:
            raise ValueError(f"two entries have the name {entry.name!r}; names must be unique")
        seen.add(entry.name)


def _check_policy(policy: DecisionPolicy, calibration: Calibration, entries: Sequence[SampleEntry]) -> None:
    """Refuse a policy whose rates would not hold for these samples, before any time is spent on them."""
    if policy.calibration_id != calibration.calibration_id:
        raise ValueError(
            f"the policy was made with calibration {policy.calibration_id}, the evidence comes from "
            f"{calibration.calibration_id}: make it with `policy_for` and this calibration"
        )
    if math.isinf(policy.review_llr):
        raise ValueError(f"nothing could be decided: {policy.shortfall}")
    extent, target = set_extent(entries), policy.target
    if extent.fingers > target.instances or extent.comparisons > target.comparisons:
        raise ValueError(
            f"the policy holds for {target.instances} instances and {target.comparisons} comparisons of each,"
            f" these samples come to {extent.fingers} and {extent.comparisons}: make one with such a target"
        )


def _only_model(templates: Sequence[Template], calibration: Calibration) -> ModelId | None:
    models = sorted({template.model_id for template in templates})
    if len(models) > 1:
        raise IncompatibleTemplates(f"templates of different models never compare: {models}")
    if not models:
        return None
    calibration.require(models[0], calibration.comparator)
    return models[0]


def _histogram(compared: AllPairs | None) -> SimilarityHistogram | None:
    if compared is None:
        return None
    return SimilarityHistogram(edges=compared.bin_edges, counts=compared.histogram)


def _failures(
    templates: Sequence[Template | FailureToExtract | None],
    entries: Sequence[SampleEntry],
) -> tuple[FailedSample, ...]:
    return tuple(
        FailedSample(entry=entry, failure=template)
        for template, entry in zip(templates, entries, strict=True)
        if template is None or isinstance(template, FailureToExtract)
    )
