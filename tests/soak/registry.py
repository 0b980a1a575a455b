"""The gallery as the soak test uses it: the one place to change when its interface does."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.unit.gallery.conftest import MODEL, calibration_of, finger_of

from biocapil.calibration import policy_for
from biocapil.decision import PolicyTarget
from biocapil.gallery import Gallery, GallerySnapshot, PersonRecord, person_record, search_person
from biocapil.gallery.record_codec import encode_record

PEOPLE = 48
VERSIONS = 3
"""Contents that a person may have; each has another finger, so that a search tells which is there."""

LEAST_LLR = 5.0
"""Evidence that impressions of one finger reach here and others do not."""

IMPRESSION = 9

CALIBRATION = calibration_of()
POLICY = policy_for(PolicyTarget(people=1000, instances=10, comparisons=9), CALIBRATION)


def create(folder: Path) -> Gallery:
    """An empty gallery, open for writing."""
    return Gallery.create(folder, model_id=MODEL)


def finger_number(person: int, version: int) -> int:
    """Number of the finger that a person has in a version."""
    return person + 1000 * version


@cache
def record(person: int, version: int) -> PersonRecord:
    """What is enrolled."""
    return person_record(f"p{person}", [finger_of(finger_number(person, version))])


def found(snapshot: GallerySnapshot, person: int, version: int) -> list[str]:
    """Who an exact search for one finger finds, another impression of it being the probe."""
    probe = finger_of(finger_number(person, version), impression=IMPRESSION)
    answer = search_person(
        snapshot, [probe], CALIBRATION, POLICY, limit=PEOPLE, least_llr=LEAST_LLR, workers=1
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
