"""People with fingers, eyes and a face: found by each of them, by all, one or many at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biocapil.calibration import Calibration, CalibrationTable, joint_policy_for
from biocapil.comparison import GRAIN, EmbeddingPrecision
from biocapil.decision import PolicyTarget
from biocapil.embedding import Embedding
from biocapil.errors import IncompatibleTemplates
from biocapil.gallery import (
    FaceModel,
    Gallery,
    GalleryModels,
    IrisModel,
    PersonFilter,
    PersonProbe,
    PersonRecord,
    PersonSearch,
    person_probe,
    person_record,
    scanning,
    search_people,
    search_person,
)
from biocapil.iris_code import CodeGeometry, IrisCode
from biocapil.joint_policy import JointPolicy
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import Decision, EyePosition, FingerPosition, Instance, Modality, ModelId

Finger = Callable[..., FingerprintTemplate]

MODEL = ModelId("made@1")
IRIS, FACE = ModelId("iris@1"), ModelId("face@1")
GEOMETRY = CodeGeometry(columns=128, column_bits=16)
DIMENSIONS = 128
INDEX = FingerPosition.RIGHT_INDEX
PEOPLE = 120
MODELS = GalleryModels(
    finger=MODEL,
    iris=IrisModel(model_id=IRIS, geometry=GEOMETRY, turns=4, every=4),
    face=FaceModel(model_id=FACE, dimensions=DIMENSIONS, precision=EmbeddingPrecision.INT8),
)
FACE_INSTANCE = Instance(modality=Modality.FACE)
RIGHT_EYE = Instance(modality=Modality.IRIS, position=EyePosition.RIGHT)


def eye(person: int, side: EyePosition, *, impression: int = 0) -> IrisCode:
    """The eye's own bits, a tenth of them flipped, turned a little."""
    shape = (GEOMETRY.columns, GEOMETRY.column_bits)
    own = np.random.default_rng([person, int(side)]).random(shape) < 0.5
    rng = np.random.default_rng([person, int(side), impression])
    flips = rng.random(shape) < (0.1 if impression else 0.0)
    code = IrisCode.from_bits(own ^ flips, rng.random(shape) < 0.9, model_id=IRIS)
    return code.turned(int(rng.integers(-3, 4)) if impression else 0)


def face(person: int, *, impression: int = 0) -> Embedding:
    """The face's own direction, with noise."""
    own = np.random.default_rng([person, 77]).standard_normal(DIMENSIONS)
    noise = np.random.default_rng([person, 77, impression]).standard_normal(DIMENSIONS)
    values = own + 0.4 * noise
    return Embedding(values=(values / np.linalg.norm(values)).astype(np.float32), model_id=FACE)


