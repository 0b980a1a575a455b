"""Searches among drawn people: how long they take, and who is found."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from biocapil.calibration import Calibration
from biocapil.gallery import Gallery, PersonSearch, search_people
from biocapil.joint_policy import JointPolicy
from biocapil.vocabulary import Decision, Modality
from drawn_gallery import SEED, calibration_of, captured, policy_for_people, probes_of
from population import EVERYTHING, DrawnPeople, planted_duplicates
from scale.comparing import MOST_OF_ALL
from scale.keeping import planted_in

PROBES = 20
WAYS = {
    "everything": EVERYTHING,
    "fingers": frozenset({Modality.FINGER}),
    "irises": frozenset({Modality.IRIS}),
    "face": frozenset({Modality.FACE}),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Way:
    """How people are searched for.

    Attributes:
        gallery: Where.
        modalities: With what of them.
        calibrations: What similarities mean.
        policy: Thresholds.
        exact: Whether every pair is compared in full.
    """

    gallery: Gallery
    modalities: frozenset[Modality]
    calibrations: Mapping[Modality, Calibration]
    policy: JointPolicy
    exact: bool

    def search(self, people: DrawnPeople, *, at_once: int) -> list[PersonSearch]:
        """Search for people, so many at a time."""
        probes, snapshot = probes_of(people, self.modalities), self.gallery.snapshot()
        return [
            answer
            for first in range(0, len(probes), at_once)
            for answer in search_people(
                snapshot, probes[first : first + at_once], self.calibrations, self.policy, exact=self.exact
            )
        ]


def searches(gallery: Gallery, people: int, kept: Path | None = None) -> dict[str, Any]:
    """Seconds a search, and who is found, with everything and with one modality; in full and cheaply."""
    rng = np.random.default_rng(people)
    planted = planted_duplicates(people, duplicates=planted_in(people), seed=SEED).ravel()
    once = np.setdiff1d(np.arange(people), planted)
    mates = captured(rng.choice(once, PROBES, replace=False), 4 * 10**6)
    strangers = captured(np.arange(5 * 10**6, 5 * 10**6 + PROBES), 5 * 10**6)
    found: dict[str, Any] = {}
    for name, modalities in WAYS.items():
        for exact in (False, True):
            if exact and Modality.FINGER in modalities and people > MOST_OF_ALL:
                continue
            way = Way(
                gallery=gallery,
                modalities=modalities,
                calibrations={each: calibration_of(each, kept) for each in modalities},
                policy=policy_for_people(people, modalities, kept),
                exact=exact,
            )
            found[f"{name}{', exact' if exact else ''}"] = _measured(way, mates, strangers)
    return found


def _measured(way: Way, mates: DrawnPeople, strangers: DrawnPeople) -> dict[str, Any]:
    way.search(captured(mates.sources[:1], 6 * 10**6), at_once=1)
    start = time.perf_counter()
    answers = way.search(mates, at_once=1)
    one_s = (time.perf_counter() - start) / PROBES
    start = time.perf_counter()
    way.search(mates, at_once=PROBES)
    together_s = (time.perf_counter() - start) / PROBES
    others = way.search(strangers, at_once=PROBES)
    wanted = [f"p{source:09d}" for source in mates.sources.tolist()]
    return {
        "one_s": one_s,
        "in_a_batch_s": together_s,
        "probes": PROBES,
        "first_is_mate": sum(
            bool(answer.candidates) and answer.candidates[0].person_id == mate
            for answer, mate in zip(answers, wanted, strict=True)
        ),
        "duplicate": _with(answers, Decision.DUPLICATE),
        "review": _with(answers, Decision.REVIEW),
        "strangers_duplicate": _with(others, Decision.DUPLICATE),
        "strangers_review": _with(others, Decision.REVIEW),
    }


def _with(answers: Sequence[PersonSearch], outcome: Decision) -> int:
    return sum(answer.outcome is outcome for answer in answers)
