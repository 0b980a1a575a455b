"""Score sets of drawn people, and calibrations fitted on them.

They say what a similarity means among drawn people, nothing about real ones: a scale proof is decided by the
calibration of its own population, and a registry by one that was fitted on real samples.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration import Calibration, fit_calibration
from biocapil.comparison import (
    COMPARATOR,
    FACE_COMPARATOR,
    FULL_SIZE,
    iris_comparator,
    similarity_matrix,
)
from biocapil.labelled_scores import LabelledScores
from biocapil.vocabulary import FingerPosition, Modality, ModelId
from population import faces, fingers, irises
from population.draws import Floats
from population.people import EYES, FINGERS

TURNS = 6
"""Columns by which codes are turned either way: 17 degrees."""

COMPARATORS = {
    Modality.FINGER: COMPARATOR,
    Modality.IRIS: iris_comparator(TURNS),
    Modality.FACE: FACE_COMPARATOR,
}

FEWEST_SHARE = 8
"""Codes that share fewer than one bit in so many have nothing in common."""

CALIBRATION_PEOPLE = {Modality.FINGER: 600, Modality.IRIS: 1500, Modality.FACE: 3000}
"""People whose scores are calibrated: what takes a minute or two."""

CALIBRATION_SEED = 71
"""Seed of the people that calibrations are fitted on; proofs use others."""


def drawn_calibration(
    modality: Modality, *, people: int | None = None, seed: int = CALIBRATION_SEED
) -> Calibration:
    """Calibration of one modality of drawn people.

    Args:
        modality: Which.
        people: How many are drawn, each captured twice; by default `CALIBRATION_PEOPLE`.
        seed: Of the population.
    """
    return fit_calibration(
        [drawn_scores(modality, people=people or CALIBRATION_PEOPLE[modality], seed=seed)],
        comparator=COMPARATORS[modality],
        modality=modality,
        dependence=0.0 if modality is Modality.FACE else None,
    )


def drawn_scores(modality: Modality, *, people: int, seed: int) -> LabelledScores:
    """Labelled scores: each person against themselves, captured twice, and everybody against everybody.

    Args:
        modality: Which.
        people: How many.
        seed: Of the population.
    """
    score, instances, model_id = {
        Modality.FINGER: (_finger_scores, tuple(map(int, FINGERS)), fingers.MODEL),
        Modality.IRIS: (_iris_scores, EYES, irises.MODEL),
        Modality.FACE: (_face_scores, (0,), faces.MODEL),
    }[modality]
    return _labelled(score, instances, model_id, people=people, seed=seed)


Score = Callable[[int, int, int], tuple[Floats, NDArray[np.int16]]]
"""Instance, people and seed to similarities of first to second captures, and their sizes, both (P, P)."""


def _labelled(
    score: Score, instances: tuple[int, ...], model_id: ModelId, *, people: int, seed: int
) -> LabelledScores:
    of, against = (side.ravel().astype(np.int32) for side in np.indices((people, people)))
    chosen = np.flatnonzero(of <= against)
    matrices = [score(instance, people, seed) for instance in instances]
    number = np.repeat(np.array(instances, np.int16), len(chosen))
    return LabelledScores(
        dataset="drawn people",
        model_id=model_id,
        similarities=np.concatenate([each.ravel()[chosen] for each, _ in matrices]),
        mated=np.tile((of == against)[chosen], len(instances)),
        first_subject=np.tile(of[chosen], len(instances)),
        second_subject=np.tile(against[chosen], len(instances)),
        sizes=np.concatenate([sizes.ravel()[chosen] for _, sizes in matrices]),
        first_instance=number,
        second_instance=number,
    )


def _finger_scores(instance: int, people: int, seed: int) -> tuple[Floats, NDArray[np.int16]]:
    own = np.arange(people)
    first, second = (
        fingers.draw_fingers(own, own + people * each, position=FingerPosition(instance), seed=seed)
        for each in (0, 1)
    )
    return similarity_matrix(first, second), np.minimum.outer(first.sizes(), second.sizes())


def _iris_scores(instance: int, people: int, seed: int) -> tuple[Floats, NDArray[np.int16]]:
    own = np.arange(people)
    first, second = (irises.draw_irises(own, own + people * each, eye=instance, seed=seed) for each in (0, 1))
    distances = np.stack([nearest_turn(probe, second) for probe in first])
    return 200 * np.maximum(0, np.float32(0.5) - distances), np.full((people, people), FULL_SIZE, np.int16)


def _face_scores(_instance: int, people: int, seed: int) -> tuple[Floats, NDArray[np.int16]]:
    own = np.arange(people)
    first, second = (faces.draw_faces(own, own + people * each, seed=seed) for each in (0, 1))
    return 100 * np.maximum(0, first @ second.T), np.full((people, people), FULL_SIZE, np.int16)


def nearest_turn(probe: NDArray[np.uint64], references: NDArray[np.uint64], *, turns: int = TURNS) -> Floats:
    """Smallest fractional Hamming distance of a code to others over all turns.

    Args:
        probe: Code and mask. Shape (2, words).
        references: Code and mask of each. Shape (N, 2, words).
        turns: Columns to turn either way.

    Returns:
        Shape (N,), float32; 0.5 where too few bits are shared.
    """
    geometry = irises.FITTED.geometry
    columns = geometry.columns_of(probe)
    least = np.full(len(references), np.inf, np.float32)
    for turn in range(-turns, turns + 1):
        code, mask = geometry.words_of(np.roll(columns, turn, axis=1))
        valid = references[:, 1] & mask
        shared = np.bitwise_count(valid).sum(axis=1, dtype=np.int64)
        differing = np.bitwise_count((references[:, 0] ^ code) & valid).sum(axis=1, dtype=np.int64)
        enough = shared >= geometry.bits // FEWEST_SHARE
        least = np.where(enough, np.minimum(least, differing / np.maximum(shared, 1)), least)
    return np.where(np.isinf(least), np.float32(0.5), least).astype(np.float32)
