"""`SampleEntry`: two entries of one body part have the same source."""

from __future__ import annotations

from pathlib import Path

import pytest

from biocapil import FingerPosition, Modality, SampleEntry, SubjectId


def entry(**changed: str) -> SampleEntry:
    attributes = {
        "name": "a/1.png",
        "dataset": "d",
        "subject": "p1",
        "instance": "7",
        "sample": "1",
    } | changed
    subject = SubjectId(attributes.pop("subject"))
    return SampleEntry(file=Path("a/1.png"), subject=subject, **attributes)


def test_impressions_of_one_finger_are_mated() -> None:
    assert entry().source == entry(name="a/2.png", sample="2").source


@pytest.mark.parametrize("changed", [{"subject": "p2"}, {"instance": "8"}, {"dataset": "e"}])
def test_another_person_finger_or_set_is_another_source(changed: dict[str, str]) -> None:
    assert entry().source != entry(**changed).source


def test_the_short_form_needs_only_name_file_and_subject() -> None:
    short = SampleEntry(name="x", file=Path("x"), subject=SubjectId("p"))
    assert short.source == ("", "p", "")
    assert (short.modality, short.position) == (Modality.FINGER, FingerPosition.UNKNOWN)


def test_what_is_logged_names_neither_person_nor_file() -> None:
    shown = repr(entry(name="secret/name.png", dataset="town", subject="secret person", instance="7"))
    assert shown == "SampleEntry(finger, UNKNOWN)"


def test_entries_are_values_that_sets_and_dictionaries_hold() -> None:
    assert len({entry(), entry(), entry(sample="2")}) == 2


def test_two_fingers_of_one_person_are_of_one_person() -> None:
    assert entry().person == entry(instance="8").person
    assert entry().person != entry(dataset="e").person


def test_an_attribute_that_nobody_told_is_empty() -> None:
    told = SampleEntry(name="1", file=Path("1"), subject=SubjectId("p"), attributes=(("sex", "f"),))
    assert (told.attribute("sex"), told.attribute("age")) == ("f", "")
    assert "sex" not in repr(told)
