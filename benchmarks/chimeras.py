"""Chimeric people: finger p of one set and finger p + k of another, as the two fingers of one person.

Evidence comes from calibrations of each set (its sensor), fitted without the two people who are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration import fit_calibration
from biocapil.comparison import COMPARATOR
from biocapil.labelled_scores import LabelledScores

FINGERS, IMPRESSIONS = 10, 8
COLUMNS = tuple(field.name for field in fields(LabelledScores) if field.name not in {"dataset", "model_id"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlockScores:
    """Scores of one set by the fingers they compare.

    Attributes:
        mated: Shape (FINGERS, 28).
        nonmated: Shape (FINGERS, FINGERS, 64), for the impressions of the first finger times the second's.
    """

    mated: NDArray[np.float64]
    nonmated: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChimericScores:
    """Scores of all chimeric people, and whose fingers they are.

    Attributes:
        mated: Shape (M,).
        nonmated: Shape (K,).
        mated_fingers: Numbers of the two fingers of the person, over all sets. Shape (M, 2).
        nonmated_fingers: Numbers of the four fingers. Shape (K, 4).
    """

    mated: NDArray[np.float64]
    nonmated: NDArray[np.float64]
    mated_fingers: NDArray[np.intp]
    nonmated_fingers: NDArray[np.intp]


def similarity_blocks(scores: LabelledScores) -> BlockScores:
    """Similarities of a set by finger."""
    return _blocks(scores, lambda _first, _second, rows: scores.similarities[rows].astype(np.float64))


def evidence_blocks(scores: LabelledScores) -> BlockScores:
    """Evidence of a set by finger, each pair of fingers with a calibration that has seen neither."""

    def evidence(first: int, second: int, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        away = {first, second} if first != second else {first, (first + 1) % FINGERS}
        others = ~np.isin(scores.first_subject, list(away)) & ~np.isin(scores.second_subject, list(away))
        seen = replace(scores, **{name: getattr(scores, name)[others] for name in COLUMNS})
        calibration = fit_calibration([seen], comparator=COMPARATOR)
        return calibration.evidence(scores.similarities[rows], scores.sizes[rows])

    return _blocks(scores, evidence)


def _blocks(
    scores: LabelledScores, value_of: Callable[[int, int, NDArray[np.intp]], NDArray[np.float64]]
) -> BlockScores:
    mated = np.zeros((FINGERS, IMPRESSIONS * (IMPRESSIONS - 1) // 2))
    nonmated = np.zeros((FINGERS, FINGERS, IMPRESSIONS**2))
    first, second = scores.first_subject, scores.second_subject
    for one in range(FINGERS):
        mated[one] = value_of(one, one, np.flatnonzero((first == one) & (second == one)))
        for other in range(one + 1, FINGERS):
            block = value_of(one, other, np.flatnonzero((first == one) & (second == other)))
            nonmated[one, other] = block
            nonmated[other, one] = block.reshape(IMPRESSIONS, IMPRESSIONS).T.ravel()
    return BlockScores(mated=mated, nonmated=nonmated)


def chimeric_scores(
    sets: Sequence[BlockScores],
    fuse: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]],
) -> ChimericScores:
    """Fuse the fingers of every chimeric person: every two sets, every shift k, every finger p."""
    mated: list[NDArray[np.float64]] = []
    nonmated: list[NDArray[np.float64]] = []
    mated_fingers: list[NDArray[np.intp]] = []
    nonmated_fingers: list[NDArray[np.intp]] = []
    people = np.arange(FINGERS)
    one, other = np.triu_indices(FINGERS, 1)
    for a, b in combinations(range(len(sets)), 2):
        for shift in range(FINGERS):
            moved = (people + shift) % FINGERS
            mated.append(fuse(sets[a].mated, sets[b].mated[moved]).ravel())
            nonmated.append(
                fuse(sets[a].nonmated[one, other], sets[b].nonmated[moved[one], moved[other]]).ravel()
            )
            left, right = a * FINGERS + people, b * FINGERS + moved
            pairs_a, pairs_b = sets[a].mated.shape[1], sets[a].nonmated.shape[2]
            mated_fingers.append(np.repeat(np.stack([left, right], axis=1), pairs_a, axis=0))
            four = np.stack([left[one], left[other], right[one], right[other]], axis=1)
            nonmated_fingers.append(np.repeat(four, pairs_b, axis=0))
    return ChimericScores(
        mated=np.concatenate(mated),
        nonmated=np.concatenate(nonmated),
        mated_fingers=np.concatenate(mated_fingers),
        nonmated_fingers=np.concatenate(nonmated_fingers),
    )


def fnmr_at(scores: ChimericScores, fmr: float, weights: NDArray[np.float64] | None = None) -> float:
    """False non-match rate at the lowest threshold whose false match rate does not exceed a limit.

    Args:
        scores: Scores of chimeric people.
        fmr: The limit; 0 asks for no false match at all.
        weights: Weight of each finger; by default 1. Shape (sets * FINGERS,).
    """
    if weights is None:
        of_mated, of_nonmated = np.ones(len(scores.mated)), np.ones(len(scores.nonmated))
    else:
        of_mated = weights[scores.mated_fingers].prod(axis=1)
        of_nonmated = weights[scores.nonmated_fingers].prod(axis=1)
    order = np.argsort(-scores.nonmated, kind="stable")
    beyond = np.cumsum(of_nonmated[order]) / of_nonmated.sum()
    allowed = int(np.searchsorted(beyond, fmr + 1e-12, side="right"))
    highest = scores.nonmated[order[allowed]] if allowed < len(order) else -np.inf
    return float(of_mated[scores.mated <= highest].sum() / of_mated.sum())
