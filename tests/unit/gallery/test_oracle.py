"""The gallery against a dict: any order of changes, and searches beside a writer."""

from __future__ import annotations

import functools
import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from biocapil.comparison import EmbeddingPrecision, PackedTemplates, pack_embedding_rows
from biocapil.embedding import Embedding
from biocapil.errors import StoreError
from biocapil.gallery import (
    FaceModel,
    Gallery,
    GalleryModels,
    GallerySnapshot,
    IrisModel,
    PersonRecord,
    PersonSearch,
    verify_gallery,
    writing,
)
from biocapil.gallery.kept_faces import embedding_rows
from biocapil.gallery.lanes import face_columns
from biocapil.gallery.record_codec import encode_record
from biocapil.iris_code import CodeGeometry, IrisCode
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import EyePosition, FingerPosition, ModelId, SubjectId

MODEL = ModelId("made@1")
IRIS = IrisModel(model_id=MODEL, geometry=CodeGeometry(columns=10, column_bits=16), turns=2, every=3)
FACE = FaceModel(model_id=MODEL, dimensions=20, precision=EmbeddingPrecision.FLOAT32)
NUMBERS = st.integers(0, 12)
VERSIONS = st.integers(0, 3)
SEARCHES = 60


@functools.cache
def noise(number: int, version: int) -> PersonRecord:
    """Noise with a filter's fields; some have no face or iris, version 3 has no minutia."""
    rng = np.random.default_rng([number, version])
    sizes = rng.integers(0, 4, 3) * (version != 3)
    return PersonRecord(
        person_id=SubjectId("é" * number + str(number)),
        fingers=PackedTemplates(
            words=rng.integers(0, 2**63, (int(sizes.sum()), 8)).astype(np.uint64),
            offsets=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            model_id=MODEL,
        ),
        finger_positions=(FingerPosition.UNKNOWN, FingerPosition.RIGHT_THUMB, FingerPosition.LEFT_LITTLE),
        irises=tuple(code(rng) for _ in range(2 * (number % 3))),
        eyes=(EyePosition.RIGHT, EyePosition.RIGHT, EyePosition.LEFT, EyePosition.LEFT)[: 2 * (number % 3)],
        faces=tuple(face(rng) for _ in range(number % 4)),
        region=["", "north", "süd"][number % 3],
        birth_year=None if number % 4 == 0 else 1950 + number,
    )


def code(rng: np.random.Generator) -> IrisCode:
    shape = (IRIS.geometry.columns, IRIS.geometry.column_bits)
    return IrisCode.from_bits(rng.random(shape) < 0.5, rng.random(shape) < 0.9, model_id=MODEL)


def face(rng: np.random.Generator) -> Embedding:
    values = rng.normal(size=FACE.dimensions).astype(np.float32)
    return Embedding(values=values / np.linalg.norm(values), model_id=MODEL)


@functools.cache
def kept(record: PersonRecord, model: FaceModel) -> bytes:
    """A person as a gallery of that precision gives it back."""
    if not record.faces:
        return encode_record(record)
    rows = np.stack([each.values for each in record.faces])
    packed = pack_embedding_rows(rows, model_id=MODEL, precision=model.precision, scale=model.scale)
    columns = face_columns(model)
    places = np.arange(len(rows))
    vectors = embedding_rows(
        {name: column.rows(getattr(packed, name), places) for name, column in columns.items()}, model
    )
    faces = tuple(Embedding(values=each, model_id=MODEL) for each in vectors)
    return encode_record(replace(record, faces=faces))


