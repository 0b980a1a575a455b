from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.errors import FormatError
from biocapil.evaluation.pairing import ComparisonPairs, PairProtocol, pair_samples
from biocapil.exclusion import PairExclusion
from biocapil.subject import SampleEntry
from biocapil.vocabulary import SubjectId


def entry(subject: str, sample: int = 1, instance: str = "", dataset: str = "") -> SampleEntry:
    name = f"{dataset}/{subject}_{instance}_{sample}.png"
    return SampleEntry(
        name=name,
        file=Path(name),
        subject=SubjectId(subject),
        instance=instance,
        sample=str(sample),
        dataset=dataset,
    )


def pairs_of(
    entries: list[SampleEntry],
    checksums: list[str | None] | None = None,
    protocol: PairProtocol = PairProtocol.ALL,
) -> ComparisonPairs:
    return pair_samples(entries, checksums or [None] * len(entries), protocol=protocol)


def test_all_pairs_of_three_samples_of_two_fingers() -> None:
    pairs = pairs_of([entry("a", 1), entry("b", 1), entry("a", 2)])
    assert pairs.mated.tolist() == [[0, 2]]
    assert pairs.nonmated.tolist() == [[0, 1], [1, 2]]
    assert pairs.left_out == 0


def test_two_fingers_of_one_person_are_not_mated() -> None:
    pairs = pairs_of([entry("a", instance="left_index"), entry("a", instance="right_index")])
    assert len(pairs.mated) == 0
    assert pairs.nonmated.tolist() == [[0, 1]]


def test_the_same_number_in_two_sets_is_two_sources() -> None:
    pairs = pairs_of([entry("101", dataset="x"), entry("101", dataset="y")])
    assert pairs.nonmated.tolist() == [[0, 1]]


def test_fvc_sets_give_280_mated_and_45_or_2880_non_mated_pairs() -> None:
    entries = [entry(str(finger), sample) for finger in range(10) for sample in range(8)]
    every, fvc = pairs_of(entries), pairs_of(entries, protocol=PairProtocol.FVC)
    assert (len(every.mated), len(every.nonmated)) == (280, 2880)
    assert (len(fvc.mated), len(fvc.nonmated)) == (280, 45)


def test_the_fvc_protocol_compares_the_first_impressions_listed() -> None:
    entries = [entry("a", 1), entry("b", 1), entry("a", 2), entry("b", 2), entry("c", 7)]
    pairs = pairs_of(entries, protocol=PairProtocol.FVC)
    assert pairs.nonmated.tolist() == [[0, 1], [0, 4], [1, 4]]


def test_a_print_filed_under_two_people_proves_neither_match_nor_non_match() -> None:
    entries = [entry("a", 1), entry("b", 1), entry("b", 2), entry("c", 1)]
    pairs = pairs_of(entries, ["same", "same", "other", "third"])
    assert pairs.mated.tolist() == [[1, 2]]
    assert pairs.nonmated.tolist() == [[0, 3], [1, 3], [2, 3]]
    assert pairs.left_out == 2


def test_doubt_travels_along_a_chain_of_shared_prints() -> None:
    entries = [entry("a", 1), entry("b", 1), entry("b", 2), entry("c", 1)]
    pairs = pairs_of(entries, ["x", "x", "y", "y"])
    assert len(pairs.nonmated) == 0
    assert pairs.left_out == 5


def test_files_that_could_not_be_read_are_not_taken_for_one_another() -> None:
    pairs = pairs_of([entry("a"), entry("b")], [None, None])
    assert pairs.nonmated.tolist() == [[0, 1]]
    assert pairs_of([entry("a"), entry("b")], ["", ""]).left_out == 0


def test_a_set_of_one_sample_has_no_pairs() -> None:
    for protocol in PairProtocol:
        pairs = pairs_of([entry("a")], protocol=protocol)
        assert pairs.mated.shape == (0, 2)
        assert pairs.nonmated.shape == (0, 2)


