"""People made of numbers, and a calibration by which similarity is evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from biocapil.calibration import Calibration, CalibrationTable, FittedSet, joint_policy_for
from biocapil.comparison import COMPARATOR, EmbeddingPrecision
from biocapil.decision import PolicyTarget
from biocapil.embedding import Embedding
from biocapil.gallery import (
    FaceModel,
    Gallery,
    GalleryModels,
    GallerySnapshot,
    IrisModel,
    PersonRecord,
    PersonSearch,
    person_probe,
    person_record,
    search_person,
)
from biocapil.iris_code import CodeGeometry, IrisCode
from biocapil.joint_policy import JointPolicy
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import EyePosition, FingerPosition, Modality, ModelId

MODEL = ModelId("made@1")
FINGERS = GalleryModels(finger=MODEL)
IRIS = IrisModel(
    model_id=ModelId("iris@1"), geometry=CodeGeometry(columns=30, column_bits=8), turns=3, every=4
)
DIMENSIONS = 40
SIDE_UM = 15_000.0
MINUTIAE = 30


def finger_of(
    person: int,
    position: FingerPosition = FingerPosition.RIGHT_INDEX,
    *,
    impression: int = 0,
    model: ModelId = MODEL,
    minutiae: int = MINUTIAE,
) -> FingerprintTemplate:
    """One impression: the finger's own minutiae, moved a little."""
    source = np.random.default_rng([person, int(position)])
    points = source.uniform(1000, SIDE_UM - 1000, (minutiae, 2))
    angles = source.uniform(0, 2 * np.pi, minutiae)
    noise = np.random.default_rng([person, int(position), impression])
    return FingerprintTemplate(
        positions_um=(points + noise.uniform(-60, 60, points.shape)).astype(np.float32),
        angles_rad=((angles + noise.uniform(-0.05, 0.05, minutiae)) % 6.28).astype(np.float32),
        kinds=np.ones(minutiae, np.uint8),
        qualities=np.full(minutiae, 80, np.uint8),
        extent_um=(SIDE_UM, SIDE_UM),
        model_id=model,
        position=position,
    )


def person_of(
    person: int,
    *positions: FingerPosition,
    version: int = 0,
    impressions: int = 1,
    **known: object,
) -> PersonRecord:
    """A person called ``p`` and the number, with one finger unless the test wants others."""
    fingers = positions or (FingerPosition.RIGHT_INDEX,)
    templates = [
        finger_of(person, position, impression=100 * version + each)
        for position in fingers
        for each in range(impressions)
    ]
    return person_record(f"p{person}", fingers=templates, **known)  # type: ignore[arg-type] # the test says them rightly


def models_of(precision: EmbeddingPrecision = EmbeddingPrecision.FLOAT32) -> GalleryModels:
    """Models of all three modalities."""
    face = FaceModel(model_id=ModelId("face@1"), dimensions=DIMENSIONS, precision=precision)
    return GalleryModels(finger=MODEL, iris=IRIS, face=face)


def iris_of(person: int, eye: EyePosition, version: int = 0) -> IrisCode:
    """Bits at random, most of them valid."""
    rng = np.random.default_rng([person, int(eye), version])
    shape = (IRIS.geometry.columns, IRIS.geometry.column_bits)
    return IrisCode.from_bits(rng.random(shape) < 0.5, rng.random(shape) < 0.9, model_id=IRIS.model_id)


def face_of(person: int, version: int = 0, dimensions: int = DIMENSIONS) -> Embedding:
    """A direction at random."""
    values = np.random.default_rng([person, 77, version]).normal(size=dimensions).astype(np.float32)
    return Embedding(values=values / np.linalg.norm(values), model_id=ModelId("face@1"))


def whole_person_of(person: int, version: int = 0, **known: object) -> PersonRecord:
    """A person called ``p`` and the number: two impressions of a finger, both eyes, some without a face."""
    return person_record(
        f"p{person}",
        fingers=[finger_of(person, impression=10 * version + each, minutiae=8) for each in range(2)],
        irises=[(eye, iris_of(person, eye, version)) for eye in (EyePosition.RIGHT, EyePosition.LEFT)],
        faces=[face_of(person, version)] if person % 5 else [],
        **known,  # type: ignore[arg-type] # the test says them rightly
    )


def calibration_of(model: ModelId = MODEL) -> Calibration:
    """Evidence is similarity less 3."""
    similarities = np.arange(81, dtype=np.float64) / 2
    fmr = np.exp(-2 * similarities)
    return Calibration(
        calibration_id="made@test",
        model_id=model,
        comparator=COMPARATOR,
        modality=Modality.FINGER,
        units=(1.0, 1.0, 1.0, 1.0),
        table=CalibrationTable(
            roots=np.sqrt(similarities),
            fmr=fmr,
            fmr_low=fmr,
            fmr_high=fmr,
            fnmr=similarities / 80,
            llr=similarities - 3,
            measured_to=2.0,
        ),
        dependence=0.0,
        fitted_on=(FittedSet(dataset="made", subjects=10, mated=20, nonmated=900),),
    )


@pytest.fixture
def finger() -> Callable[..., FingerprintTemplate]:
    return finger_of


@pytest.fixture
def person() -> Callable[..., PersonRecord]:
    return person_of


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    """An empty gallery, open for writing."""
    return Gallery.create(tmp_path / "gallery", models=FINGERS)


@pytest.fixture
def whole_person() -> Callable[..., PersonRecord]:
    return whole_person_of


@pytest.fixture
def models() -> Callable[..., GalleryModels]:
    return models_of


@pytest.fixture
def calibration() -> Calibration:
    return calibration_of()


@pytest.fixture
def policy(calibration: Calibration) -> JointPolicy:
    """Thresholds for 1,000 people with up to ten fingers in up to nine comparisons."""
    target = PolicyTarget(people=1000, instances=10, comparisons=9)
    return joint_policy_for({Modality.FINGER: target}, {Modality.FINGER: calibration})


@pytest.fixture
def ask(calibration: Calibration, policy: JointPolicy) -> Callable[..., PersonSearch]:
    """Search a gallery's newest generation, or a snapshot, for some fingers."""

    def search(
        gallery: Gallery | GallerySnapshot, *templates: FingerprintTemplate, **options: Any
    ) -> PersonSearch:
        snapshot = gallery.snapshot() if isinstance(gallery, Gallery) else gallery
        probe, calibrations = person_probe(fingers=templates), {Modality.FINGER: calibration}
        return search_person(snapshot, probe, calibrations, policy, **{"workers": 1, **options})

    return search
