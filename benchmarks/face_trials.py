"""Which pictures of faces are compared: pairs for 1:1, gallery and probes for 1:N, drawn by a fixed seed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

MATED = NON_MATED = 3000
MOST_A_PERSON = 12
STRANGERS = 500
"""People with a single picture who are searched for and not registered."""
Pairs = NDArray[np.int64]
"""Rows of two pictures. Shape (N, 2)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Search:
    """An open search.

    Attributes:
        gallery: One picture of each person registered. Shape (G,).
        mated: Probes of people who are registered. Shape (M,).
        non_mated: Probes of people who are not. Shape (N,).
    """

    gallery: NDArray[np.int64]
    mated: NDArray[np.int64]
    non_mated: NDArray[np.int64]


def pictures_by_person(people: Sequence[str]) -> dict[str, list[int]]:
    """Numbers of each person's pictures, in their order."""
    found: dict[str, list[int]] = defaultdict(list)
    for at, person in enumerate(people):
        found[person].append(at)
    return dict(found)


def draw_pairs(people: Sequence[str], *, seed: int) -> tuple[Pairs, Pairs]:
    """Mated pairs, at most 12 of one person, and non-mated pairs of two different people each.

    Args:
        people: Person of each picture.
        seed: Seed of the draw.

    Returns:
        3,000 of each, fewer mated ones where the set holds fewer.
    """
    rng = np.random.default_rng(seed)
    mated: list[tuple[int, int]] = []
    for pictures in pictures_by_person(people).values():
        pairs = list(combinations(pictures, 2))
        chosen = rng.permutation(len(pairs))[:MOST_A_PERSON]
        mated += [pairs[at] for at in chosen]
    kept = rng.permutation(len(mated))[:MATED]
    drawn: set[tuple[int, int]] = set()
    while len(drawn) < NON_MATED:
        one, other = sorted(rng.integers(len(people), size=2).tolist())
        if people[one] != people[other]:
            drawn.add((one, other))
    return np.array(mated)[kept], np.array(sorted(drawn))


def draw_search(people: Sequence[str], *, seed: int) -> Search:
    """First pictures of all but 500 single people as a gallery; further ones and those 500 as probes."""
    rng = np.random.default_rng(seed)
    by_person = pictures_by_person(people)
    single = [pictures[0] for pictures in by_person.values() if len(pictures) == 1]
    strangers = set(rng.permutation(single)[:STRANGERS].tolist())
    firsts = [pictures[0] for pictures in by_person.values() if pictures[0] not in strangers]
    further = [at for pictures in by_person.values() for at in pictures[1:]]
    return Search(gallery=np.array(firsts), mated=np.array(further), non_mated=np.array(sorted(strangers)))
