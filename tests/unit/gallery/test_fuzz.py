"""Bytes of persons, manifests and segments that nobody wrote: refused or reported, never another failure."""

from __future__ import annotations

import json
import shutil
import tempfile
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.comparison import EmbeddingPrecision, PackedTemplates
from biocapil.embedding import Embedding
from biocapil.errors import BiocapilError, FormatError
from biocapil.gallery import FaceModel, Gallery, GalleryModels, IrisModel, PersonRecord, Sex, verify_gallery
from biocapil.gallery.manifest import _checksum, manifest_from_json, manifest_to_json
from biocapil.gallery.models_json import models_from_fields, models_to_fields
from biocapil.gallery.record_codec import decode_record, encode_record
from biocapil.iris_code import CodeGeometry, IrisCode
from biocapil.vocabulary import EyePosition, FingerPosition, ModelId, SubjectId

MODEL = ModelId("made@1")
GEOMETRIES = st.builds(CodeGeometry, columns=st.integers(2, 20), column_bits=st.sampled_from([8, 16, 32, 64]))


@st.composite
def gallery_models(draw: st.DrawFn) -> GalleryModels:
    geometry = draw(GEOMETRIES)
    every = st.none() | st.integers(2, geometry.columns)
    turns = st.integers(0, geometry.columns // 2)
    iris = IrisModel(model_id=MODEL, geometry=geometry, turns=draw(turns), every=draw(every))
    face = FaceModel(
        model_id=MODEL,
        dimensions=draw(st.integers(1, 70)),
        precision=draw(st.sampled_from(EmbeddingPrecision)),
        spreads=draw(st.floats(1, 100)),
    )
    finger, iris_held, face_held = draw(st.tuples(st.booleans(), st.booleans(), st.booleans()).filter(any))
    return GalleryModels(
        finger=MODEL if finger else None, iris=iris if iris_held else None, face=face if face_held else None
    )


@st.composite
def persons(draw: st.DrawFn, models: GalleryModels, number: int = 0) -> PersonRecord:
    made = some_person(np.random.default_rng(draw(st.integers(0, 1 << 30))), number, models)
    return replace(
        made,
        region=draw(st.text(max_size=5)),
        birth_year=draw(st.none() | st.integers(1, 9999)),
        sex=draw(st.sampled_from(Sex)),
    )


def some_person(rng: np.random.Generator, number: int, models: GalleryModels) -> PersonRecord:
    """Noise of each modality, at least one template of each."""
    fingers, irises, faces = (int(each) for each in rng.integers(1, 5, 3))
    sizes = rng.integers(0, 38, fingers)
    packed = PackedTemplates(
        words=rng.integers(0, 1 << 63, (int(sizes.sum()), 8)).astype(np.uint64),
        offsets=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        model_id=MODEL,
    )
    made = PersonRecord(
        person_id=SubjectId(f"p{number}"),
        fingers=packed if models.finger else None,
        finger_positions=tuple(sorted(map(FingerPosition, rng.integers(0, 11, fingers).tolist())))
        if models.finger
        else (),
        irises=tuple(code(rng, models.iris) for _ in range(irises)) if models.iris else (),
        eyes=tuple(sorted(map(EyePosition, rng.integers(0, 3, irises).tolist()))) if models.iris else (),
        faces=tuple(face(rng, models.face) for _ in range(faces)) if models.face else (),
    )
    models.require(made)
    return made


def code(rng: np.random.Generator, model: IrisModel) -> IrisCode:
    shape = (model.geometry.columns, model.geometry.column_bits)
    return IrisCode.from_bits(rng.random(shape) < 0.5, rng.random(shape) < 0.9, model_id=MODEL)


def face(rng: np.random.Generator, model: FaceModel) -> Embedding:
    values = rng.normal(size=model.dimensions).astype(np.float32)
    return Embedding(values=values / np.linalg.norm(values), model_id=MODEL)


@given(data=st.data())
def test_any_person_comes_back_from_bytes(data: st.DataObject) -> None:
    models = data.draw(gallery_models())
    made = data.draw(persons(models))
    again = decode_record(encode_record(made), models=models)
    assert encode_record(again) == encode_record(made)
    assert (again.finger_positions, again.eyes) == (made.finger_positions, made.eyes)
    for one, other in zip(again.irises, made.irises, strict=True):
        np.testing.assert_array_equal(one.mask, other.mask)


@given(data=st.data())
def test_altered_bytes_of_any_person_are_a_format_error_or_a_person(data: st.DataObject) -> None:
    models = data.draw(gallery_models())
    good = encode_record(data.draw(persons(models)))
    altered = bytearray(good[: data.draw(st.integers(0, len(good)))] if data.draw(st.booleans()) else good)
    for _ in range(data.draw(st.integers(0, 3)) if altered else 0):
        altered[data.draw(st.integers(0, min(len(altered), 40) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = decode_record(bytes(altered), models=models)
    except FormatError:
        return
    assert encode_record(found) == bytes(altered)


@given(models=gallery_models())
def test_models_come_back_from_the_manifest(models: GalleryModels) -> None:
    assert models_from_fields(json.loads(json.dumps(models_to_fields(models)))) == models


@given(
    models=gallery_models(),
    name=st.sampled_from(["finger", "iris", "face"]),
    field=st.sampled_from(
        [
            "model_id",
            "columns",
            "column_bits",
            "turns",
            "every",
            "dimensions",
            "precision",
            "spreads",
            "scale",
        ]
    ),
    value=st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.just([]),
)
def test_models_of_any_kind_are_refused_or_read(
    models: GalleryModels, name: str, field: str, value: object
) -> None:
    fields = models_to_fields(models)
    if isinstance(fields[name], dict):
        fields[name][field] = value
    else:
        fields[name] = value
    try:
        found = models_from_fields(fields)
    except (KeyError, TypeError, ValueError):
        return
    assert models_from_fields(models_to_fields(found)) == found


@given(data=st.data())
@settings(max_examples=60)
def test_any_people_come_back_from_a_segment(data: st.DataObject) -> None:
    models = data.draw(gallery_models())
    if models.face is not None:
        models = replace(models, face=replace(models.face, precision=EmbeddingPrecision.FLOAT32))
    people = [data.draw(persons(models, number)) for number in range(data.draw(st.integers(1, 12)))]
    folder = Path(tempfile.mkdtemp())
    try:
        with Gallery.create(folder / "gallery", models=models) as gallery:
            gallery.add(people)
            gallery.compact(segment_bytes=data.draw(st.sampled_from([1, 3000, 1 << 30])))
            wanted = {each.person_id: encode_record(each) for each in people}
            assert {each.person_id: encode_record(each) for each in gallery.snapshot().records()} == wanted
            assert verify_gallery(gallery).sound
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gallery of one segment with all three modalities in it."""
    folder = tmp_path_factory.mktemp("fuzz") / "gallery"
    iris = IrisModel(model_id=MODEL, geometry=CodeGeometry(columns=10, column_bits=8), turns=1, every=2)
    models = GalleryModels(finger=MODEL, iris=iris, face=FaceModel(model_id=MODEL, dimensions=20))
    rng = np.random.default_rng(5)
    with Gallery.create(folder, models=models) as gallery:
        gallery.add([some_person(rng, number, models) for number in range(20)])
        gallery.compact()
    return folder


@given(data=st.data())
@settings(max_examples=150)
def test_a_segment_of_other_bytes_is_reported_whatever_its_checksums_say(
    sealed: Path, data: st.DataObject
) -> None:
    manifest = manifest_from_json((sealed / "manifest.json").read_bytes())
    (entry,) = manifest.segments
    good = (sealed / entry.file).read_bytes()
    altered = bytearray(good)
    start = data.draw(st.sampled_from(range(0, len(good), 4096)))
    for _ in range(data.draw(st.integers(1, 8))):
        place = min(start + data.draw(st.integers(0, 400)), len(good) - 1)
        altered[place] = data.draw(st.sampled_from([0, 1, 2, 11, 127, 128, 255]))
    signed = replace(manifest, segments=(replace(entry, blocks=(zlib.crc32(altered),)),))
    try:
        (sealed / entry.file).write_bytes(altered)
        (sealed / "manifest.json").write_bytes(manifest_to_json(signed))
        report = verify_gallery(Gallery(sealed))
        if report.sound:
            references(sealed)
        (sealed / "manifest.json").write_bytes(manifest_to_json(manifest))
        assert verify_gallery(Gallery(sealed)).sound is (altered == good)
    finally:
        (sealed / entry.file).write_bytes(good)
        (sealed / "manifest.json").write_bytes(manifest_to_json(manifest))


def references(folder: Path) -> None:
    """What was found sound can be read."""
    for part in Gallery(folder).snapshot().parts():
        for instance in part.instances():
            assert len(part.references(instance)) == part.count(instance)


SHELF = st.fixed_dictionaries(
    {
        "templates": st.integers(-1, 1 << 60) | st.none(),
        "rows": st.integers(-1, 1 << 60) | st.booleans(),
        "measures": st.none()
        | st.just({})
        | st.just({"rounding": 1.0, "spreads": {"first": [{"residual": 1.0}]}}),
    }
)


@given(shelves=st.lists(SHELF, max_size=4))
def test_shelves_of_any_kind_are_refused_or_read(sealed: Path, shelves: list[dict[str, object]]) -> None:
    fields = json.loads((sealed / "manifest.json").read_bytes())
    fields.pop("sha256")
    fields["segments"][0]["shelves"] = shelves
    data = json.dumps({**fields, "sha256": _checksum(fields)}, indent=1).encode() + b"\n"
    try:
        found = manifest_from_json(data)
    except BiocapilError:
        return
    assert manifest_to_json(found) == data
