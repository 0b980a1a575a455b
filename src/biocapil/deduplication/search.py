"""`find_duplicates`: one line a step from templates to a report."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from biocapil.any_template import Template
from biocapil.calibration import Calibration
from biocapil.deduplication.all_pairs import ComparedSet, ComparisonRoom, Progress
from biocapil.deduplication.claims import fingers_filed_twice, unconfirmed_samples
from biocapil.deduplication.clusters import join_persons
from biocapil.deduplication.counting import count_pairs
from biocapil.deduplication.extent import set_extent
from biocapil.deduplication.findings import FailedSample, Person
from biocapil.deduplication.person_rules import PersonRules, Policy
from biocapil.deduplication.persons import pair_persons
from biocapil.deduplication.report import DuplicateReport
from biocapil.deduplication.search_part import Part, search_part
from biocapil.outcomes import FailureToExtract
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Decision, Modality


def find_duplicates(
    templates: Sequence[Template | FailureToExtract | None],
    entries: Sequence[SampleEntry],
    calibration: Calibration | Mapping[Modality, Calibration],
    policy: Policy,
    *,
    on_progress: Progress | None = None,
    compare: Callable[[Sequence[Template]], ComparedSet] = ComparisonRoom,
) -> DuplicateReport:
    """Compare all samples of each modality with each other and find persons registered more than once.

    Different fingers of one claimed person are no duplicates; where their prints match, one finger was
    filed under two names, which the report tells apart from duplicate identities. Evidence between two
    persons is weighed over all their fingers, eyes and faces before it is decided.

    Args:
        templates: Template of each entry, or the outcome that stands in its place.
        entries: The samples, in the manifest's order. Names must be unique.
        calibration: Turns similarity into evidence; one for each modality where there are several.
        policy: Thresholds of evidence, applied to single pairs and to persons: a `JointPolicy` where there
            are several modalities.
        on_progress: Called with the comparisons done and their total.
        compare: Makes templates of one modality comparable with each other.

    Returns:
        The report; the same for any order of threads.

    Raises:
        ValueError: Templates and entries are not aligned, two entries have one name, or the policy is not
            for these samples: made with another calibration, for fewer fingers or impressions, or able to
            decide nothing.
        IncompatibleTemplates: The templates of a modality come from different models, or from another than
            its calibration, or that was fitted to another comparison.
    """
    _check(templates, entries)
    rules = PersonRules.of(calibration, policy)
    parts = [
        Part.of(templates, entries, modality)
        for modality in rules.calibrations
        if len(rules.calibrations) == 1 or any(entry.modality is modality for entry in entries)
    ]
    _check_policy(rules, entries, parts)
    for part in parts:
        part.require_model(rules.calibrations[part.modality])
    telling = _telling(parts, on_progress)
    searched = [search_part(part, rules, compare, tell) for part, tell in zip(parts, telling, strict=True)]
    findings = tuple(found for each in searched for found in each.findings)
    looks = [each.look for each in searched if each.look is not None]
    person_pairs = pair_persons(findings, looks, rules)
    duplicates = [pair for pair in person_pairs if pair.decision.outcome is Decision.DUPLICATE]
    failures = _failures(templates, entries)
    failed = {failure.entry.name for failure in failures}
    present = [entry for entry in entries if entry.name not in failed]
    return DuplicateReport(
        policy=policy,
        modalities=tuple(each.told for each in searched),
        samples=len(entries),
        persons=len({Person.of(entry) for entry in entries}),
        counts=count_pairs(present, findings, person_pairs),
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


def _check_policy(rules: PersonRules, entries: Sequence[SampleEntry], parts: Sequence[Part]) -> None:
    """Refuse a policy whose rates would not hold for these samples, before any time is spent on them."""
    if math.isinf(rules.policy.review_llr):
        raise ValueError(f"nothing could be decided: {rules.policy.shortfall}")
    missing = {entry.modality for entry in entries} - set(rules.calibrations)
    if missing:
        told = ", ".join(sorted(modality.value for modality in missing))
        raise ValueError(f"no calibration for {told}: give one, or leave these samples out")
    for part in parts:
        extent, target = set_extent(part.entries), rules.part(part.modality).target
        if extent.fingers > target.instances or extent.comparisons > target.comparisons:
            raise ValueError(
                f"the policy holds for {target.instances} instances and {target.comparisons} comparisons of "
                f"each, these samples come to {extent.fingers} and {extent.comparisons}: "
                "make one with such a target"
            )


def _telling(parts: Sequence[Part], on_progress: Progress | None) -> Iterator[Progress | None]:
    """What each part's search reports to, so that all of them together rise to one total."""
    totals = [math.comb(len(part.usable), 2) for part in parts]
    for place in range(len(parts)):
        before, total = sum(totals[:place]), sum(totals)

        def tell(done: int, _of_part: int, before: int = before, total: int = total) -> None:
            if on_progress is not None:
                on_progress(before + done, total)

        yield tell


def _failures(
    templates: Sequence[Template | FailureToExtract | None],
    entries: Sequence[SampleEntry],
) -> tuple[FailedSample, ...]:
    return tuple(
        FailedSample(entry=entry, failure=template)
        for template, entry in zip(templates, entries, strict=True)
        if template is None or isinstance(template, FailureToExtract)
    )
