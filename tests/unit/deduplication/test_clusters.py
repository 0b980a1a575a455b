from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil import Decision, ExpectedRate, Interval, PersonDecision
from biocapil.deduplication.clusters import join_persons
from biocapil.deduplication.findings import Person, PersonPair


def person(number: int) -> Person:
    return Person(dataset="", subject=f"{number:02d}")


def link(first: int, second: int, llr: float) -> PersonPair:
    rate = ExpectedRate(value=0.0, interval=Interval(low=0.0, high=0.1), extrapolated=False)
    return PersonPair(
        first=person(first),
        second=person(second),
        decision=PersonDecision(
            outcome=Decision.DUPLICATE,
            llr=llr,
            false_match=rate,
            fpir=rate,
            people=10,
            policy_id="policy",
            calibration_id="calibration",
            instances=(),
        ),
        fingers=(),
        pairs=(),
    )


def plain_components(links: list[PersonPair]) -> set[frozenset[Person]]:
    groups: list[set[Person]] = []
    for pair in links:
        ends = {pair.first, pair.second}
        touching = [group for group in groups if group & ends]
        groups = [group for group in groups if not group & ends]
        groups.append(ends.union(*touching))
    return {frozenset(group) for group in groups}


def test_a_chain_is_one_cluster_that_says_what_is_missing() -> None:
    (cluster,) = join_persons([link(1, 2, 40.0), link(2, 3, 21.0)])

    assert cluster.persons == (person(1), person(2), person(3))
    assert not cluster.complete
    assert (len(cluster.pairs), cluster.possible_pairs) == (2, 3)
    assert cluster.weakest_llr == 21.0


def test_the_weakest_link_is_the_one_the_cluster_needs_not_the_lowest_pair() -> None:
    (cluster,) = join_persons([link(1, 2, 40.0), link(2, 3, 30.0), link(1, 3, 20.0)])

    assert cluster.complete
    assert cluster.weakest_llr == 30.0


def test_clusters_stand_strongest_first() -> None:
    clusters = join_persons([link(5, 6, 50.0), link(1, 2, 40.0), link(3, 4, 40.0)])

    assert [cluster.persons[0] for cluster in clusters] == [person(5), person(1), person(3)]


def test_no_duplicates_make_no_cluster() -> None:
    assert join_persons([]) == ()


graphs = st.lists(
    st.tuples(st.sampled_from(list(combinations(range(9), 2))), st.integers(20, 60)),
    max_size=14,
    unique_by=lambda edge: edge[0],
).map(
    lambda edges: sorted((link(a, b, float(score)) for (a, b), score in edges), key=lambda p: -p.decision.llr)
)


@settings(max_examples=60)
@given(graphs)
def test_clusters_are_the_connected_components(links: list[PersonPair]) -> None:
    clusters = join_persons(links)

    assert {frozenset(cluster.persons) for cluster in clusters} == plain_components(links)
    assert sum(len(cluster.pairs) for cluster in clusters) == len(links)


@settings(max_examples=60)
@given(graphs)
def test_a_cluster_holds_at_its_weakest_evidence_and_falls_apart_above_it(links: list[PersonPair]) -> None:
    for cluster in join_persons(links):
        weakest = cluster.weakest_llr
        kept = [pair for pair in cluster.pairs if pair.decision.llr >= weakest]
        above = [pair for pair in cluster.pairs if pair.decision.llr > weakest]
        assert frozenset(cluster.persons) in plain_components(kept)
        assert frozenset(cluster.persons) not in plain_components(above)
