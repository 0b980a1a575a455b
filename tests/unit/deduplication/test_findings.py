from __future__ import annotations

from collections.abc import Callable

from biocapil import SampleEntry
from biocapil.deduplication import Person


def test_the_label_names_the_dataset_where_there_is_one(entry: Callable[..., SampleEntry]) -> None:
    assert Person.of(entry("7", dataset="x")).label == "x/7"
    assert Person.of(entry("7")).label == "7"


def test_repr_never_shows_who_the_person_is() -> None:
    assert "7304" not in repr(Person(dataset="", subject="7304"))
