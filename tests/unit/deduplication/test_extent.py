from __future__ import annotations

from collections.abc import Callable

from biocapil import SampleEntry
from biocapil.deduplication import SetExtent, set_extent


def test_what_two_persons_can_ask_of_a_comparison_is_counted(entry: Callable[..., SampleEntry]) -> None:
    entries = [
        *(entry("a", finger) for finger in ("thumb", "index", "ring")),
        *(entry("b", "thumb", str(number)) for number in range(4)),
        entry("b", "index"),
        *(entry("c", "thumb", str(number)) for number in range(2)),
    ]

    assert set_extent(entries) == SetExtent(persons=3, fingers=3, common_fingers=2, comparisons=8)


def test_one_person_alone_has_nothing_in_common_with_anybody(entry: Callable[..., SampleEntry]) -> None:
    entries = [entry("a", "thumb"), entry("a", "index", "1"), entry("a", "index", "2")]

    assert set_extent(entries) == SetExtent(persons=1, fingers=2, common_fingers=1, comparisons=2)


def test_an_empty_set_has_an_extent() -> None:
    assert set_extent([]) == SetExtent(persons=0, fingers=1, common_fingers=1, comparisons=1)


def test_equal_names_in_two_datasets_are_two_persons(entry: Callable[..., SampleEntry]) -> None:
    assert set_extent([entry("7", dataset="x"), entry("7", dataset="y")]).persons == 2
