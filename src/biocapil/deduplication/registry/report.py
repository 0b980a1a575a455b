"""The report of all against all within a gallery: JSON lines, written as they are made.

Schema ``biocapil.gallery_duplicates/1``; every key is always present:

    type "pair"      first, second (identifiers), decision DECISION as in `biocapil.duplicate_report/3`
    type "cluster"   persons (identifiers), weakest_llr, links_found, links_possible, complete
    type "summary"   schema, gallery_id, generation, people, people_scanned, comparable_pairs, comparisons,
                     scanned, exact, policy {policy_id, calibration_ids, review_llr, target},
                     duplicate, review, clusters, presentation_attack {finding, score, detector}

Pairs come with most evidence first, ties in the order of the hashes of their identifiers; of a pair that
comes first whose hash is smaller. The summary is last. Nothing in the file tells how the run went, so that
whatever its way, the same gallery and policy give the same bytes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.attack_report import NOT_ASSESSED
from biocapil.deduplication.clusters import join_persons
from biocapil.deduplication.findings import Person
from biocapil.deduplication.json_report import decision_to_json
from biocapil.deduplication.registry.counts import PeopleCounts
from biocapil.deduplication.registry.pair_policy import PairPolicy
from biocapil.deduplication.registry.people import Everybody
from biocapil.deduplication.registry.run_terms import RunTerms
from biocapil.deduplication.registry.second_look import LOOKED_AT, OUTCOMES, Found, decisions
from biocapil.gallery.durable import TEMPORARY_SUFFIX, sync_folder, write_new
from biocapil.threads import map_in_order
from biocapil.vocabulary import Decision

REPORT_FILE = "report.jsonl"
SCHEMA = "biocapil.gallery_duplicates/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLink:
    """Two people of a gallery who were decided to be one.

    Attributes:
        first: One of them.
        second: The other.
        llr: Evidence.
    """

    first: Person
    second: Person
    llr: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCounts:
    """What a report holds.

    Attributes:
        duplicate: Pairs of people who are duplicates.
        review: Pairs of people for somebody to look at.
        clusters: Clusters of duplicates.
    """

    duplicate: int
    review: int
    clusters: int


def write_report(
    path: Path,
    found: Found,
    everybody: Everybody,
    policy: PairPolicy,
    *,
    terms: RunTerms,
    people: PeopleCounts,
    comparisons: int,
    workers: int | None,
) -> ReportCounts:
    """Write the report, whole or not at all, readable by its owner only.

    Args:
        path: Of the report.
        found: Pairs of people who are not unique, each once.
        everybody: All people.
        policy: Weighs evidence.
        terms: Of the run.
        people: Who was compared.
        comparisons: Pairs of templates of different people of the scanned instances.
        workers: Threads; by default the budget of the process.

    Raises:
        OSError: It cannot be written.
    """
    ranked = found[_order(found, everybody)]
    links = [_link(each, everybody) for each in ranked if OUTCOMES[each["outcome"]] is Decision.DUPLICATE]
    clusters = join_persons(links)
    codes: list[int] = ranked["outcome"].tolist()
    outcomes = Counter(OUTCOMES[code] for code in codes)
    counts = ReportCounts(
        duplicate=outcomes[Decision.DUPLICATE], review=outcomes[Decision.REVIEW], clusters=len(clusters)
    )

    def lines() -> Iterator[bytes]:
        yield from _pair_lines(ranked, everybody, policy, workers)
        for cluster in clusters:
            yield _line(
                type="cluster",
                persons=[person.subject for person in cluster.persons],
                weakest_llr=cluster.weakest_llr,
                links_found=len(cluster.pairs),
                links_possible=cluster.possible_pairs,
                complete=cluster.complete,
            )
        yield _summary(terms, people, comparisons, counts)

    temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
    write_new(temporary, lines())
    temporary.replace(path)
    sync_folder(path.parent)
    return counts


def _order(found: Found, everybody: Everybody) -> NDArray[np.intp]:
    first, second = everybody.id_hashes(found["first"]), everybody.id_hashes(found["second"])
    return np.lexsort((second, first, -found["llr"]))


def _link(pair: Any, everybody: Everybody) -> PersonLink:
    first, second = (Person(dataset="", subject=everybody.person_id(int(pair[name]))) for name in _ENDS)
    return PersonLink(first=first, second=second, llr=float(pair["llr"]))


def _pair_lines(
    ranked: Found, everybody: Everybody, policy: PairPolicy, workers: int | None
) -> Iterator[bytes]:
    def made(start: int) -> bytes:
        places = np.column_stack([ranked[name][start : start + LOOKED_AT] for name in _ENDS])
        return b"".join(
            _line(
                type="pair",
                first=everybody.person_id(first),
                second=everybody.person_id(second),
                decision=decision_to_json(decision),
            )
            for (first, second), decision in zip(
                places.tolist(), decisions(places, everybody, policy), strict=True
            )
        )

    with closing(map_in_order(made, range(0, len(ranked), LOOKED_AT), workers=workers)) as parts:
        yield from parts


def _summary(terms: RunTerms, people: PeopleCounts, comparisons: int, counts: ReportCounts) -> bytes:
    policy = terms.policy
    return _line(
        type="summary",
        schema=SCHEMA,
        gallery_id=terms.gallery_id,
        generation=terms.generation,
        people=people.people,
        people_scanned=people.scanned,
        comparable_pairs=people.comparable,
        comparisons=comparisons,
        scanned=list(terms.bars),
        exact=terms.exact,
        policy={
            "policy_id": policy.policy_id,
            "calibration_ids": dict(policy.calibration_ids),
            "review_llr": policy.review_llr,
            "target": dict(policy.target),
        },
        duplicate=counts.duplicate,
        review=counts.review,
        clusters=counts.clusters,
        presentation_attack=NOT_ASSESSED.fields(),
    )


def _line(**fields: Any) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"


_ENDS = ("first", "second")