class GalleryMachine(RuleBasedStateMachine):
    """Adds, updates, deletes, compacts, opens again; a dict says what is there."""

    models = GalleryModels(finger=MODEL, iris=IRIS, face=FACE)

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp()) / "gallery"
        self.gallery = Gallery.create(self.folder, models=self.models)
        self.reader = Gallery(self.folder)
        self.oracle: dict[str, PersonRecord] = {}
        self.held: list[tuple[GallerySnapshot, dict[str, PersonRecord]]] = []

    @rule(people=st.lists(st.tuples(NUMBERS, VERSIONS), max_size=4, unique_by=lambda each: each[0]))
    def add(self, people: list[tuple[int, int]]) -> None:
        records = [noise(number, version) for number, version in people]
        if any(self.oracle.get(each.person_id, each) is not each for each in records):
            with pytest.raises(StoreError, match="other content"):
                self.gallery.add(records)
            return
        new = [each for each in records if each.person_id not in self.oracle]
        assert self.gallery.add(records) == len(new)
        self.oracle.update({each.person_id: each for each in new})

    @rule(people=st.lists(st.tuples(NUMBERS, VERSIONS), max_size=4, unique_by=lambda each: each[0]))
    def update(self, people: list[tuple[int, int]]) -> None:
        records = [noise(number, version) for number, version in people]
        changed = [each for each in records if self.oracle.get(each.person_id) is not each]
        assert self.gallery.update(records) == len(changed)
        self.oracle.update({each.person_id: each for each in records})

    @rule(numbers=st.lists(NUMBERS, max_size=5))
    def delete(self, numbers: list[int]) -> None:
        gone = {noise(number, 0).person_id for number in numbers}
        assert self.gallery.delete(gone) == len(gone & self.oracle.keys())
        self.oracle = {who: what for who, what in self.oracle.items() if who not in gone}

    @rule(segment_bytes=st.sampled_from([1, 2000, 1 << 30]))
    def compact(self, segment_bytes: int) -> None:
        self.gallery.compact(segment_bytes=segment_bytes)

    @rule()
    def seal(self) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(writing, "LOG_BYTES", 0)
            patch.setattr(writing, "SMALL_SEGMENTS", 3)
            self.gallery.delete([])

    @rule()
    def open_again(self) -> None:
        self.gallery.close()
        self.gallery = Gallery(self.folder, writable=True)

    @rule()
    def hold(self) -> None:
        self.held.append((self.reader.snapshot(), dict(self.oracle)))

    @precondition(lambda self: self.held)
    @rule()
    def look_at_what_was_held(self) -> None:
        for snapshot, oracle in self.held:
            assert self.what_is_in(snapshot) == self.what_is_kept(oracle)

    def what_is_in(self, snapshot: GallerySnapshot) -> dict[str, bytes]:
        return {each.person_id: encode_record(each) for each in snapshot.records()}

    def what_is_kept(self, oracle: dict[str, PersonRecord]) -> dict[str, bytes]:
        assert self.models.face is not None
        return {who: kept(record, self.models.face) for who, record in oracle.items()}

    @invariant()
    def everybody_sees_what_the_dict_says(self) -> None:
        for gallery in (self.gallery, self.reader):
            snapshot = gallery.snapshot()
            assert len(snapshot) == len(self.oracle)
            assert self.what_is_in(snapshot) == self.what_is_kept(self.oracle)

    @invariant()
    def nothing_is_damaged(self) -> None:
        assert verify_gallery(self.reader).sound

    def teardown(self) -> None:
        self.gallery.close()
        shutil.rmtree(self.folder.parent)


class ByteMachine(GalleryMachine):
    """The same, and of faces only what was quantised is kept."""

    models = GalleryModels(
        finger=MODEL, iris=replace(IRIS, every=None), face=replace(FACE, precision=EmbeddingPrecision.INT8)
    )


GalleryMachine.TestCase.settings = settings(max_examples=30, stateful_step_count=25)
ByteMachine.TestCase.settings = settings(max_examples=20, stateful_step_count=25)
TestGalleryMachine = GalleryMachine.TestCase
TestByteMachine = ByteMachine.TestCase


def test_searches_beside_a_writer_see_whole_commits_only(
    gallery: Gallery,
    person: Callable[..., PersonRecord],
    finger: Callable[..., FingerprintTemplate],
    ask: Callable[..., PersonSearch],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who was there from before a search to after it is found; who was not there in that time is not."""
    monkeypatch.setattr(writing, "LOG_BYTES", 20_000)
    monkeypatch.setattr(writing, "SMALL_SEGMENTS", 3)
    people = [person(number) for number in range(16)]
    probes = [finger(number, impression=9) for number in range(16)]
    gallery.add(people[:8])
    begun, returned = [set(range(8))], [set(range(8))]
    answers: list[bool] = []
    wrong: list[str] = []

    def search(seed: int) -> None:
        reader = Gallery(gallery.folder) if seed else gallery
        rng = np.random.default_rng(seed)
        for number in rng.integers(16, size=SEARCHES).tolist():
            first = len(returned) - 1
            found = any(
                each.person_id == f"p{number}" and each.decision.llr > 5
                for each in ask(reader, probes[number]).candidates
            )
            if found not in {number in state for state in begun[first:]}:
                wrong.append(f"p{number} {found}")
            answers.append(found)

    threads = [threading.Thread(target=search, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    rng = np.random.default_rng(3)
    while any(thread.is_alive() for thread in threads):
        number = int(rng.integers(16))
        begun.append(returned[-1] ^ {number})
        if number in returned[-1]:
            gallery.delete([f"p{number}"])
        else:
            gallery.add([people[number]])
        returned.append(begun[-1])
        if rng.random() < 0.1:
            gallery.compact()
    assert not wrong
    assert len(answers) == 3 * SEARCHES
    assert set(answers) == {True, False}
