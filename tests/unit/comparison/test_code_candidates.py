"""A candidate's dissimilarity is a fraction of counts; a list is its candidates."""

from biocapil.comparison import CodeCandidate, CodeCandidateList


def test_the_dissimilarity_is_the_fractional_hamming_distance() -> None:
    assert CodeCandidate(row=3, differing_bits=30, compared_bits=120, turn=-2).dissimilarity == 0.25


def test_a_list_has_the_length_and_the_order_of_its_candidates() -> None:
    both = tuple(CodeCandidate(row=k, differing_bits=k, compared_bits=9, turn=0) for k in (1, 2))
    found = CodeCandidateList(candidates=both, searched=9, not_comparable=1, settled=4)
    assert len(found) == 2
    assert tuple(found) == both
