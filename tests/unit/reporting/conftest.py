"""Made-up prints, templates and explanations; none comes from a finger."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from biocapil import (
    CapturedSample,
    Decision,
    DecisionPolicy,
    EvidenceRates,
    ExpectedRate,
    ExtractionFailure,
    FailureToExtract,
    FingerprintTemplate,
    InstanceEvidence,
    Interval,
    Modality,
    ModelId,
    Origin,
    PersonDecision,
    PolicyTarget,
    SampleEntry,
    SubjectId,
)
from biocapil.comparison.explanation import Explanation, PairedMinutiae, ScoreTerm
from biocapil.deduplication import (
    BandCounts,
    Cluster,
    ComparedModality,
    DuplicateReport,
    FailedSample,
    FingerFiledTwice,
    PairCounts,
    PairFinding,
    Person,
    PersonPair,
    SimilarityHistogram,
    UnconfirmedSample,
)


@pytest.fixture
def template() -> FingerprintTemplate:
    """Four minutiae: an ending, two bifurcations and one of another kind."""
    return FingerprintTemplate(
        positions_um=np.array([[2000, 3000], [5000, 4000], [8000, 9000], [1000, 11000]], np.float32),
        angles_rad=np.array([0, math.pi / 2, 3, 5], np.float32),
        kinds=np.array([1, 2, 2, 0], np.uint8),
        qualities=np.zeros(4, np.uint8),
        extent_um=(10_000.0, 12_000.0),
        model_id=ModelId("made@1"),
    )


@pytest.fixture
def empty_template() -> FingerprintTemplate:
    return FingerprintTemplate(
        positions_um=np.zeros((0, 2), np.float32),
        angles_rad=np.zeros(0, np.float32),
        kinds=np.zeros(0, np.uint8),
        qualities=np.zeros(0, np.uint8),
        extent_um=(3_000.0, 3_000.0),
        model_id=ModelId("made@1"),
    )


@pytest.fixture
def print_sample() -> CapturedSample:
    """Concentric rings, 200 x 236 pixels at 500 ppi: about 10 x 12 mm."""
    rows, columns = np.mgrid[0:236, 0:200]
    rings = 128 + 120 * np.cos(np.hypot(rows - 120, columns - 100) / 1.4)
    return CapturedSample(pixels=rings.astype(np.uint8), resolution_ppi=500.0, origin=Origin.SYNTHETIC)


@pytest.fixture
def explanation() -> Explanation:
    """Two pairs after a turn of 10 degrees."""
    return Explanation(
        similarity=37.5,
        rotation_rad=math.radians(10),
        translation_um=(100.0, -200.0),
        pairs=(
            PairedMinutiae(
                probe_index=0,
                reference_index=1,
                distance_um=120.0,
                angle_difference_rad=math.radians(4),
                weight=0.9,
            ),
            PairedMinutiae(
                probe_index=2,
                reference_index=3,
                distance_um=260.0,
                angle_difference_rad=0.0,
                weight=0.2,
            ),
        ),
        terms=(
            ScoreTerm(name="matched mass", value=1.1, meaning="Sum of the weights. " * 12),
            ScoreTerm(name="pairs", value=2.0, meaning=""),
        ),
    )


@pytest.fixture
def no_alignment() -> Explanation:
    return Explanation(similarity=0.0, rotation_rad=0.0, translation_um=(0.0, 0.0), pairs=(), terms=())


@pytest.fixture
def entry() -> Callable[..., SampleEntry]:
    def make(subject: str, instance: str = "thumb", sample: str = "1") -> SampleEntry:
        name = f"{subject}_{instance}_{sample}.png"
        return SampleEntry(
            name=name,
            file=Path(name),
            subject=SubjectId(subject),
            instance=instance,
            sample=sample,
        )

    return make


def _policy() -> DecisionPolicy:
    """Evidence t is reached by one pair of different persons in exp(t)."""
    llr = np.arange(0.0, 101.0)
    rate = np.exp(-llr)
    return DecisionPolicy(
        review_llr=9.5,
        duplicate_llr=19.25,
        target=PolicyTarget(people=1000, instances=2),
        calibration_id="made<1>@0123",
        rates=EvidenceRates(llr=llr, rate=rate, low=rate / 2, high=rate, measured_to=15.0),
        dependence=0.1,
    )


def _finding(first: SampleEntry, second: SampleEntry, similarity: float) -> PairFinding:
    return PairFinding(
        first=first,
        second=second,
        similarity=similarity,
        llr=similarity - 0.5,
        decision=Decision.DUPLICATE if similarity >= 20 else Decision.REVIEW,
        mated=False,
        same_subject=first.subject == second.subject,
    )


def _decision(finding: PairFinding, policy: DecisionPolicy) -> PersonDecision:
    rate = ExpectedRate(value=2e-7, interval=Interval(low=1e-8, high=3e-6), extrapolated=True)
    return PersonDecision(
        outcome=finding.decision,
        llr=finding.llr,
        false_match=rate,
        fpir=rate.among(policy.target.people),
        people=policy.target.people,
        policy_id=policy.policy_id,
        calibration_id=policy.calibration_id,
        instances=(
            InstanceEvidence(
                instance=finding.first.instance,
                similarity=finding.similarity,
                llr=finding.llr,
                comparisons=1,
            ),
        ),
    )


def _pair(finding: PairFinding, *more: PairFinding) -> PersonPair:
    return PersonPair(
        first=Person.of(finding.first),
        second=Person.of(finding.second),
        decision=_decision(finding, _policy()),
        fingers=(finding,),
        pairs=(finding, *more),
    )


@pytest.fixture
def report(entry: Callable[..., SampleEntry]) -> DuplicateReport:
    """A chain of three identities, one pair to review, one finger filed twice, failures, a doubt."""
    a, b, c, d = (entry(subject) for subject in ("a<1>", "b", "c", "d"))
    strong = _pair(_finding(a, b, 40.0), _finding(entry("a<1>", sample="2"), b, 22.0))
    weak, doubtful = _pair(_finding(b, c, 25.0)), _pair(_finding(c, d, 15.0))
    twice = _finding(entry("d"), entry("d", "index"), 33.0)
    return DuplicateReport(
        policy=_policy(),
        modalities=(
            ComparedModality(
                modality=Modality.FINGER,
                model_id=ModelId("made@1"),
                sources=7,
                templates=7,
                compared=21,
                alone=(10.0, 20.0),
                histogram=SimilarityHistogram(
                    edges=np.linspace(0, 50, 6), counts=np.array([17, 1, 2, 0, 1], np.int64)
                ),
            ),
        ),
        samples=9,
        persons=6,
        counts=PairCounts(
            mated=BandCounts(duplicate=0, review=0, unique=1),
            same_subject=BandCounts(duplicate=1, review=0, unique=0),
            different_subjects=BandCounts(duplicate=3, review=1, unique=15),
            persons=BandCounts(duplicate=2, review=1, unique=3),
        ),
        person_pairs=(strong, weak, doubtful),
        clusters=(
            Cluster(
                persons=tuple(Person.of(who) for who in (a, b, c)),
                pairs=(strong, weak),
                weakest_llr=24.5,
                possible_pairs=3,
            ),
        ),
        fingers_filed_twice=(FingerFiledTwice(person=Person.of(d), best=twice, pairs=(twice,)),),
        unconfirmed=(UnconfirmedSample(entry=entry("a<1>", sample="2"), mates=1),),
        failures=(
            FailedSample(
                entry=entry("e"),
                failure=FailureToExtract(reason=ExtractionFailure.NO_CONTRAST, detail="four grey values"),
            ),
            FailedSample(entry=entry("f"), failure=None),
        ),
    )
