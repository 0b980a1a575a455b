"""Whether policies keep their target on people whom the calibration has not seen.

Two trials:

- a simulated registry with known truth: 10,100 held-back people with two fingers each, 10^8 non-mated scores,
  fingers and persons dependent as real ones are; calibration on 300 other people of the same population;
- real ten-prints: calibration on half of the people of the lent set, false positives counted among the other
  half, for every pair of fingers.

    python benchmarks/bench_policy.py [--data FOLDER] [--people N] [--only simulated|real]

Figures go to benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import fields, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration import Calibration, fit_calibration, mated_miss_rate, policy_for
from biocapil.comparison import COMPARATOR
from biocapil.decision import DecisionPolicy, PolicyTarget
from biocapil.error_rate import ErrorRate
from biocapil.labelled_scores import LabelledScores
from biocapil.uncertainty import rate_with_interval, single_clusters
from biocapil.vocabulary import ModelId
from lent_sets import DATA, FVC_PPI, SAME_SOURCE, fvc_samples, scores_of, ten_print_samples

RESULTS = Path(__file__).resolve().parent / "results" / "policy.json"
SCALE = 0.16
"""Mean excess of the root of similarity in the tail of real non-mated pairs."""
SHARED_BY_PERSON, SHARED_BY_FINGERS = 0.05, 0.08
"""Correlation of two non-mated scores that share a person, and of two fingers of the same two persons."""
SEEDS = (1, 2, 3, 4, 5)
"""Registries that are simulated, each with its own calibration."""
FULL_SIZE = 37
FAILED_SHARE = 0.03
"""Share of mated comparisons that are no more alike than strangers."""
COLUMNS = tuple(field.name for field in fields(LabelledScores) if field.name not in {"dataset", "model_id"})
GRID = np.linspace(-9.0, 9.0, 20_001)


def main() -> None:
    """Run both trials, print, write."""
    arguments = parse_arguments()
    found: dict[str, Any] = {}
    if arguments.only != "real":
        found["simulated"] = [simulated(arguments.people, seed=seed) for seed in SEEDS]
    if arguments.only != "simulated":
        found["real"] = real(arguments.data)
    print(json.dumps(found, indent=1))
    if arguments.only is None:
        RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def parse_arguments() -> argparse.Namespace:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the lent data")
    parser.add_argument("--people", type=int, default=10_100, help="held-back people of the simulation")
    parser.add_argument("--only", choices=("simulated", "real"))
    return parser.parse_args()


def simulated(people: int, *, seed: int) -> dict[str, Any]:
    """The simulated registry."""
    rng = np.random.default_rng(seed)
    calibration = fit_calibration([simulated_set(rng, people=300)], comparator=COMPARATOR)
    target = PolicyTarget(people=people, instances=2)
    policy = policy_for(target, calibration)
    evidence = evidence_on_grid(calibration)
    alerts = {"duplicate": np.zeros(people, np.bool_), "review": np.zeros(people, np.bool_)}
    thresholds = {"duplicate": policy.duplicate_llr, "review": policy.review_llr}
    traits = rng.normal(size=(people, 2))
    for row in range(people - 1):
        fused = fused_nonmated(rng, traits[row], traits[row + 1 :], evidence, policy)
        for name, threshold in thresholds.items():
            hits = np.flatnonzero(fused >= threshold)
            if hits.size:
                alerts[name][row] = True
                alerts[name][row + 1 + hits] = True
    missed = float((fused_mated(rng, people, calibration, policy) < policy.review_llr).mean())
    low, high = mated_miss_rate(calibration, llr=policy.review_llr, instances=2)
    return {
        "nonmated_scores": people * (people - 1),
        "policy": policy.policy_id,
        "target_fpir": target.fpir,
        "measured_fpir": rate_fields(counted(alerts["duplicate"])),
        "target_review_fpir": target.review_fpir,
        "measured_review_fpir": rate_fields(counted(alerts["review"])),
        "predicted_fnir": [low, high],
        "measured_fnir": missed,
        "kept": bool(
            alerts["duplicate"].mean() <= target.fpir and alerts["review"].mean() <= target.review_fpir
        ),
    }


def simulated_set(rng: np.random.Generator, *, people: int) -> LabelledScores:
    """Labelled scores of people with two fingers: every non-mated pair once, one mated pair a finger."""
    traits = rng.normal(size=(people, 2))
    first, second = np.triu_indices(people, 1)
    finger = np.repeat([0, 1], len(first))
    normal = np.concatenate(list(latent(rng, traits[first], traits[second])))
    mated = np.tile(np.arange(people), 2)
    roots = np.concatenate([root_of(normal), mated_roots(rng, 2 * people)])
    one = np.concatenate([np.tile(first, 2), mated]).astype(np.int32)
    other = np.concatenate([np.tile(second, 2), mated]).astype(np.int32)
    instance = np.concatenate([finger, np.repeat([0, 1], people)]).astype(np.int16)
    return LabelledScores(
        dataset="simulated",
        model_id=ModelId("simulated@0"),
        similarities=(roots**2).astype(np.float32),
        mated=np.arange(len(roots)) >= len(normal),
        first_subject=one,
        second_subject=other,
        sizes=np.full(len(roots), FULL_SIZE, np.int16),
        first_instance=instance,
        second_instance=instance,
    )


def latent(
    rng: np.random.Generator, first: NDArray[np.float64], second: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Standard normal value behind the score of each of two fingers, for pairs of persons.

    Args:
        rng: Source of randomness.
        first: Traits of one person: one value a finger. Shape (2,) or (P, 2).
        second: Traits of the others. Shape (P, 2).
    """
    pairs = len(second)
    together = rng.normal(size=pairs) * math.sqrt(SHARED_BY_FINGERS)
    own = math.sqrt(1 - 2 * SHARED_BY_PERSON - SHARED_BY_FINGERS)
    person = math.sqrt(SHARED_BY_PERSON) * (first + second)
    values = [person[:, finger] + together + own * rng.normal(size=pairs) for finger in (0, 1)]
    return values[0], values[1]


