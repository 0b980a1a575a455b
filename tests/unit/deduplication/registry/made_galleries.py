"""Galleries of fingers in which some people are registered twice, and the loop that finds them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from tests.unit.gallery.conftest import FINGERS as MODELS
from tests.unit.gallery.conftest import calibration_of, finger_of

from biocapil.calibration import decide, joint_policy_for
from biocapil.comparison import similarity_matrix
from biocapil.decision import InstanceEvidence, PersonDecision, PolicyTarget
from biocapil.deduplication.registry import GalleryDuplicates, JointPairPolicy, deduplicate_gallery
from biocapil.gallery import Gallery, GallerySnapshot, PersonRecord, person_record
from biocapil.vocabulary import Decision, FingerPosition, Modality

FINGERS = (FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX)
MINUTIAE = 20


def made_policy(*, people: int = 1000) -> JointPairPolicy:
    """Thresholds for so many people with up to ten fingers in up to nine comparisons."""
    calibrations = {Modality.FINGER: calibration_of()}
    targets = {Modality.FINGER: PolicyTarget(people=people, instances=10, comparisons=9)}
    return JointPairPolicy(calibrations=calibrations, policy=joint_policy_for(targets, calibrations))


def registered(
    name: str, source: int, *, again: int = 0, fingers: Iterable[FingerPosition] = FINGERS
) -> PersonRecord:
    """A person under a name; people of one source are one person, `again` tells their impressions apart."""
    return person_record(
        name,
        fingers=[finger_of(source, finger, impression=again, minutiae=MINUTIAE) for finger in fingers],
    )


def gallery_in(folder: Path, people: Sequence[PersonRecord] = ()) -> Gallery:
    """A gallery, open for writing."""
    gallery = Gallery.create(folder / "gallery", models=MODELS)
    gallery.add(people)
    return gallery


def deduplicated(gallery: Gallery, folder: Path, **options: Any) -> tuple[bytes, GalleryDuplicates]:
    """The report of a run, and what it did."""
    weighing = options.pop("policy", made_policy())
    done = deduplicate_gallery(gallery.snapshot(), weighing, folder=folder, **options)
    return done.report.read_bytes(), done


def naive_pairs(snapshot: GallerySnapshot, policy: JointPairPolicy) -> dict[frozenset[str], PersonDecision]:
    """Pairs of people who are not unique: everybody with everybody, finger by finger, in a loop."""
    people = list(snapshot.records())
    found: dict[frozenset[str], PersonDecision] = {}
    for one, other in combinations(people, 2):
        assert one.fingers is not None
        assert other.fingers is not None
        matrix = similarity_matrix(one.fingers, other.fingers, exact=True, workers=1)
        evidence: list[InstanceEvidence] = []
        for finger in sorted(set(one.finger_positions) & set(other.finger_positions)):
            left, right = (
                [place for place, position in enumerate(each.finger_positions) if position == finger]
                for each in (one, other)
            )
            similarities = matrix[np.ix_(left, right)].reshape(-1)
            sizes = np.minimum.outer(one.fingers.sizes()[left], other.fingers.sizes()[right]).reshape(-1)
            llrs = policy.calibrations[Modality.FINGER].evidence(similarities, sizes)
            best = int(np.argmax(llrs))
            evidence.append(
                InstanceEvidence(
                    instance=finger.name.lower(),
                    similarity=float(similarities[best]),
                    llr=float(llrs[best]) - math.log(len(llrs)),
                    comparisons=len(llrs),
                )
            )
        decision = decide(evidence, policy.policy.parts[Modality.FINGER])
        if decision.outcome in {Decision.REVIEW, Decision.DUPLICATE}:
            found[frozenset((one.person_id, other.person_id))] = decision
    return found
