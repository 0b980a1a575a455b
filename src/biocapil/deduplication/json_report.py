"""The duplicate report as plain JSON values.

Schema ``biocapil.duplicate_report/3``; every key is always present:

    schema            "biocapil.duplicate_report/3"
    policy            policy_id, calibration_id, target {fpir, review_fpir, people, instances, comparisons}
                      (of several modalities instances and comparisons by modality),
                      review_llr, duplicate_llr (null where nothing can reach it), extrapolated, shortfall
    modalities        one for each: modality, model_id (null where no template was made), sources, templates,
                      compared, alone {review, duplicate: similarity from which two templates of full size
                      reach the threshold by themselves, or null}, histogram {edges (null for an end at
                      infinity), counts}, or null
    counts            samples, persons, sources, templates, failures, compared, clusters,
                      person_pairs_duplicate, person_pairs_review, fingers_filed_twice, unconfirmed
    bands             mated, same_subject, different_subjects, persons: each duplicate, review, unique
    clusters          persons [PERSON], weakest_llr, links_found, links_possible, complete
    person_pairs      first PERSON, second PERSON, decision DECISION, fingers [PAIR], pairs [PAIR]
    fingers_filed_twice   person PERSON, best PAIR, pairs [PAIR]
    unconfirmed       sample SAMPLE, mates
    failures          sample SAMPLE, reason, detail (both null where unknown)
    quality           model_id (of several modalities joined by +) and samples: name, score 0 to 100,
                      reasons; or null where no image was measured
    presentation_attack   ATTACK, of all samples together
    elapsed_s         step: seconds
    environment       name: value

    PERSON            dataset, subject
    SAMPLE            name, dataset, subject, modality, instance, sample, presentation_attack (ATTACK)
    ATTACK            finding (not_assessed, bona_fide or attack), score 0 to 1 and detector (both null where
                      nobody assessed it)
    PAIR              first (name), second (name), similarity, llr, decision, kind
    DECISION          outcome, llr, people, policy_id, calibration_id, false_match RATE, fpir RATE,
                      instances: each instance, similarity, llr, comparisons
    RATE              value, low, high, confidence, extrapolated

``person_pairs`` holds every pair of persons in the review and the duplicate band, best first: it is
the complete result, whatever a picture report had room for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from biocapil.attack_report import AttackReport
from biocapil.decision import PersonDecision
from biocapil.deduplication.findings import (
    Cluster,
    FailedSample,
    FingerFiledTwice,
    PairFinding,
    Person,
    PersonPair,
    UnconfirmedSample,
)
from biocapil.deduplication.person_rules import Policy
from biocapil.deduplication.report import (
    BandCounts,
    ComparedModality,
    DuplicateReport,
    PairCounts,
    SimilarityHistogram,
)
from biocapil.expected_rate import ExpectedRate
from biocapil.joint_policy import JointPolicy
from biocapil.quality_report import QualityReport
from biocapil.subject import SampleEntry

SCHEMA = "biocapil.duplicate_report/3"

JsonObject = dict[str, Any]


def report_to_json(
    report: DuplicateReport,
    *,
    elapsed_s: Mapping[str, float],
    environment: Mapping[str, str],
    qualities: Mapping[str, QualityReport] | None = None,
) -> JsonObject:
    """Build what `json.dumps` takes, in the schema of this module.

    Args:
        report: The report.
        elapsed_s: Seconds that each step took.
        environment: Versions and machine.
        qualities: Quality by the name of the sample, of those whose images were measured.
    """
    return {
        "schema": SCHEMA,
        "policy": policy_to_json(report.policy),
        "modalities": [_modality(each) for each in report.modalities],
        "counts": _counts(report),
        "bands": _all_bands(report.counts),
        "clusters": [_cluster(cluster) for cluster in report.clusters],
        "person_pairs": [_person_pair(pair) for pair in report.person_pairs],
        "fingers_filed_twice": [_filed_twice(found) for found in report.fingers_filed_twice],
        "unconfirmed": [_unconfirmed(found, report.attack) for found in report.unconfirmed],
        "failures": [_failure(found, report.attack) for found in report.failures],
        "quality": _quality(qualities or {}),
        "presentation_attack": report.attack.fields(),
        "elapsed_s": dict(elapsed_s),
        "environment": dict(environment),
    }


def policy_to_json(policy: Policy) -> JsonObject:
    """A policy, in the schema of this module."""
    return {
        "policy_id": policy.policy_id,
        "calibration_id": policy.calibration_id,
        "target": _target(policy),
        "review_llr": _finite(policy.review_llr),
        "duplicate_llr": _finite(policy.duplicate_llr),
        "extrapolated": policy.extrapolated,
        "shortfall": policy.shortfall,
    }


def _target(policy: Policy) -> JsonObject:
    target = asdict(policy.target)
    if isinstance(policy, JointPolicy):
        for name in ("instances", "comparisons"):
            target[name] = {each.value: getattr(part.target, name) for each, part in policy.parts.items()}
    return target


def _modality(told: ComparedModality) -> JsonObject:
    return {
        "modality": told.modality.value,
        "model_id": told.model_id,
        "sources": told.sources,
        "templates": told.templates,
        "compared": told.compared,
        "alone": dict(zip(("review", "duplicate"), map(_finite, told.alone), strict=True)),
        "histogram": _histogram(told.histogram),
    }


def decision_to_json(decision: PersonDecision) -> JsonObject:
    """A decision about two persons, in the schema of this module."""
    return {
        "outcome": decision.outcome.value,
        "llr": decision.llr,
        "people": decision.people,
        "policy_id": decision.policy_id,
        "calibration_id": decision.calibration_id,
        "false_match": _rate(decision.false_match),
        "fpir": _rate(decision.fpir),
        "instances": [asdict(instance) for instance in decision.instances],
    }


def _rate(rate: ExpectedRate) -> JsonObject:
    return {"value": rate.value, **asdict(rate.interval), "extrapolated": rate.extrapolated}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _counts(report: DuplicateReport) -> JsonObject:
    return {
        "samples": report.samples,
        "persons": report.persons,
        "sources": report.sources,
        "templates": report.templates,
        "failures": len(report.failures),
        "compared": report.compared,
        "clusters": len(report.clusters),
        "person_pairs_duplicate": len(report.duplicate_pairs),
        "person_pairs_review": len(report.review_pairs),
        "fingers_filed_twice": len(report.fingers_filed_twice),
        "unconfirmed": len(report.unconfirmed),
    }


def _all_bands(counts: PairCounts) -> JsonObject:
    return {
        "mated": _bands(counts.mated),
        "same_subject": _bands(counts.same_subject),
        "different_subjects": _bands(counts.different_subjects),
        "persons": _bands(counts.persons),
    }


def _bands(bands: BandCounts) -> JsonObject:
    return {"duplicate": bands.duplicate, "review": bands.review, "unique": bands.unique}


def _cluster(cluster: Cluster[PersonPair]) -> JsonObject:
    return {
        "persons": [_person(person) for person in cluster.persons],
        "weakest_llr": cluster.weakest_llr,
        "links_found": len(cluster.pairs),
        "links_possible": cluster.possible_pairs,
        "complete": cluster.complete,
    }


def _person_pair(pair: PersonPair) -> JsonObject:
    return {
        "first": _person(pair.first),
        "second": _person(pair.second),
        "decision": decision_to_json(pair.decision),
        "fingers": [_pair(finding) for finding in pair.fingers],
        "pairs": [_pair(finding) for finding in pair.pairs],
    }


def _filed_twice(found: FingerFiledTwice) -> JsonObject:
    return {
        "person": _person(found.person),
        "best": _pair(found.best),
        "pairs": [_pair(finding) for finding in found.pairs],
    }


def _unconfirmed(found: UnconfirmedSample, attack: AttackReport) -> JsonObject:
    return {"sample": _sample(found.entry, attack), "mates": found.mates}


def _failure(found: FailedSample, attack: AttackReport) -> JsonObject:
    return {
        "sample": _sample(found.entry, attack),
        "reason": found.failure.reason.value if found.failure else None,
        "detail": found.failure.detail if found.failure else None,
    }


def _histogram(histogram: SimilarityHistogram | None) -> JsonObject | None:
    if histogram is None:
        return None
    edges = [_finite(edge) for edge in histogram.edges.tolist()]
    return {"edges": edges, "counts": histogram.counts.tolist()}


def _quality(qualities: Mapping[str, QualityReport]) -> JsonObject | None:
    if not qualities:
        return None
    return {
        "model_id": "+".join(sorted({each.model_id for each in qualities.values()})),
        "samples": [
            {"name": name, "score": each.score, "reasons": [reason.value for reason in each.reasons]}
            for name, each in qualities.items()
        ],
    }


def _person(person: Person) -> JsonObject:
    return {"dataset": person.dataset, "subject": person.subject}


def _sample(entry: SampleEntry, attack: AttackReport) -> JsonObject:
    return {
        "name": entry.name,
        "dataset": entry.dataset,
        "subject": entry.subject,
        "modality": entry.modality.value,
        "instance": entry.instance,
        "sample": entry.sample,
        "presentation_attack": attack.fields(),
    }


def _pair(finding: PairFinding) -> JsonObject:
    return {
        "first": finding.first.name,
        "second": finding.second.name,
        "similarity": finding.similarity,
        "llr": finding.llr,
        "decision": finding.decision.value,
        "kind": finding.kind.value,
    }
