"""Fingers, eyes and faces of one gallery: where they stand, and that they come back as they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from biocapil.comparison import (
    EmbeddingPrecision,
    FaceReferences,
    FingerReferences,
    IrisReferences,
    PackedCodes,
    PackedEmbeddings,
    face_probes,
    iris_probes,
    pack_codes,
    pack_embedding_rows,
    thin,
)
from biocapil.errors import FormatError, IncompatibleTemplates
from biocapil.gallery import (
    FaceModel,
    Gallery,
    GalleryModels,
    IrisModel,
    PersonRecord,
    SearchedPart,
    gallery_info,
    person_record,
    rebuild_gallery,
    verify_gallery,
)
from biocapil.gallery.column_checks import check_columns
from biocapil.gallery.columns import columns_of
from biocapil.gallery.record_codec import content_hash, encode_record
from biocapil.iris_code import CodeGeometry, IrisCode
from biocapil.vocabulary import EyePosition, Instance, Modality, ModelId

Make = Callable[..., PersonRecord]
Models = Callable[..., GalleryModels]
RIGHT_EYE = Instance(modality=Modality.IRIS, position=EyePosition.RIGHT)
LEFT_EYE = Instance(modality=Modality.IRIS, position=EyePosition.LEFT)
FACE = Instance(modality=Modality.FACE)
PRECISIONS = list(EmbeddingPrecision)


@pytest.fixture(params=PRECISIONS, ids=lambda each: each.value)
def whole(request: pytest.FixtureRequest, tmp_path: Path, models: Models) -> Iterator[Gallery]:
    """A gallery of all three modalities."""
    with Gallery.create(tmp_path / "whole", models=models(request.param)) as gallery:
        yield gallery


def content(gallery: Gallery) -> dict[str, bytes]:
    return {each.person_id: encode_record(each) for each in gallery.snapshot().records()}


def everybody(*gallery_parts: SearchedPart) -> dict[str, int]:
    """Rows of everybody, by identifier."""
    return {part.columns.person_id(row): row for part in gallery_parts for row in range(part.columns.persons)}


def test_all_three_come_back_exactly_where_values_are_kept(
    tmp_path: Path, models: Models, whole_person: Make
) -> None:
    people = [whole_person(number, region="north") for number in range(70)]
    with Gallery.create(tmp_path / "whole", models=models()) as gallery:
        gallery.add(people[:40])
        gallery.compact()
        gallery.add(people[40:])
        wanted = {each.person_id: encode_record(each) for each in people}
        assert content(gallery) == wanted
        gallery.delete(["p1", "p41"])
        gallery.compact()
        assert content(gallery) == {who: what for who, what in wanted.items() if who not in {"p1", "p41"}}
        assert verify_gallery(gallery).sound


def test_people_of_whom_nobody_has_a_face_or_an_iris_come_back(whole: Gallery, whole_person: Make) -> None:
    made = [whole_person(number) for number in (5, 10)]
    alone = replace(whole_person(15), irises=(), eyes=())
    for people in (made, [alone]):
        whole.update(people)
        whole.compact()
        assert content(whole)[people[0].person_id] == encode_record(people[0])
        whole.delete([each.person_id for each in people])


def test_what_a_gallery_gives_back_does_not_change_with_compactions_and_rebuilds(
    whole: Gallery, whole_person: Make
) -> None:
    whole.add([whole_person(number) for number in range(60)])
    first = content(whole)
    whole.compact()
    whole.delete(["p7"])
    whole.compact(segment_bytes=5000)
    first.pop("p7")
    assert gallery_info(whole).segments > 2
    assert content(whole) == first
    whole.close()
    kept = list(whole.snapshot().records())
    rebuild_gallery(whole.folder, kept, models=whole.snapshot().models)
    assert content(Gallery(whole.folder)) == first
    assert verify_gallery(Gallery(whole.folder)).sound


def test_the_same_person_is_known_again_by_what_was_said_not_by_what_is_kept(
    whole: Gallery, whole_person: Make
) -> None:
    whole.add([whole_person(number) for number in range(10)])
    whole.compact()
    assert whole.add([whole_person(number) for number in range(10)]) == 0
    assert whole.update([whole_person(3), whole_person(4, version=1)]) == 1
    columns = whole.state().segments[0].columns
    row = columns.row_of("p3")
    assert row is not None
    assert columns.contents[row].tobytes() == content_hash(whole_person(3))


@pytest.mark.parametrize("sealed", [False, True])
def test_reference_sets_lie_on_the_map_and_say_what_packing_says(
    whole: Gallery,
    whole_person: Make,
    sealed: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    people = {f"p{number}": whole_person(number) for number in range(75)}
    whole.add(list(people.values()))
    if sealed:
        whole.compact()
    (part,) = whole.snapshot().parts()
    assert [each.name for each in part.instances()] == ["right_index", "face", "right_eye", "left_eye"]
    names = [part.columns.person_id(row) for row in range(part.columns.persons)]
    for eye in (RIGHT_EYE, LEFT_EYE):
        references = part.references(eye)
        assert isinstance(references, IrisReferences)
        codes = [people[names[row]].irises[eye.position - 1] for row in part.owners(eye).tolist()]
        packed = pack_codes(codes)
        same(references.packed, packed)
        assert references.stage_one is not None
        same(references.stage_one.codes, thin(packed, every=4).codes)
        assert shares(references.packed.blocks, part.columns.shelves[Modality.IRIS].payload["codes"])
    faces = part.references(FACE)
    assert isinstance(faces, FaceReferences)
    model = whole.snapshot().models.face
    assert model is not None
    rows = np.stack([people[names[row]].faces[0].values for row in part.owners(FACE).tolist()])
    wanted = pack_embedding_rows(rows, model_id=model.model_id, precision=model.precision, scale=model.scale)
    assert len(faces) == len(rows) == 60
    same_faces(faces.packed, wanted)
    assert shares(faces.packed.octets, part.columns.shelves[Modality.FACE].payload["octets"])
    fingers = part.references(part.instances()[0])
    assert isinstance(fingers, FingerReferences)
    assert shares(fingers.packed.words, part.columns.shelves[Modality.FINGER].payload["words"])
    assert len(fingers) == 150


def shares(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return np.shares_memory(one, other)


def same(one: PackedCodes, other: PackedCodes) -> None:
    assert one.count == other.count
    np.testing.assert_array_equal(one.blocks, other.blocks)
    np.testing.assert_array_equal(one.valid_bits, other.valid_bits)


def same_faces(one: PackedEmbeddings, other: PackedEmbeddings) -> None:
    np.testing.assert_array_equal(one.signs, other.signs)
    np.testing.assert_array_equal(one.octets, other.octets)
    assert (one.values is None) is (other.values is None)
    if one.values is not None and other.values is not None:
        np.testing.assert_array_equal(one.values, other.values)
    assert one.scale == other.scale
    assert one.rounding == other.rounding


def test_a_probe_finds_its_person_in_merged_segments(whole: Gallery, whole_person: Make) -> None:
    for first in range(0, 60, 20):
        whole.add([whole_person(number) for number in range(first, first + 20)])
        whole.compact()
    whole.delete([f"p{number}" for number in range(10)])
    whole.compact()
    (part,) = whole.snapshot().parts()
    probe = whole_person(33)
    eye, face = iris_probes(probe.irises[1:]), face_probes(probe.faces)
    for instance, probes in ((LEFT_EYE, eye), (FACE, face)):
        references = part.references(instance)
        found = references.scan(probes, 0, len(references), limit=1)
        assert part.columns.person_id(int(part.owners(instance)[found.rows[0]])) == "p33"
        assert found.similarities[0] > 95
        row = part.columns.row_of("p33")
        assert row is not None
        assert part.rows_of(instance, row).tolist() == found.rows.tolist()


def test_owners_are_counted_and_filtered(whole: Gallery, whole_person: Make) -> None:
    whole.add([whole_person(number) for number in range(10)])
    whole.compact()
    whole.delete(["p1"])
    (part,) = whole.snapshot().parts()
    assert part.count(FACE) == 8
    assert part.wanted_rows(FACE, range(8)).sum() == 7
    assert part.comparable([FACE, LEFT_EYE]) == 9
    assert (np.diff(part.owners(RIGHT_EYE)) > 0).all()
    unknown = Instance(modality=Modality.IRIS)
    assert part.count(unknown) == len(part.owners(unknown)) == len(part.rows_of(unknown, 0)) == 0
    with pytest.raises(ValueError, match="no template of iris 0"):
        part.references(unknown)


def test_a_gallery_of_one_modality_holds_no_other(tmp_path: Path, models: Models, whole_person: Make) -> None:
    only = GalleryModels(face=models().face)
    with Gallery.create(tmp_path / "faces", models=only) as gallery:
        with pytest.raises(IncompatibleTemplates, match="no model for finger"):
            gallery.add([whole_person(1)])
        made = replace(whole_person(1), fingers=None, finger_positions=(), irises=(), eyes=())
        gallery.add([made])
        gallery.compact()
        (part,) = gallery.snapshot().parts()
        assert part.instances() == (FACE,)
        assert part.count(LEFT_EYE) == len(part.owners(LEFT_EYE)) == 0
        with pytest.raises(ValueError, match="holds no iris"):
            part.references(LEFT_EYE)
        with pytest.raises(IncompatibleTemplates, match="holds no iris"):
            only.model_of(Modality.IRIS)


def test_templates_of_other_models_or_forms_are_refused(whole: Gallery, whole_person: Make) -> None:
    made = whole_person(1)
    other = ModelId("other@2")
    iris = replace(made.irises[0], model_id=other)
    geometry = CodeGeometry(columns=15, column_bits=16)
    narrow = IrisCode(
        code=made.irises[0].code,
        mask=made.irises[0].mask,
        geometry=geometry,
        model_id=made.irises[0].model_id,
    )
    face = replace(made.faces[0], model_id=other)
    short = replace(made.faces[0], values=np.array([1.0], np.float32))
    for changes in (
        {"irises": (iris, iris)},
        {"irises": (narrow, narrow)},
        {"faces": (face,)},
        {"faces": (short,)},
    ):
        with pytest.raises(IncompatibleTemplates, match="never compare"):
            whole.add([replace(made, **changes)])  # type: ignore[arg-type] # tuples of the right kind


def test_info_counts_bytes_of_each_modality(whole: Gallery, whole_person: Make) -> None:
    whole.add([whole_person(number) for number in range(50)])
    whole.compact()
    info = gallery_info(whole)
    fingers, faces, irises = info.modalities
    assert (faces.templates, irises.templates, fingers.templates) == (40, 100, 100)
    assert irises.instances == {"right_eye": 50, "left_eye": 50}
    assert irises.bytes_per_template == 2 * 8 * 4 + 8 + 2 * 8 * 1 + 8
    assert irises.overhead_per_template == 12 * irises.bytes_per_template / 100
    model = whole.snapshot().models.face
    assert model is not None
    kept = {"float32": 4, "float16": 2, "bfloat16": 2, "int8": 0}[model.precision.value]
    assert faces.bytes_per_template == 48 * (1 + kept) + 8
    assert faces.overhead_per_template == 8 * faces.bytes_per_template / 40
    assert fingers.overhead_per_template == 0
    assert info.file_bytes == sum(path.stat().st_size for path in whole.folder.iterdir())
    payload = sum(
        each.templates * (each.bytes_per_template + each.overhead_per_template) for each in info.modalities
    )
    sealed = sum(path.stat().st_size for path in whole.folder.glob("segment-*"))
    assert info.overhead_per_template == pytest.approx((sealed - payload) / 240)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("iris.valid_bits", 5),
        ("iris.thinned_valid_bits", 99),
        ("iris.positions", 3),
        ("face.positions", 1),
        ("face.owners", 70),
        ("iris.owners", 9),
        ("finger.offsets", 2),
    ],
)
def test_shelves_that_a_search_could_not_rely_on_are_refused(
    models: Models, whole_person: Make, column: str, value: int
) -> None:
    columns = columns_of([whole_person(number) for number in range(10)], {"": 0}, models())
    check_columns(columns, regions=1)
    modality, name = column.split(".")
    shelf = columns.shelves[Modality(modality)]
    values = (shelf.payload[name] if name in shelf.payload else getattr(shelf, name)).copy()
    values.flat[0] = value
    broken = (
        replace(shelf, payload={**shelf.payload, name: values})
        if name in shelf.payload
        else replace(shelf, **{name: values})
    )
    with pytest.raises(FormatError, match=column):
        check_columns(replace(columns, shelves={**columns.shelves, Modality(modality): broken}), regions=1)


def test_a_mask_in_a_lane_without_a_code_is_found(models: Models, whole_person: Make) -> None:
    columns = columns_of([whole_person(number) for number in range(10)], {"": 0}, models())
    shelf = columns.shelves[Modality.IRIS]
    codes = shelf.payload["codes"].copy()
    counts = shelf.payload["valid_bits"].copy()
    codes[1, 0, 1, 7], counts[1, 7] = 1, 1
    broken = replace(shelf, payload={**shelf.payload, "codes": codes, "valid_bits": counts})
    with pytest.raises(FormatError, match=r"iris\.valid_bits"):
        check_columns(replace(columns, shelves={**columns.shelves, Modality.IRIS: broken}), regions=1)


def test_the_scale_of_faces_follows_from_length_and_spreads_alone() -> None:
    for dimensions in (1, 2, 25):
        model = FaceModel(model_id=ModelId("f"), dimensions=dimensions)
        assert model.scale == 127
    assert FaceModel(model_id=ModelId("f"), dimensions=400).scale == pytest.approx(127 * 4)
    assert FaceModel(model_id=ModelId("f"), dimensions=400, spreads=10).scale == pytest.approx(127 * 2)


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (GalleryModels, "at least one modality"),
        (lambda: FaceModel(model_id=ModelId("f"), dimensions=0), "1..8192"),
        (lambda: FaceModel(model_id=ModelId("f"), dimensions=9, spreads=0.5), "1..100"),
        (
            lambda: IrisModel(
                model_id=ModelId("i"), geometry=CodeGeometry(columns=8, column_bits=8), turns=5
            ),
            "0..4",
        ),
        (
            lambda: IrisModel(
                model_id=ModelId("i"), geometry=CodeGeometry(columns=8, column_bits=8), turns=1, every=9
            ),
            "2..8",
        ),
        (lambda: Instance(modality=Modality.FACE, position=1), "position 0"),
        (lambda: Instance(modality=Modality.IRIS, position=3), "3 is not"),
    ],
)
def test_what_cannot_be_meant_cannot_exist(make: Callable[[], object], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        make()


def test_a_person_without_a_finger_needs_an_eye_or_a_face(whole_person: Make) -> None:
    made = whole_person(1)
    alone = person_record("p1", faces=made.faces)
    assert alone.templates == 1
    assert repr(alone) == "PersonRecord(0 fingers, 0 irises, 1 faces)"
    assert alone.payload_bytes == 160
    with pytest.raises(ValueError, match="eyes must name each of the 2"):
        replace(made, eyes=made.eyes[:1])
    with pytest.raises(ValueError, match="at most 255 faces, got 256"):
        person_record("p1", faces=made.faces * 256)
