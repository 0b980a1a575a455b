import pytest

from biocapil.exclusion import PairExclusion


def test_an_exclusion_without_a_second_name_is_of_everything_with_the_first() -> None:
    exclusion = PairExclusion(first="a/1.png")
    assert (exclusion.second, exclusion.line) == ("", 0)


def test_an_exclusion_must_name_something() -> None:
    with pytest.raises(ValueError, match="must name a sample or subject"):
        PairExclusion(first="")


def test_nobody_is_named_in_a_log() -> None:
    assert repr(PairExclusion(first="Budi", second="Siti", line=7)) == "PairExclusion(line=7)"
