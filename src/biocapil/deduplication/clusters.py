"""Clusters of one person: claimed persons whom duplicate decisions join."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import comb

from biocapil.deduplication.findings import AnyLink, Cluster, Person


def join_persons(duplicates: Sequence[AnyLink]) -> tuple[Cluster[AnyLink], ...]:
    """Join persons over duplicate pairs, strongest pair first.

    The last pair that joins two parts of a cluster is the weakest link of its maximum spanning tree,
    so its evidence is the one at which the cluster would fall apart (Kruskal's algorithm).

    Args:
        duplicates: Person pairs decided to be duplicates, best first.

    Returns:
        Clusters in order of falling weakest link; ties in order of their first person.

    Reference:
        Kruskal 1956, doi:10.1090/S0002-9939-1956-0078686-7.
    """
    leader_of: dict[Person, Person] = {}
    weakest: dict[Person, float] = {}
    for pair in duplicates:
        first, second = _leader(leader_of, pair.first), _leader(leader_of, pair.second)
        if first != second:
            leader_of[second] = first
            weakest[first] = pair.llr
    members: dict[Person, list[Person]] = defaultdict(list)
    for person in leader_of:
        members[_leader(leader_of, person)].append(person)
    links: dict[Person, list[AnyLink]] = defaultdict(list)
    for pair in duplicates:
        links[_leader(leader_of, pair.first)].append(pair)
    clusters = [_cluster(members[top], links[top], weakest[top]) for top in members]
    return tuple(sorted(clusters, key=lambda cluster: (-cluster.weakest_llr, cluster.persons)))


def _leader(leader_of: dict[Person, Person], person: Person) -> Person:
    """Representative of the part that holds a person; a new person is its own."""
    path: list[Person] = []
    while leader_of.setdefault(person, person) != person:
        path.append(person)
        person = leader_of[person]
    for passed in path:
        leader_of[passed] = person
    return person


def _cluster(persons: list[Person], pairs: list[AnyLink], weakest: float) -> Cluster[AnyLink]:
    return Cluster(
        persons=tuple(sorted(persons)),
        pairs=tuple(pairs),
        weakest_llr=weakest,
        possible_pairs=comb(len(persons), 2),
    )
