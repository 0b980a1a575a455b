"""`CandidateList` is read like a sequence, best first."""

from __future__ import annotations

import pytest

from biocapil import Candidate, CandidateList


def test_a_list_is_counted_and_walked_in_its_order() -> None:
    best, second = Candidate(row=5, similarity=80.0), Candidate(row=2, similarity=41.5)
    found = CandidateList(candidates=(best, second), searched=1000, passed_gates=(20, 3))
    assert len(found) == 2
    assert list(found) == [best, second]
    assert (found.searched, found.passed_gates) == (1000, (20, 3))


def test_an_empty_list_is_an_answer() -> None:
    found = CandidateList(candidates=(), searched=10, passed_gates=(0, 0))
    assert len(found) == 0
    assert not list(found)


def test_candidates_are_frozen_values() -> None:
    candidate = Candidate(row=1, similarity=2.0)
    assert candidate == Candidate(row=1, similarity=2.0)
    with pytest.raises(AttributeError):
        candidate.similarity = 99.0  # type: ignore[misc] # what a test of frozenness does