@pytest.fixture
def everybody(tmp_path: Path, finger: Finger) -> Gallery:
    """Many people with a finger, two eyes and a face, two thirds of them sealed; some have less."""
    gallery = Gallery.create(tmp_path / "all", models=MODELS)
    records = [whole(person, finger) for person in range(PEOPLE)]
    records[7] = person_record("p7", faces=[face(7)])
    records[8] = person_record("p8", fingers=[finger(8, INDEX)])
    gallery.add(records[: 2 * PEOPLE // 3])
    gallery.compact()
    gallery.add(records[2 * PEOPLE // 3 :])
    return gallery


def whole(person: int, finger: Finger) -> PersonRecord:
    """Everything of a person."""
    return person_record(
        f"p{person}",
        fingers=[finger(person, INDEX)],
        irises=[(side, eye(person, side)) for side in (EyePosition.RIGHT, EyePosition.LEFT)],
        faces=[face(person)],
        region="north" if person % 2 else "south",
    )


@pytest.fixture
def calibrations(calibration: Calibration) -> dict[Modality, Calibration]:
    """Evidence is half of what similarity lies above 30 for eyes and 45 for faces."""
    iris = replace(calibration, calibration_id="iris@test", model_id=IRIS, comparator="hamming/2/4")
    face = replace(calibration, calibration_id="face@test", model_id=FACE, comparator="cosine/1")
    return {
        Modality.FINGER: calibration,
        Modality.IRIS: replace(iris, modality=Modality.IRIS, table=half_above(30.0, calibration.table)),
        Modality.FACE: replace(face, modality=Modality.FACE, table=half_above(45.0, calibration.table)),
    }


def half_above(middle: float, table: CalibrationTable) -> CalibrationTable:
    """Evidence that rises with similarity to 100."""
    similarities = np.linspace(0.0, 100.0, 201)
    llr = (similarities - middle) / 2
    fmr = np.exp(-np.maximum(llr + 5, 0.0) - similarities * 1e-6)
    return replace(
        table,
        roots=np.sqrt(similarities),
        fmr=fmr,
        fmr_low=fmr,
        fmr_high=fmr,
        fnmr=similarities / 101,
        llr=llr,
    )


@pytest.fixture
def policy(calibrations: dict[Modality, Calibration]) -> JointPolicy:
    """For a thousand people."""
    one = PolicyTarget(people=1000, instances=2, comparisons=4)
    return joint_policy_for(dict.fromkeys(Modality, one), calibrations)


@pytest.fixture
def ask(
    everybody: Gallery, calibrations: dict[Modality, Calibration], policy: JointPolicy
) -> Callable[..., PersonSearch]:
    """Search among everybody."""

    def search(probe: PersonProbe, **options: object) -> PersonSearch:
        wanted = {"workers": 1, **options}
        return search_person(everybody.snapshot(), probe, calibrations, policy, **wanted)  # type: ignore[arg-type] # the test says them rightly

    return search


def duplicates(answer: PersonSearch) -> list[str]:
    """Whom the search found."""
    return [each.person_id for each in answer.candidates if each.decision.outcome is Decision.DUPLICATE]


def probe_of(person: int, finger: Finger, impression: int = 5) -> PersonProbe:
    """Everything of a person, seen again."""
    return person_probe(
        fingers=[finger(person, INDEX, impression=impression)],
        irises=[
            (side, eye(person, side, impression=impression)) for side in (EyePosition.LEFT, EyePosition.RIGHT)
        ],
        faces=[face(person, impression=impression)],
    )


@pytest.mark.parametrize("person", [3, 100])
@pytest.mark.parametrize("options", [{"exact": True}, {"exact": False}])
def test_a_person_is_found_by_everything(
    ask: Callable[..., PersonSearch], finger: Finger, person: int, options: dict[str, bool]
) -> None:
    answer = ask(probe_of(person, finger), **options)

    assert duplicates(answer) == [f"p{person}"]
    best = answer.candidates[0]
    names = {"right_index", "left_eye", "right_eye", "face"}
    assert {each.instance for each in best.decision.instances} == names
    assert best.only_probe == best.only_reference == ()
    assert answer.complete
    assert answer.wanted == 4 * PEOPLE - 6
    assert answer.calibration_id == "made@test+face@test+iris@test"


@pytest.mark.parametrize("person", [3, 100])
def test_a_person_is_found_by_one_modality(
    ask: Callable[..., PersonSearch], finger: Finger, person: int
) -> None:
    by_eye = ask(person_probe(irises=[(EyePosition.RIGHT, eye(person, EyePosition.RIGHT, impression=5))]))
    by_face = ask(person_probe(faces=[face(person, impression=5)]))
    by_finger = ask(person_probe(fingers=[finger(person, INDEX, impression=5)]))

    for answer in (by_eye, by_face, by_finger):
        assert answer.candidates[0].person_id == f"p{person}"
        assert len(answer.candidates[0].only_reference) == 3
    assert duplicates(by_eye) == duplicates(by_finger) == [f"p{person}"]


def test_instances_on_one_side_only_say_nothing(ask: Callable[..., PersonSearch], finger: Finger) -> None:
    best = ask(probe_of(7, finger)).candidates[0]
    assert best.person_id == "p7"
    assert [each.instance for each in best.decision.instances] == ["face"]
    assert len(best.only_probe) == 3
    assert best.only_reference == ()


def test_an_eye_is_compared_with_the_same_eye_only(ask: Callable[..., PersonSearch]) -> None:
    answer = ask(person_probe(irises=[(EyePosition.LEFT, eye(3, EyePosition.RIGHT, impression=5))]))
    assert not duplicates(answer)


def test_somebody_new_is_unique(ask: Callable[..., PersonSearch], finger: Finger) -> None:
    assert ask(probe_of(5000, finger)).outcome is Decision.UNIQUE


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of the fewest rows that kernels read."""
    monkeypatch.setattr(scanning, "COMPARISONS", dict.fromkeys(Modality, 1))
    monkeypatch.setattr(scanning, "FEWEST_ROWS", GRAIN)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("workers", [1, 3])
def test_many_at_once_are_answered_as_one_by_one(
    everybody: Gallery,
    calibrations: dict[Modality, Calibration],
    policy: JointPolicy,
    finger: Finger,
    workers: int,
) -> None:
    probes = [
        probe_of(3, finger),
        person_probe(faces=[face(100, impression=2), face(100, impression=3)]),
        probe_of(5000, finger),
        person_probe(irises=[(EyePosition.LEFT, eye(50, EyePosition.LEFT, impression=1))]),
    ]
    snapshot = everybody.snapshot()

    together = search_people(snapshot, probes, calibrations, policy, limit=5, exact=True, workers=workers)

    for probe, answer in zip(probes, together, strict=True):
        alone = search_person(snapshot, probe, calibrations, policy, limit=5, exact=True, workers=1)
        assert answer.candidates == alone.candidates
        assert (answer.wanted, answer.searched) == (alone.wanted, alone.searched)
        assert answer.comparable == alone.comparable


def test_the_places_of_the_deleted_are_filled_by_others(
    everybody: Gallery, ask: Callable[..., PersonSearch]
) -> None:
    probe = person_probe(faces=[face(3, impression=5)])
    first = [each.person_id for each in ask(probe, limit=40).candidates]
    everybody.delete(first[:20])

    after = [each.person_id for each in ask(probe, limit=20).candidates]

    assert after == first[20:40]
    assert not set(after) & set(first[:20])


@pytest.mark.parametrize("sparse", [0.0, 2.0])
def test_a_filter_gives_the_same_however_it_is_applied(
    ask: Callable[..., PersonSearch], finger: Finger, monkeypatch: pytest.MonkeyPatch, sparse: float
) -> None:
    monkeypatch.setattr(scanning, "SPARSE", sparse)
    where = PersonFilter(regions=frozenset({"north"}))
    answers = [ask(probe_of(person, finger), where=where, limit=200) for person in (3, 4)]

    assert duplicates(answers[0]) == ["p3"]
    assert not duplicates(answers[1])
    for answer in answers:
        known = {int(each.person_id[1:]) for each in answer.candidates} - {7, 8}
        assert {person % 2 for person in known} == {1}
        assert answer.persons == 61


def test_modalities_that_cannot_be_weighed_are_refused(
    everybody: Gallery, calibrations: dict[Modality, Calibration], policy: JointPolicy, finger: Finger
) -> None:
    snapshot, probe = everybody.snapshot(), probe_of(3, finger)
    only_fingers = {Modality.FINGER: calibrations[Modality.FINGER]}
    with pytest.raises(ValueError, match="the policy says nothing about face"):
        search_person(snapshot, probe, only_fingers, policy)
    other = {**calibrations, Modality.IRIS: replace(calibrations[Modality.IRIS], comparator="hamming/2/9")}
    with pytest.raises(IncompatibleTemplates, match="hamming/2/9"):
        search_person(snapshot, probe, other, policy)


def test_a_modality_that_the_gallery_has_not_is_refused(
    tmp_path: Path, calibrations: dict[Modality, Calibration], policy: JointPolicy
) -> None:
    gallery = Gallery.create(tmp_path / "fingers", models=GalleryModels(finger=MODEL))
    with pytest.raises(IncompatibleTemplates, match="holds no face"):
        search_person(gallery.snapshot(), person_probe(faces=[face(1)]), calibrations, policy)


def test_a_probe_without_anything_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one finger, eye or face"):
        person_probe()


def test_targets_count_instances_and_impressions_by_modality(everybody: Gallery) -> None:
    targets = everybody.snapshot().targets(fpir=0.01, review_fpir=0.1, impressions=3)

    assert {modality: each.instances for modality, each in targets.items()} == {
        Modality.FINGER: 1,
        Modality.FACE: 1,
        Modality.IRIS: 2,
    }
    assert {each.comparisons for each in targets.values()} == {3}
    assert {each.people for each in targets.values()} == {PEOPLE}
