"""Fingers, eyes and faces: everybody who is registered twice is found, by whatever the two have in common."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.unit.deduplication.registry.made_galleries import deduplicated
from tests.unit.gallery.conftest import MODEL, calibration_of, finger_of

from biocapil.calibration import Calibration, decide_person, joint_policy_for
from biocapil.comparison import (
    EmbeddingPrecision,
    FaceReferences,
    FingerReferences,
    IrisReferences,
    ReferenceSet,
    pack,
    pack_codes,
    pack_embeddings,
)
from biocapil.decision import InstanceEvidence
from biocapil.deduplication.registry import JointPairPolicy, gallery_people, registry_targets
from biocapil.embedding import Embedding
from biocapil.gallery import FaceModel, Gallery, GalleryModels, IrisModel, person_record
from biocapil.iris_code import CodeGeometry, IrisCode
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import Decision, EyePosition, Instance, Modality, ModelId

IRIS, FACE = ModelId("iris@1"), ModelId("face@1")
GEOMETRY = CodeGeometry(columns=64, column_bits=16)
DIMENSIONS, TURNS = 64, 3
PEOPLE, TWICE = 110, 12
MODELS = GalleryModels(
    finger=MODEL,
    iris=IrisModel(model_id=IRIS, geometry=GEOMETRY, turns=TURNS, every=2),
    face=FaceModel(model_id=FACE, dimensions=DIMENSIONS, precision=EmbeddingPrecision.FLOAT32),
)
FACES = Instance(modality=Modality.FACE)

Template = FingerprintTemplate | IrisCode | Embedding


def eye_of(source: int, side: EyePosition, again: int) -> IrisCode:
    """The eye's own bits, some of them flipped, turned a little."""
    shape = (GEOMETRY.columns, GEOMETRY.column_bits)
    own = np.random.default_rng([source, int(side)]).random(shape) < 0.5
    rng = np.random.default_rng([source, int(side), again])
    code = IrisCode.from_bits(own ^ (rng.random(shape) < 0.12), rng.random(shape) < 0.9, model_id=IRIS)
    return code.turned(int(rng.integers(-1, 2)))


