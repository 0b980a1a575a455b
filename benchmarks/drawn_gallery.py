"""Galleries of drawn people, probes captured anew, and policies: what `bench_scale.py` runs on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration import (
    Calibration,
    calibration_to_json,
    joint_policy_for,
    read_calibration,
)
from biocapil.comparison import EmbeddingPrecision
from biocapil.decision import PolicyTarget
from biocapil.gallery import (
    FaceModel,
    Gallery,
    GalleryModels,
    IrisModel,
    PersonProbe,
    PersonRecord,
    probe_of_record,
    rebuild_gallery,
)
from biocapil.joint_policy import JointPolicy
from biocapil.vocabulary import Modality
from population import EVERYTHING, EYES, FINGERS, DrawnPeople, draw_people, faces, fingers, irises
from population.scores import TURNS, drawn_calibration

SEED = 2026
"""Of the people in the galleries; calibrations are fitted on others."""

CALIBRATION_PEOPLE = {Modality.FINGER: 500, Modality.IRIS: 1200, Modality.FACE: 1500}
INSTANCES = {Modality.FINGER: 2, Modality.IRIS: 2, Modality.FACE: 1}
MODELS = GalleryModels(
    finger=fingers.MODEL,
    iris=IrisModel(model_id=irises.MODEL, geometry=irises.FITTED.geometry, turns=TURNS, every=4),
    face=FaceModel(
        model_id=faces.MODEL, dimensions=faces.FITTED.dimensions, precision=EmbeddingPrecision.INT8
    ),
)


def fill(folder: Path, people: int, *, duplicates: int) -> None:
    """Make a gallery of so many records, with planted duplicates among them."""
    Gallery.create(folder, models=MODELS).close()
    rebuild_gallery(folder, records(people, duplicates=duplicates), models=MODELS)


def records(people: int, *, duplicates: int) -> Iterator[PersonRecord]:
    """The people of a gallery."""
    for batch in draw_people(people, duplicates=duplicates, seed=SEED):
        yield from (record_of(batch, place) for place in range(len(batch)))


def newcomers(first: int, count: int) -> list[PersonRecord]:
    """People who are in no gallery."""
    batch = captured(np.arange(first, first + count), first)
    return [record_of(batch, place) for place in range(count)]


def record_of(batch: DrawnPeople, place: int) -> PersonRecord:
    """One record of a batch."""
    return PersonRecord(
        person_id=batch.person_id(place),
        fingers=batch.fingers_of(place),
        finger_positions=FINGERS,
        irises=batch.irises_of(place),
        eyes=EYES,
        faces=(batch.face_of(place),),
        region=f"region {batch.sources[place] % 500}",
        birth_year=1930 + int(batch.sources[place]) % 90,
    )


def captured(sources: NDArray[np.int64], first_capture: int) -> DrawnPeople:
    """People captured anew: `sources` names them, captures have numbers of their own."""
    captures = np.arange(first_capture, first_capture + len(sources))
    return DrawnPeople(
        first=first_capture,
        sources=sources,
        fingers=tuple(
            fingers.draw_fingers(sources, captures, position=position, seed=SEED) for position in FINGERS
        ),
        irises=tuple(irises.draw_irises(sources, captures, eye=int(eye), seed=SEED) for eye in EYES),
        faces=faces.draw_faces(sources, captures, seed=SEED),
    )


def probes_of(batch: DrawnPeople, modalities: frozenset[Modality] = EVERYTHING) -> list[PersonProbe]:
    """Probes with some of what each has."""
    return [probe_of_record(record_of(batch, place), modalities) for place in range(len(batch))]


@cache
def calibration_of(modality: Modality, kept: Path | None = None) -> Calibration:
    """What similarities of drawn people mean; fitted once where there is a folder to keep it in."""
    file = None if kept is None else kept / f"{modality.value}.json"
    if file is not None and file.exists():
        return read_calibration(file)
    fitted = drawn_calibration(modality, people=CALIBRATION_PEOPLE[modality])
    if file is not None:
        file.write_text(calibration_to_json(fitted), encoding="utf-8")
    return fitted


def policy_for_people(
    people: int, modalities: frozenset[Modality] = EVERYTHING, kept: Path | None = None
) -> JointPolicy:
    """A duplicate is called wrongly for one newcomer in a thousand, one in twenty is looked at."""
    wanted = [modality for modality in Modality if modality in modalities]
    return joint_policy_for(
        {each: PolicyTarget(people=people, instances=INSTANCES[each]) for each in wanted},
        {each: calibration_of(each, kept) for each in wanted},
    )
