"""`PersonProbe`: fingers, eyes and faces of a person who is searched for, and many of them side by side.

templates ─► person_probe ─► PersonProbe ─┐
templates ─► person_probe ─► PersonProbe ─┴─► ProbeBatch: all probes of one instance in one set
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import (
    FingerProbes,
    PackedTemplates,
    ProbeSet,
    face_probes,
    iris_probes,
    join_packed,
    pack,
)
from biocapil.embedding import Embedding
from biocapil.gallery.person_record import PersonRecord
from biocapil.iris_code import IrisCode
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import MODALITIES, EyePosition, FingerPosition, Instance, Modality

FACE = Instance(modality=Modality.FACE)

Template = PackedTemplates | IrisCode | Embedding
"""One template; of a finger, packed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PersonProbe:
    """What one person is searched for with.

    Attributes:
        templates: Impressions of each instance, at least one of each; at least one instance.
    """

    templates: Mapping[Instance, tuple[Template, ...]]

    def __post_init__(self) -> None:
        if not self.templates or not all(self.templates.values()):
            raise ValueError("the probe has no template: a search needs at least one finger, eye or face")

    def most_impressions(self, modality: Modality) -> int:
        """Impressions of the instance of a modality that has most; at least 1."""
        counts = [len(each) for instance, each in self.templates.items() if instance.modality is modality]
        return max(counts, default=1)

    def __repr__(self) -> str:
        return f"PersonProbe({len(self.templates)} instances)"


def person_probe(
    *,
    fingers: Sequence[FingerprintTemplate] = (),
    irises: Sequence[tuple[EyePosition, IrisCode]] = (),
    faces: Sequence[Embedding] = (),
) -> PersonProbe:
    """A probe of templates; the positions of fingers say which they are.

    Args:
        fingers: Fingerprint templates.
        irises: Iris codes and of which eye each is.
        faces: Embeddings.

    Raises:
        ValueError: There is no template at all.
    """
    return _probe([(finger.position, pack([finger])) for finger in fingers], irises, faces)


def probe_of_record(record: PersonRecord, modalities: Collection[Modality] = MODALITIES) -> PersonProbe:
    """A probe of what is to be enrolled, or of some modalities of it.

    Raises:
        ValueError: There is no template of these modalities.
    """
    packed = record.fingers
    fingers = [
        (position, packed.stretch(place, place + 1))
        for place, position in enumerate(record.finger_positions)
        if packed is not None and Modality.FINGER in modalities
    ]
    irises = zip(record.eyes, record.irises, strict=True) if Modality.IRIS in modalities else ()
    return _probe(fingers, irises, record.faces if Modality.FACE in modalities else ())


def _probe(
    fingers: Iterable[tuple[FingerPosition, PackedTemplates]],
    irises: Iterable[tuple[EyePosition, IrisCode]],
    faces: Iterable[Embedding],
) -> PersonProbe:
    templates: dict[Instance, list[Template]] = defaultdict(list)
    for position, finger in fingers:
        templates[Instance(modality=Modality.FINGER, position=position)].append(finger)
    for eye, code in irises:
        templates[Instance(modality=Modality.IRIS, position=eye)].append(code)
    for face in faces:
        templates[FACE].append(face)
    return PersonProbe(templates={instance: tuple(each) for instance, each in sorted(templates.items())})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InstanceProbes:
    """Everybody's templates of one instance.

    Attributes:
        probes: Prepared.
        owners: Number of the person that each is of, never falling. Shape (P,), int64.
    """

    probes: ProbeSet
    owners: NDArray[np.int64]

    def of(self, person: int) -> NDArray[np.int64]:
        """Probes of one person that hold something to compare."""
        first, beyond = np.searchsorted(self.owners, [person, person + 1]).tolist()
        filled: NDArray[np.int64] = np.flatnonzero(self.probes.sizes()[first:beyond]) + first
        return filled


ProbeBatch = Mapping[Instance, InstanceProbes]
"""Several persons' probes, by instance."""


def batch_of(people: Sequence[PersonProbe]) -> ProbeBatch:
    """Put the probes of several persons side by side.

    Raises:
        IncompatibleTemplates: Templates of one modality are of different models.
    """
    instances = sorted({instance for person in people for instance in person.templates})
    return {instance: _side_by_side(instance, people) for instance in instances}


def _side_by_side(instance: Instance, people: Sequence[PersonProbe]) -> InstanceProbes:
    templates = [
        (number, each) for number, one in enumerate(people) for each in one.templates.get(instance, ())
    ]
    return InstanceProbes(
        probes=_prepared(instance.modality, [each for _, each in templates]),
        owners=np.array([number for number, _ in templates], np.int64),
    )


def _prepared(modality: Modality, templates: Sequence[Template]) -> ProbeSet:
    if modality is Modality.FINGER:
        packed = join_packed([each for each in templates if isinstance(each, PackedTemplates)])
        return FingerProbes(packed=packed)
    if modality is Modality.IRIS:
        return iris_probes([each for each in templates if isinstance(each, IrisCode)])
    return face_probes([each for each in templates if isinstance(each, Embedding)])
