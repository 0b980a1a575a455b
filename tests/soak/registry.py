"""The gallery as the soak test uses it: the one place to change when its interface does."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.unit.gallery.conftest import calibration_of, face_of, finger_of, iris_of, models_of

from biocapil.calibration import joint_policy_for
from biocapil.decision import PolicyTarget
from biocapil.gallery import (
    Gallery,
    GallerySnapshot,
    PersonRecord,
    person_probe,
    person_record,
    search_person,
)
from biocapil.gallery.record_codec import encode_record
from biocapil.vocabulary import EyePosition, Modality

PEOPLE = 48
VERSIONS = 3
"""Contents that a person may have; each has another finger, so that a search tells which is there."""

LEAST_LLR = 5.0
"""Evidence that impressions of one finger reach here and others do not."""

IMPRESSION = 9

CALIBRATIONS = {Modality.FINGER: calibration_of()}
POLICY = joint_policy_for(
    {Modality.FINGER: PolicyTarget(people=1000, instances=10, comparisons=9)}, CALIBRATIONS
)


def create(folder: Path) -> Gallery:
    """An empty gallery, open for writing."""
    return Gallery.create(folder, models=models_of())


def finger_number(person: int, version: int) -> int:
    """Number of the finger that a person has in a version."""
    return person + 1000 * version


@cache
def record(person: int, version: int) -> PersonRecord:
    """What is enrolled."""
    number = finger_number(person, version)
    return person_record(
        f"p{person}",
        fingers=[finger_of(number)],
        irises=[(EyePosition.LEFT, iris_of(number, EyePosition.LEFT))],
        faces=[face_of(number)],
    )


def found(snapshot: GallerySnapshot, person: int, version: int) -> list[str]:
    """Who an exact search for one finger finds, another impression of it being the probe."""
    probe = person_probe(fingers=[finger_of(finger_number(person, version), impression=IMPRESSION)])
    answer = search_person(
        snapshot,
        probe,
        CALIBRATIONS,
        POLICY,
        limit=PEOPLE,
        least_llr=LEAST_LLR,
        exact=True,
        workers=1,
    )
    assert answer.searched == answer.wanted
    return [str(each.person_id) for each in answer.candidates]


def contents(snapshot: GallerySnapshot) -> Iterator[tuple[str, int]]:
    """Everybody who is there, and the version of their content; -1 where it is none that was enrolled."""
    known = encodings()
    for each in snapshot.records():
        yield each.person_id, known.get(encode_record(each), -1)


@cache
def encodings() -> dict[bytes, int]:
    """Version of each content that may be enrolled."""
    return {
        encode_record(record(person, version)): version
        for person in range(PEOPLE)
        for version in range(VERSIONS)
    }
