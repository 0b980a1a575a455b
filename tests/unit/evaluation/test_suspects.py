from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biocapil.evaluation.score_set import ScoreSet, make_score_set
from biocapil.evaluation.suspects import SuspectReason, suspect_pairs, suspect_samples
from biocapil.subject import SampleEntry
from biocapil.vocabulary import SubjectId


def entries_of(people: int, samples: int) -> list[SampleEntry]:
    return [
        SampleEntry(
            name=f"{person}_{sample}", file=Path("x"), subject=SubjectId(str(person)), sample=str(sample)
        )
        for person in range(people)
        for sample in range(samples)
    ]


def scores_of(matrix: NDArray[np.float32], entries: list[SampleEntry]) -> ScoreSet:
    first, second = np.triu_indices(len(entries), 1)
    pairs = np.stack([first, second], axis=1).astype(np.int32)
    mated = np.array([entries[a].source == entries[b].source for a, b in pairs.tolist()], dtype=np.bool_)
    values = matrix[first, second]
    return make_score_set(
        [entry.person for entry in entries],
        mated=values[mated],
        nonmated=values[~mated],
        mated_pairs=pairs[mated],
        nonmated_pairs=pairs[~mated],
    )


def plausible(people: int, samples: int) -> NDArray[np.float32]:
    """Strangers near 1, mates near 20."""
    whose = np.repeat(np.arange(people), samples)
    rng = np.random.default_rng(0)
    matrix = rng.uniform(0.5, 1.5, (len(whose), len(whose)))
    matrix += np.where(whose[:, None] == whose[None, :], 19, 0)
    return np.triu(matrix).astype(np.float32)


def test_a_clean_set_is_not_suspected() -> None:
    entries = entries_of(6, 3)
    scores = scores_of(plausible(6, 3), entries)
    assert suspect_pairs(scores, entries, duplicate_similarity=15.0) == ()
    assert suspect_samples(scores, entries, threshold=5.0) == ()


def test_a_pair_at_the_level_of_duplicates_is_listed_once_a_source_pair() -> None:
    entries = entries_of(6, 3)
    matrix = plausible(6, 3)
    matrix[0, 3], matrix[1, 4], matrix[2, 9] = 16.0, 18.0, 15.0
    found = suspect_pairs(scores_of(matrix, entries), entries, duplicate_similarity=15.0)
    assert [(pair.first.name, pair.second.name, pair.similarity) for pair in found] == [
        ("0_1", "1_1", 18.0),
        ("0_2", "3_0", 15.0),
    ]
    assert {pair.reason for pair in found} == {SuspectReason.DUPLICATE_LEVEL}


def test_two_body_parts_as_alike_as_mates_are_listed_below_that_level() -> None:
    entries = entries_of(6, 3)
    matrix = plausible(6, 3)
    matrix[0:3, 3:6] = 30.0
    (found,) = suspect_pairs(scores_of(matrix, entries), entries, duplicate_similarity=99.0)
    assert (found.first.subject, found.second.subject) == ("0", "1")
    assert found.reason is SuspectReason.LIKE_MATES


def test_few_pairs_between_two_body_parts_say_nothing_by_their_mean() -> None:
    entries = entries_of(6, 1)
    matrix = plausible(6, 1)
    matrix[0, 1] = 30.0
    assert suspect_pairs(scores_of(matrix, entries), entries, duplicate_similarity=99.0) == ()


def test_a_sample_that_matches_no_mate_is_listed_and_its_mates_are_not() -> None:
    entries = entries_of(4, 3)
    matrix = plausible(4, 3)
    matrix[0, 1], matrix[0, 2] = 2.0, 1.0
    (found,) = suspect_samples(scores_of(matrix, entries), entries, threshold=5.0)
    assert (found.entry.name, found.mates, found.best_similarity) == ("0_0", 2, 2.0)
    assert found.reason is SuspectReason.NO_MATE


def test_of_two_that_do_not_match_nobody_knows_which_is_wrong() -> None:
    entries = entries_of(4, 2)
    matrix = plausible(4, 2)
    matrix[0, 1] = 1.0
    assert suspect_samples(scores_of(matrix, entries), entries, threshold=5.0) == ()


def test_a_failure_to_extract_is_no_fault_of_the_label() -> None:
    entries = entries_of(4, 3)
    matrix = plausible(4, 3)
    matrix[0, :] = matrix[:, 0] = -np.inf
    scores = scores_of(matrix, entries)
    assert suspect_samples(scores, entries, threshold=5.0) == ()
    assert suspect_pairs(scores, entries, duplicate_similarity=15.0) == ()


def test_without_pairs_there_is_nothing_to_suspect() -> None:
    entries = entries_of(1, 1)
    scores = scores_of(np.ones((1, 1), dtype=np.float32), entries)
    assert suspect_pairs(scores, entries, duplicate_similarity=15.0) == ()
    assert suspect_samples(scores, entries, threshold=1.0) == ()
