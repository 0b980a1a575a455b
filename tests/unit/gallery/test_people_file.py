"""People into a Parquet file and out of it: the same people, or nobody."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from biocapil.comparison import EmbeddingPrecision, pack
from biocapil.errors import BiocapilError, ChecksumMismatch, FormatError, MissingPart, UnsupportedVersion
from biocapil.gallery import (
    Gallery,
    GalleryModels,
    PeopleFile,
    PersonRecord,
    Sex,
    export_people,
    people_export,
    rebuild_gallery,
)
from biocapil.gallery.people_schema import METADATA, batch_of, table_schema
from biocapil.gallery.record_codec import encode_record
from biocapil.template import FingerprintTemplate

pa = pytest.importorskip("pyarrow", reason="the extra arrow is not installed")
parquet = pytest.importorskip("pyarrow.parquet")

Make = Callable[..., PersonRecord]
Models = Callable[..., GalleryModels]


@pytest.fixture(params=[EmbeddingPrecision.FLOAT32, EmbeddingPrecision.INT8], ids=lambda each: each.value)
def filled(request: pytest.FixtureRequest, tmp_path: Path, models: Models, whole_person: Make) -> Gallery:
    """Some sealed people of all three modalities, some of the log, one deleted."""
    gallery = Gallery.create(tmp_path / "gallery", models=models(request.param))
    gallery.add([whole_person(number, region="süd", birth_year=1990, sex=Sex.FEMALE) for number in range(30)])
    gallery.compact()
    gallery.add([whole_person(number) for number in range(30, 40)])
    gallery.delete(["p4"])
    return gallery


@pytest.fixture
def exported(filled: Gallery, tmp_path: Path) -> Path:
    assert export_people(filled.snapshot(), tmp_path / "people.parquet") == 39
    return tmp_path / "people.parquet"


def content(records: Iterator[PersonRecord]) -> dict[str, bytes]:
    return {each.person_id: encode_record(each) for each in records}


def test_everybody_comes_back_as_the_gallery_holds_them(filled: Gallery, exported: Path) -> None:
    with PeopleFile(exported) as people:
        assert people.persons == 39
        assert people.models == filled.snapshot().models
        people.require_sound()
        assert content(people.records()) == content(filled.snapshot().records())
    assert exported.stat().st_mode & 0o777 == 0o600


def test_a_gallery_made_of_the_file_gives_the_same_file(
    filled: Gallery, exported: Path, tmp_path: Path
) -> None:
    with PeopleFile(exported) as people:
        Gallery.create(tmp_path / "copy", models=people.models).close()
        assert rebuild_gallery(tmp_path / "copy", people.records(), models=people.models) == 39
    copy = Gallery(tmp_path / "copy").snapshot()
    assert content(copy.records()) == content(filled.snapshot().records())
    export_people(copy, tmp_path / "again.parquet")
    with PeopleFile(tmp_path / "again.parquet") as again, PeopleFile(exported) as first:
        assert content(again.records()) == content(first.records())


def test_row_groups_are_short_and_progress_is_told(
    filled: Gallery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_export, "MOST_PERSONS", 16)
    seen: list[tuple[int, int]] = []
    export_people(
        filled.snapshot(), tmp_path / "a.parquet", on_progress=lambda done, total: seen.append((done, total))
    )
    groups = parquet.ParquetFile(tmp_path / "a.parquet").metadata
    assert [groups.row_group(each).num_rows for each in range(groups.num_row_groups)] == [16, 16, 7]
    assert seen == [(16, 39), (32, 39), (39, 39)]
    monkeypatch.setattr(people_export, "MOST_BYTES", 1)
    export_people(filled.snapshot(), tmp_path / "b.parquet")
    assert parquet.ParquetFile(tmp_path / "b.parquet").metadata.num_row_groups == 39


def test_columns_are_those_of_the_models(tmp_path: Path, person: Make, gallery: Gallery) -> None:
    gallery.add([person(1, birth_year=None), person(2, birth_year=7)])
    export_people(gallery.snapshot(), tmp_path / "a.parquet")
    table = parquet.read_table(tmp_path / "a.parquet")
    assert table.column_names == ["person_id", "region", "birth_year", "sex", "fingers"]
    known = dict(zip(*(table.column(name).to_pylist() for name in ("person_id", "birth_year")), strict=True))
    assert known == {"p1": None, "p2": 7}
    fingers = table.column("fingers").to_pylist()[0]
    assert fingers[0]["position"] == 2
    assert len(fingers[0]["minutiae"]) % 64 == 0


def test_an_empty_gallery_is_an_empty_file(tmp_path: Path, gallery: Gallery) -> None:
    assert export_people(gallery.snapshot(), tmp_path / "a.parquet") == 0
    with PeopleFile(tmp_path / "a.parquet") as people:
        assert list(people.records()) == []


def rewritten(
    path: Path, *, terms: dict[str, Any] | None = None, keep: int | None = None, drop: str | None = None
) -> Path:
    """The same file with something of it changed."""
    table = parquet.read_table(path)
    stated = json.loads(parquet.ParquetFile(path).metadata.metadata[METADATA]) | (terms or {})
    table = table.slice(0, keep) if keep is not None else table
    table = table.drop_columns([drop]) if drop else table
    table = table.replace_schema_metadata({METADATA: json.dumps(stated).encode()})
    target = path.with_name("altered.parquet")
    parquet.write_table(table, target)
    return target


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"schema": "biocapil/people/2"}, UnsupportedVersion),
        ({"layout_version": 99}, UnsupportedVersion),
        ({"persons": -1}, FormatError),
        ({"models": {}}, FormatError),
        ({"models": None}, FormatError),
        ({"models": {"finger": "other@2", "iris": None, "face": None}}, FormatError),
        ({"sha256": 5}, FormatError),
    ],
)
def test_terms_that_are_not_known_are_refused(
    exported: Path, terms: dict[str, Any], error: type[Exception]
) -> None:
    with PeopleFile(rewritten(exported)) as people:
        people.require_sound()
    with pytest.raises(error):
        PeopleFile(rewritten(exported, terms=terms))


def test_people_who_are_not_those_written_are_refused(exported: Path) -> None:
    for changes in ({"keep": 38}, {"terms": {"sha256": "0" * 64}}, {"terms": {"persons": 40}}):
        with (
            PeopleFile(rewritten(exported, **changes)) as people,  # type: ignore[arg-type] # one of each kind
            pytest.raises(ChecksumMismatch, match="export them again"),
        ):
            people.require_sound()
    with pytest.raises(FormatError, match="other columns"):
        PeopleFile(rewritten(exported, drop="irises"))


def test_what_is_no_file_of_people_is_refused(exported: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.parquet"
    parquet.write_table(pa.table({"a": [1]}), other)
    with pytest.raises(FormatError, match="says nothing of its models"):
        PeopleFile(other)
    parquet.write_table(pa.table({"a": [1]}).replace_schema_metadata({METADATA: b"["}), other)
    with pytest.raises(FormatError, match="no sound terms"):
        PeopleFile(other)
    for data in (b"", b"PAR1", exported.read_bytes()[:-9]):
        other.write_bytes(data)
        with pytest.raises(FormatError, match="no Parquet file"):
            PeopleFile(other)
    with pytest.raises(FileNotFoundError):
        PeopleFile(tmp_path / "nothing")


@given(data=st.data())
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_altered_file_is_refused_or_the_same(exported: Path, data: st.DataObject) -> None:
    good = exported.read_bytes()
    with PeopleFile(exported) as people:
        wanted = content(people.records())
    altered = bytearray(good)
    for _ in range(data.draw(st.integers(1, 3))):
        altered[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    path = exported.with_name("altered.parquet")
    path.write_bytes(altered)
    try:
        with PeopleFile(path) as people:
            found = content(people.records())
    except BiocapilError:
        return
    assert found == wanted


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("person_id", ""),
        ("sex", 5),
        ("birth_year", 10_000),
        ("fingers", []),
        ("fingers", [{"position": 11, "minutiae": bytes(64)}]),
        ("fingers", [{"position": 1, "minutiae": bytes(63)}]),
        ("fingers", [{"position": 1, "minutiae": bytes(64 * 38)}]),
    ],
)
def test_rows_that_are_no_person_are_refused(
    tmp_path: Path, gallery: Gallery, person: Make, column: str, value: object
) -> None:
    gallery.add([person(1)])
    export_people(gallery.snapshot(), tmp_path / "a.parquet")
    table = parquet.read_table(tmp_path / "a.parquet")
    at = table.column_names.index(column)
    table = table.set_column(at, table.schema.field(at), pa.array([value], table.schema.field(at).type))
    parquet.write_table(table, tmp_path / "b.parquet")
    metadata = parquet.ParquetFile(tmp_path / "a.parquet").metadata.metadata[METADATA]
    parquet.write_table(table.replace_schema_metadata({METADATA: metadata}), tmp_path / "b.parquet")
    with PeopleFile(tmp_path / "b.parquet") as people, pytest.raises(FormatError, match="row 0"):
        people.require_sound()


def test_an_export_that_fails_leaves_what_was_there(
    filled: Gallery, exported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = exported.read_bytes()

    def broken(*_arguments: object) -> object:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(people_export, "batch_of", broken)
    with pytest.raises(OSError, match="No space left"):
        export_people(filled.snapshot(), exported)
    assert exported.read_bytes() == before
    assert not list(exported.parent.glob("*.part"))


def test_without_pyarrow_the_extra_is_named(
    filled: Gallery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingPart, match=r"biocapil\[arrow\]"):
        export_people(filled.snapshot(), tmp_path / "a.parquet")
    assert not list(tmp_path.glob("a.parquet*"))


def test_persons_become_rows_also_where_some_have_nothing(models: Models, whole_person: Make) -> None:
    held = models()
    batch = batch_of(pa, [whole_person(5), replace(whole_person(6), irises=(), eyes=())], held)
    batch.validate(full=True)
    assert batch.schema.equals(table_schema(pa, held))
    assert [len(each) for each in batch.column("faces").to_pylist()] == [0, 1]
    assert [len(each) for each in batch.column("irises").to_pylist()] == [2, 0]


def test_a_packed_finger_does_not_say_how_high_its_image_was(
    finger: Callable[..., FingerprintTemplate],
) -> None:
    """Why no minutiae record can be made of a gallery: a record measures from the top of the image."""
    low = finger(1)
    width, height = low.extent_um
    moved = low.positions_um + np.array([0, 2000], np.float32)
    high = replace(low, positions_um=moved, extent_um=(width, height + 2000))
    np.testing.assert_array_equal(pack([low]).words, pack([high]).words)