def test_a_checksum_is_needed_for_every_entry() -> None:
    with pytest.raises(ValueError, match="got 1 for 2 entries"):
        pair_samples([entry("a"), entry("b")], ["x"], protocol=PairProtocol.ALL)


@given(
    labels=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9)), max_size=14),
    protocol=st.sampled_from(PairProtocol),
)
@settings(max_examples=100, deadline=None)
def test_pairs_are_those_that_loops_find(labels: list[tuple[int, int]], protocol: PairProtocol) -> None:
    entries = [entry(str(subject), row) for row, (subject, _) in enumerate(labels)]
    checksums = [str(content) if content < 3 else None for _, content in labels]
    pairs = pairs_of(entries, checksums, protocol)
    subjects = [subject for subject, _ in labels]
    joined = {(a, a) for a in subjects}
    for _ in range(5):
        joined |= {
            (subjects[i], subjects[j])
            for i in range(len(labels))
            for j in range(len(labels))
            if checksums[i] and checksums[i] == checksums[j]
        }
        joined |= {(a, d) for a, b in joined for c, d in joined if b == c}
    firsts = {subjects.index(subject) for subject in subjects}
    mated, nonmated, left_out = [], [], 0
    for i in range(len(labels)):
        for j in range(i + 1, len(labels)):
            if subjects[i] == subjects[j]:
                mated.append([i, j])
            elif protocol is PairProtocol.ALL or {i, j} <= firsts:
                if (subjects[i], subjects[j]) in joined:
                    left_out += 1
                else:
                    nonmated.append([i, j])
    assert pairs.mated.tolist() == mated
    assert pairs.nonmated.tolist() == nonmated
    assert pairs.left_out == left_out
    assert pairs.mated.dtype == np.int32


def excluding(entries: list[SampleEntry], *excluded: PairExclusion) -> ComparisonPairs:
    return pair_samples(entries, [None] * len(entries), protocol=PairProtocol.ALL, excluded=excluded)


FOUR = [entry("a", 1), entry("a", 2), entry("b", 1), entry("c", 1)]


def test_a_sample_that_is_left_out_takes_all_its_pairs_along() -> None:
    pairs = excluding(FOUR, PairExclusion(first="/a__1.png"))
    assert pairs.mated.tolist() == []
    assert pairs.nonmated.tolist() == [[1, 2], [1, 3], [2, 3]]
    assert sorted(pairs.excluded.tolist()) == [[0, 1], [0, 2], [0, 3]]


def test_pairs_of_two_subjects_can_be_left_out_in_either_order() -> None:
    for first, second in (("a", "b"), ("b", "a")):
        pairs = excluding(FOUR, PairExclusion(first=first, second=second))
        assert pairs.mated.tolist() == [[0, 1]]
        assert pairs.nonmated.tolist() == [[0, 3], [1, 3], [2, 3]]
        assert len(pairs.excluded) == 2


def test_an_excluded_pair_is_not_counted_as_doubtful_too() -> None:
    pairs = pair_samples(
        FOUR[1:],
        ["same", "same", "x"],
        protocol=PairProtocol.ALL,
        excluded=[PairExclusion(first="a", second="b")],
    )
    assert (pairs.left_out, len(pairs.excluded), len(pairs.nonmated)) == (0, 1, 2)


def test_a_name_that_nobody_bears_is_told_with_its_line() -> None:
    with pytest.raises(FormatError, match=r"exclusions line 3: 'z' is neither a sample nor a subject"):
        excluding(FOUR, PairExclusion(first="a", second="z", line=3))
    with pytest.raises(FormatError, match=r"^'z' is neither"):
        excluding(FOUR, PairExclusion(first="z"))


def test_a_subject_may_be_told_apart_by_its_dataset() -> None:
    entries = [replace(each, dataset=name) for name in ("x", "y") for each in FOUR[:3]]
    for first, count in (("x/a", 2), ("a", 4)):
        pairs = excluding(entries, PairExclusion(first=first, second="y/b"))
        assert len(pairs.excluded) == count