def root_of(normal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Root of similarity of a standard normal value: exponential, as the tail of real scores is."""
    return np.interp(normal, GRID, SCALE * log_survival_table())


def log_survival_table() -> NDArray[np.float64]:
    """Minus the logarithm of the chance that a standard normal variable exceeds each point of `GRID`."""
    return np.array([-math.log(0.5 * math.erfc(point / math.sqrt(2))) for point in GRID.tolist()])


def mated_roots(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Roots of mated comparisons: a few are as strangers are, the others far beyond."""
    good = rng.gamma(6.0, 1.3, count)
    poor = root_of(rng.normal(size=count))
    return np.where(rng.random(count) < FAILED_SHARE, poor, good)


def evidence_on_grid(calibration: Calibration) -> NDArray[np.float64]:
    """Evidence of the score behind each point of `GRID`."""
    similarities = (SCALE * log_survival_table()) ** 2
    return calibration.evidence(similarities, np.full(len(GRID), FULL_SIZE))


def fused_nonmated(
    rng: np.random.Generator,
    trait: NDArray[np.float64],
    others: NDArray[np.float64],
    evidence: NDArray[np.float64],
    policy: DecisionPolicy,
) -> NDArray[np.float64]:
    """Evidence between one person and each of the others, as `fusion.fuse_person` fuses it."""
    left, right = (np.interp(values, GRID, evidence) for values in latent(rng, trait, others))
    return fused(left, right, policy)


def fused_mated(
    rng: np.random.Generator, people: int, calibration: Calibration, policy: DecisionPolicy
) -> NDArray[np.float64]:
    """Evidence between two registrations of one person."""
    full = np.full(people, FULL_SIZE)
    left, right = (calibration.evidence(mated_roots(rng, people) ** 2, full) for _ in (0, 1))
    return fused(left, right, policy)


def fused(
    left: NDArray[np.float64], right: NDArray[np.float64], policy: DecisionPolicy
) -> NDArray[np.float64]:
    """Vectorised twin of `fusion.fuse_person` for two fingers."""
    together = (left + right) / (1 + policy.dependence)
    return np.maximum(together, np.maximum(left, right) - math.log(4))


def real(data: Path) -> dict[str, Any]:
    """The real ten-prints: people with even numbers calibrate, those with odd numbers are tried."""
    prints = without_doubtful(scores_of(ten_print_samples(data)))
    even, odd = (half(prints, parity) for parity in (0, 1))
    mated = [scores_of(samples) for name, samples in fvc_samples(data).items() if name in FVC_PPI]
    calibration = fit_calibration([*mated, even], comparator=COMPARATOR)
    people = len(np.unique(np.concatenate([odd.first_subject, odd.second_subject])))
    target = PolicyTarget(people=people, instances=2)
    policy = policy_for(target, calibration)
    table = by_person_pair(odd, calibration)
    alerts: dict[str, list[NDArray[np.bool_]]] = {"duplicate": [], "review": []}
    for first, second in combinations(range(table.shape[0]), 2):
        both = fused(table[first], table[second], policy)
        for name, threshold in (("duplicate", policy.duplicate_llr), ("review", policy.review_llr)):
            alerts[name].append(np.asarray((both >= threshold).any(axis=1)))
    return {
        "people": people,
        "pairs_of_fingers": len(alerts["duplicate"]),
        "nonmated_scores": int(odd.nonmated.sum()),
        "target_fpir": target.fpir,
        "measured_fpir": float(np.mean(alerts["duplicate"])),
        "target_review_fpir": target.review_fpir,
        "measured_review_fpir": float(np.mean(alerts["review"])),
        "dependence": policy.dependence,
        "kept": bool(
            np.mean(alerts["duplicate"]) <= target.fpir and np.mean(alerts["review"]) <= target.review_fpir
        ),
    }


def without_doubtful(scores: LabelledScores) -> LabelledScores:
    """Non-mated pairs of the same finger, without those that are one finger under two names."""
    return kept(scores, scores.nonmated & (scores.similarities < SAME_SOURCE))


def half(scores: LabelledScores, parity: int) -> LabelledScores:
    """Pairs between persons whose numbers are even, or odd."""
    return kept(scores, (scores.first_subject % 2 == parity) & (scores.second_subject % 2 == parity))


def kept(scores: LabelledScores, rows: NDArray[np.bool_]) -> LabelledScores:
    """Some of the pairs."""
    return replace(scores, **{name: getattr(scores, name)[rows] for name in COLUMNS})


def by_person_pair(scores: LabelledScores, calibration: Calibration) -> NDArray[np.float64]:
    """Evidence of each finger between each two persons; what was not compared counts as nothing alike.

    Returns:
        Shape (fingers, persons, persons), float64.
    """
    names, place = np.unique(
        np.concatenate([scores.first_subject, scores.second_subject]), return_inverse=True
    )
    first, second = place[: len(scores.mated)], place[len(scores.mated) :]
    fingers = int(scores.first_instance.max()) + 1
    table = np.full((fingers, len(names), len(names)), float(calibration.table.llr[0]))
    evidence = calibration.evidence(scores.similarities, scores.sizes)
    table[scores.first_instance, first, second] = evidence
    table[scores.first_instance, second, first] = evidence
    return table


def counted(alerts: NDArray[np.bool_]) -> ErrorRate:
    """Share of people with an alert, and its interval over people."""
    people = np.arange(len(alerts), dtype=np.int32)
    return rate_with_interval(alerts, single_clusters(people, len(alerts)))


def rate_fields(rate: ErrorRate) -> dict[str, float]:
    """A rate as JSON fields."""
    return {
        "value": rate.value,
        "low": rate.interval.low,
        "high": rate.interval.high,
        "errors": rate.errors,
        "trials": rate.trials,
    }


if __name__ == "__main__":
    main()
