"""Samples of a set to the people of a gallery, and to probes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from biocapil.embedding import Embedding
from biocapil.extraction import ExtractedSample
from biocapil.gallery import PersonProbe, PersonRecord, Sex, person_probe, person_record
from biocapil.iris_code import IrisCode
from biocapil.subject import SampleEntry
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import EyePosition, FingerPosition

SEX_WORDS = {
    "": Sex.NOT_KNOWN, "0": Sex.NOT_KNOWN, "unknown": Sex.NOT_KNOWN,
    "1": Sex.MALE, "m": Sex.MALE, "male": Sex.MALE,
    "2": Sex.FEMALE, "f": Sex.FEMALE, "female": Sex.FEMALE,
    "9": Sex.NOT_APPLICABLE,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SetPerson:
    """One person of a set.

    Attributes:
        person_id: Subject as the manifest writes it, after the name of its set where it has one.
        entry: First sample of the person.
        fingers: Fingerprint templates; may be empty.
        irises: Iris codes and of which eye each is; may be empty.
        faces: Embeddings of faces; may be empty.
    """

    person_id: str
    entry: SampleEntry
    fingers: tuple[FingerprintTemplate, ...]
    irises: tuple[tuple[EyePosition, IrisCode], ...]
    faces: tuple[Embedding, ...]

    @property
    def has_template(self) -> bool:
        """Whether there is anything to enroll or to search with."""
        return bool(self.fingers or self.irises or self.faces)

    @property
    def most_impressions(self) -> int:
        """Impressions of the finger, eye or face that has most; at least 1."""
        fingers = Counter(template.position for template in self.fingers)
        eyes = Counter(eye for eye, _ in self.irises)
        return max([1, len(self.faces), *fingers.values(), *eyes.values()])

    @property
    def probe(self) -> PersonProbe:
        """The person as a probe.

        Raises:
            ValueError: There is no template.
        """
        return person_probe(fingers=self.fingers, irises=self.irises, faces=self.faces)


def people_of(samples: Sequence[ExtractedSample]) -> tuple[SetPerson, ...]:
    """People in the order of their first samples."""
    samples_of: dict[str, list[ExtractedSample]] = defaultdict(list)
    for sample in samples:
        dataset, subject = sample.entry.person
        samples_of[f"{dataset}/{subject}" if dataset else subject].append(sample)
    return tuple(_person(person_id, each) for person_id, each in samples_of.items())


def _person(person_id: str, samples: Sequence[ExtractedSample]) -> SetPerson:
    return SetPerson(
        person_id=person_id,
        entry=samples[0].entry,
        fingers=tuple(
            _named(sample, sample.fingerprint) for sample in samples if sample.fingerprint is not None
        ),
        irises=tuple(
            (_eye(sample), sample.template) for sample in samples if isinstance(sample.template, IrisCode)
        ),
        faces=tuple(sample.template for sample in samples if isinstance(sample.template, Embedding)),
    )


def records_of(people: Sequence[SetPerson]) -> Iterator[PersonRecord]:
    """People who have a template, with the manifest's columns region, birth_year and sex.

    Raises:
        ValueError: A column says what cannot be; the message names the sample.
    """
    for person in people:
        if not person.has_template:
            continue
        try:
            yield person_record(
                person.person_id,
                fingers=person.fingers,
                irises=person.irises,
                faces=person.faces,
                region=person.entry.attribute("region"),
                birth_year=_year(person.entry.attribute("birth_year")),
                sex=sex_of(person.entry.attribute("sex")),
            )
        except ValueError as error:
            error.add_note(f"at {person.entry.name}")
            raise


def sex_of(word: str) -> Sex:
    """Sex as people write it.

    Raises:
        ValueError: The word names none.
    """
    found = SEX_WORDS.get(word.strip().lower())
    if found is None:
        raise ValueError(f"sex must be male, female or empty, got {word!r}")
    return found


def _year(word: str) -> int | None:
    trimmed = word.strip()
    if trimmed and not trimmed.isdecimal():
        raise ValueError(f"birth_year must be a year in digits or empty, got {word!r}")
    return int(trimmed) if trimmed else None


def _named(sample: ExtractedSample, template: FingerprintTemplate) -> FingerprintTemplate:
    """Template under the finger that the manifest names; where it names none, under its own."""
    named = sample.entry.position
    return replace(template, position=named) if isinstance(named, FingerPosition) and named else template


def _eye(sample: ExtractedSample) -> EyePosition:
    """Eye that the manifest names."""
    named = sample.entry.position
    return named if isinstance(named, EyePosition) else EyePosition.UNKNOWN