def face_of(source: int, again: int) -> Embedding:
    """The face's own direction, with noise."""
    own = np.random.default_rng([source, 77]).standard_normal(DIMENSIONS)
    values = own + 0.5 * np.random.default_rng([source, 77, again]).standard_normal(DIMENSIONS)
    return Embedding(values=(values / np.linalg.norm(values)).astype(np.float32), model_id=FACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One registered person."""

    name: str
    fingers: Sequence[FingerprintTemplate] = ()
    eyes: Sequence[tuple[EyePosition, IrisCode]] = ()
    faces: Sequence[Embedding] = ()

    def templates(self) -> Iterator[tuple[Instance, Template]]:
        for finger in self.fingers:
            yield Instance(modality=Modality.FINGER, position=finger.position), finger
        for side, code in self.eyes:
            yield Instance(modality=Modality.IRIS, position=side), code
        for face in self.faces:
            yield FACES, face


def made(name: str, source: int, again: int, *, what: str) -> Made:
    sides = {"r": EyePosition.RIGHT, "l": EyePosition.LEFT}
    return Made(
        name=name,
        fingers=[finger_of(source, impression=again, minutiae=14)] if "i" in what else [],
        eyes=[(side, eye_of(source, side, again)) for letter, side in sides.items() if letter in what],
        faces=[face_of(source, 10 * again + each) for each in range(what.count("f"))],
    )


@pytest.fixture(scope="module")
def people() -> list[Made]:
    """Some have two faces or lack something; some are registered again, with all or with a part."""
    usual = ["irlf", "irlff", "if", "rl", "f", "i"]
    again = ["irlf", "f", "if", "rl", "lf", "r"]
    first = [made(f"p{number}", number, 0, what=usual[number % 6]) for number in range(PEOPLE)]
    return [*first, *(made(f"again{number}", number, 1, what=again[number % 6]) for number in range(TWICE))]


@pytest.fixture
def gallery(tmp_path: Path, people: list[Made]) -> Gallery:
    """Two thirds of them sealed."""
    filled = Gallery.create(tmp_path / "gallery", models=MODELS)
    records = [
        person_record(each.name, fingers=each.fingers, irises=each.eyes, faces=each.faces) for each in people
    ]
    filled.add(records[: PEOPLE // 2])
    filled.compact()
    filled.add(records[PEOPLE // 2 :])
    return filled


@pytest.fixture
def policy(gallery: Gallery) -> JointPairPolicy:
    """Evidence is similarity less 3 for fingers; eyes and faces of strangers reach more, and count less."""
    finger = calibration_of()
    table = finger.table
    eyes = replace(table, roots=np.sqrt(table.roots**2 + 30.0 * (table.roots > 0)))
    iris = replace(finger, calibration_id="iris@test", model_id=IRIS, comparator=f"hamming/2/{TURNS}",
                   modality=Modality.IRIS, table=eyes)  # fmt: skip
    face = replace(finger, calibration_id="face@test", model_id=FACE, comparator="cosine/1",
                   modality=Modality.FACE, table=replace(table, roots=table.roots * 2))  # fmt: skip
    calibrations = {each.modality: each for each in (finger, iris, face)}
    everybody = gallery_people(gallery.snapshot())
    targets = registry_targets(everybody, calibrations, fpir=0.001, review_fpir=0.05)
    return JointPairPolicy(calibrations=calibrations, policy=joint_policy_for(targets, calibrations))


def matrices(people: list[Made]) -> dict[Instance, tuple[list[int], NDArray[np.float32], NDArray[np.int16]]]:
    """Owners, similarities and sizes of all templates of each instance, packed apart from any gallery."""
    templates: dict[Instance, list[tuple[int, Template]]] = defaultdict(list)
    for number, person in enumerate(people):
        for instance, template in person.templates():
            templates[instance].append((number, template))
    found: dict[Instance, tuple[list[int], NDArray[np.float32], NDArray[np.int16]]] = {}
    for instance, owned in templates.items():
        packed = [template for _, template in owned]
        references: ReferenceSet
        if instance.modality is Modality.FINGER:
            fingers = [each for each in packed if isinstance(each, FingerprintTemplate)]
            references = FingerReferences(packed=pack(fingers))
        elif instance.modality is Modality.IRIS:
            codes = [each for each in packed if isinstance(each, IrisCode)]
            references = IrisReferences(packed=pack_codes(codes), turns=TURNS)
        else:
            faces = [each for each in packed if isinstance(each, Embedding)]
            references = FaceReferences(packed=pack_embeddings(faces, precision=EmbeddingPrecision.FLOAT32))
        pairs = references.scan(references.probes(0, len(references)), 0, len(references))
        matrix = np.zeros((len(owned), len(owned)), np.float32)
        matrix[pairs.probes, pairs.rows] = pairs.similarities
        found[instance] = ([number for number, _ in owned], matrix, references.sizes())
    return found


def naive(people: list[Made], policy: JointPairPolicy) -> dict[frozenset[str], tuple[float, Decision]]:
    """Pairs who are not unique: everybody with everybody, in a loop."""
    found: dict[frozenset[str], tuple[float, Decision]] = {}
    compared = matrices(people)
    rows = {
        instance: [np.flatnonzero(np.array(owners) == number) for number in range(len(people))]
        for instance, (owners, _, _) in compared.items()
    }
    for one, other in combinations(range(len(people)), 2):
        evidence: dict[Modality, list[InstanceEvidence]] = defaultdict(list)
        for instance, (_, matrix, sizes) in compared.items():
            left, right = rows[instance][one], rows[instance][other]
            if not len(left) or not len(right):
                continue
            similarities = matrix[np.ix_(left, right)].reshape(-1)
            smaller = np.minimum.outer(sizes[left], sizes[right]).reshape(-1)
            llrs = policy.calibrations[instance.modality].evidence(similarities, smaller)
            evidence[instance.modality].append(
                InstanceEvidence(
                    instance=instance.name,
                    similarity=float(similarities[np.argmax(llrs)]),
                    llr=float(llrs.max()) - math.log(len(llrs)),
                    comparisons=len(llrs),
                )
            )
        decision = decide_person(evidence, policy.policy)
        if decision.outcome in {Decision.REVIEW, Decision.DUPLICATE}:
            found[frozenset((people[one].name, people[other].name))] = (decision.llr, decision.outcome)
    return found


def pairs_of(report: bytes) -> dict[frozenset[str], tuple[float, Decision]]:
    lines = [line for line in map(json.loads, report.splitlines()) if line["type"] == "pair"]
    return {
        frozenset((each["first"], each["second"])): (
            each["decision"]["llr"],
            Decision(each["decision"]["outcome"]),
        )
        for each in lines
    }


def test_a_run_finds_what_a_loop_over_all_people_finds(
    gallery: Gallery, people: list[Made], policy: JointPairPolicy, tmp_path: Path
) -> None:
    expected = naive(people, policy)
    found = pairs_of(deduplicated(gallery, tmp_path / "run", policy=policy)[0])

    assert found.keys() == expected.keys()
    for pair, (llr, outcome) in found.items():
        assert llr == pytest.approx(expected[pair][0], abs=1e-3)
        assert outcome is expected[pair][1]


def planted(people: list[Made]) -> set[frozenset[str]]:
    """Those who are registered twice and have something in common."""
    own = {each.name: {instance for instance, _ in each.templates()} for each in people}
    twice = [(f"p{number}", f"again{number}") for number in range(TWICE)]
    return {frozenset(pair) for pair in twice if own[pair[0]] & own[pair[1]]}


@pytest.mark.parametrize("scan", ["exact", "gated"])
def test_everybody_planted_is_found(
    gallery: Gallery, people: list[Made], policy: JointPairPolicy, tmp_path: Path, scan: str
) -> None:
    found = pairs_of(deduplicated(gallery, tmp_path / "run", policy=policy, exact=scan == "exact")[0])

    assert len(planted(people)) > TWICE // 2
    assert {pair for pair, (_, outcome) in found.items() if outcome is Decision.DUPLICATE} >= planted(people)


def test_faces_alone_find_whoever_has_one_and_all_instances_decide(
    gallery: Gallery, people: list[Made], policy: JointPairPolicy, tmp_path: Path
) -> None:
    report, done = deduplicated(gallery, tmp_path / "run", policy=policy, scanned=[FACES])
    everything = pairs_of(deduplicated(gallery, tmp_path / "all", policy=policy)[0])
    with_face = {each.name for each in people if each.faces}

    found = pairs_of(report)
    assert found.items() <= everything.items()
    assert found.keys() >= {pair for pair in planted(people) if pair <= with_face}
    faces = sum(len(each.faces) for each in people)
    twice = sum(len(each.faces) == 2 for each in people)
    assert done.compared == faces * (faces - 1) // 2 - twice


def test_a_modality_without_a_calibration_is_not_looked_at(
    gallery: Gallery, policy: JointPairPolicy, tmp_path: Path
) -> None:
    calibrations: dict[Modality, Calibration] = {Modality.FACE: policy.calibrations[Modality.FACE]}
    everybody = gallery_people(gallery.snapshot(), without=[Modality.FINGER, Modality.IRIS])
    targets = registry_targets(everybody, calibrations, fpir=0.001, review_fpir=0.05)
    alone = JointPairPolicy(calibrations=calibrations, policy=joint_policy_for(targets, calibrations))
    report, _ = deduplicated(gallery, tmp_path / "run", policy=alone)
    lines = [json.loads(line) for line in report.splitlines()]

    assert lines[-1]["scanned"] == ["face"]
    decisions = [line["decision"] for line in lines if line["type"] == "pair"]
    assert {one["instance"] for decision in decisions for one in decision["instances"]} == {"face"}


def test_going_on_gives_the_report_of_a_full_run(
    gallery: Gallery, people: list[Made], policy: JointPairPolicy, tmp_path: Path
) -> None:
    deduplicated(gallery, tmp_path / "before", policy=policy)
    more = [made("new1", 3, 2, what="irlf"), made("new2", 64, 2, what="f"), made("p0", 9, 3, what="rf")]
    gallery.update(
        [person_record(each.name, fingers=each.fingers, irises=each.eyes, faces=each.faces) for each in more]
    )
    gallery.delete([people[5].name, "again1"])
    short, done = deduplicated(gallery, tmp_path / "after", policy=policy, since=tmp_path / "before")

    assert short == deduplicated(gallery, tmp_path / "full", policy=policy)[0]
    assert done.new == len(more)
