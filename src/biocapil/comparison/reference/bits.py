"""Comparison of binary codes in plain numpy: the twin that `kernels.bits` is held to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.code_candidates import CodeCandidate
from biocapil.iris_code import IrisCode


def counts_by_turn(probe: IrisCode, reference: IrisCode, *, turns: int) -> NDArray[np.int64]:
    """Turn, differing bits and compared bits at every turn. Shape (2 turns + 1, 3)."""
    found: list[tuple[int, int, int]] = []
    for turn in range(-turns, turns + 1):
        turned = probe.turned(turn)
        both = turned.mask & reference.mask
        differing = np.bitwise_count((turned.code ^ reference.code) & both).sum()
        found.append((turn, int(differing), int(np.bitwise_count(both).sum())))
    return np.array(found)


def best_turn(
    probe: IrisCode, reference: IrisCode, *, turns: int, fewest_bits: int
) -> tuple[int, int, int] | None:
    """Turn, differing bits and compared bits where the codes differ least.

    Ties go to the smallest turn, then to the negative one. None where no turn has enough valid bits.
    """
    comparable = [
        (differing / compared, abs(turn), turn, differing, compared)
        for turn, differing, compared in counts_by_turn(probe, reference, turns=turns).tolist()
        if compared >= fewest_bits
    ]
    return min(comparable)[2:] if comparable else None


def search(
    probe: IrisCode,
    references: Sequence[IrisCode],
    *,
    turns: int,
    threshold: float,
    limit: int | None,
    fewest_bits: int,
) -> tuple[list[CodeCandidate], int]:
    """Candidates of an exact search, and how many references were not comparable."""
    best = [best_turn(probe, code, turns=turns, fewest_bits=fewest_bits) for code in references]
    candidates = [
        CodeCandidate(row=row, differing_bits=found[1], compared_bits=found[2], turn=found[0])
        for row, found in enumerate(best)
        if found is not None and found[1] / found[2] <= threshold
    ]
    candidates.sort(key=lambda candidate: (candidate.dissimilarity, candidate.row))
    return candidates[:limit], best.count(None)


def distances(probes: NDArray[np.uint64], references: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Differing bits of each probe and reference. Shapes (Q, words) and (N, words) to (Q, N)."""
    differing: NDArray[np.int64] = np.bitwise_count(probes[:, None] ^ references).sum(axis=-1, dtype=np.int64)
    return differing


def search_plain(
    probes: NDArray[np.uint64], references: NDArray[np.uint64], *, limit: int | None, largest_distance: int
) -> list[list[tuple[int, int]]]:
    """Row and distance of the candidates of each probe."""
    answers: list[list[tuple[int, int]]] = []
    for row in distances(probes, references):
        order = np.argsort(row, kind="stable")
        answers.append([(int(k), int(row[k])) for k in order if row[k] <= largest_distance][:limit])
    return answers
