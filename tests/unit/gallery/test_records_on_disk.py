"""Codec, log frames, manifest, segment and verification: what is written is read, nothing else is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import biocapil.gallery as room
from biocapil.errors import BiocapilError, ChecksumMismatch, FormatError, UnsupportedVersion
from biocapil.gallery import (
    Gallery,
    GalleryModels,
    PersonRecord,
    Sex,
    block_checksums,
    person_record,
    verify_gallery,
)
from biocapil.gallery import segment as segment_file
from biocapil.gallery.column_checks import check_columns
from biocapil.gallery.columns import Columns, columns_of
from biocapil.gallery.log_frames import Buried, Enrolled, Withdrawn, decode_frames, encode_frame
from biocapil.gallery.manifest import (
    MAX_BYTES,
    LogEntry,
    Manifest,
    SegmentEntry,
    ShelfEntry,
    _checksum,
    manifest_from_json,
    manifest_to_json,
)
from biocapil.gallery.record_codec import content_hash, decode_record, encode_record
from biocapil.gallery.state import GalleryState
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import FingerPosition, Modality, ModelId, SubjectId

Make = Callable[..., PersonRecord]
MODELS = GalleryModels(finger=ModelId("made@1"))
MANIFEST = Manifest(
    gallery_id="0f",
    generation=3,
    next_number=4,
    models=MODELS,
    regions=("", "north"),
    segments=(
        SegmentEntry(
            number=2, persons=1, id_bytes=2, shelves=(ShelfEntry(templates=1, rows=3),), blocks=(7,)
        ),
    ),
    log=LogEntry(number=3, size=10, crc32=1),
)


def test_the_public_names_are_pinned_and_sorted() -> None:
    assert room.__all__ == sorted(room.__all__)
    assert all(getattr(room, name).__doc__ for name in room.__all__)


def test_a_person_comes_back_from_bytes(person: Make) -> None:
    made = person(
        1, FingerPosition.UNKNOWN, FingerPosition.LEFT_RING, region="süd", birth_year=1, sex=Sex.MALE
    )
    again = decode_record(encode_record(made), models=MODELS)
    assert encode_record(again) == encode_record(made)
    assert (again.person_id, again.region, again.birth_year, again.sex) == ("p1", "süd", 1, Sex.MALE)
    assert again.finger_positions == made.finger_positions


def test_everything_that_is_kept_shows_in_the_hash(person: Make) -> None:
    made = [person(1), person(1, version=1), person(1, region="a"), person(1, birth_year=2), person(1, sex=2)]
    made += [person(1, FingerPosition.LEFT_INDEX), replace(person(1), person_id="p2")]
    assert len({content_hash(each) for each in made}) == len(made)


@given(data=st.data())
def test_altered_bytes_of_a_person_are_a_format_error_or_a_person(data: st.DataObject) -> None:
    good = b"\x02\x01\xc6\x07\x01\x01\0\0p1n\x02\x01" + bytes(64)
    altered = bytearray(good[: data.draw(st.integers(0, len(good)))])
    if altered:
        altered[data.draw(st.integers(0, len(altered) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = decode_record(bytes(altered), models=MODELS)
    except FormatError:
        return
    assert encode_record(found) == bytes(altered)


@given(garbage=st.binary(max_size=200))
def test_garbage_is_no_log(garbage: bytes) -> None:
    try:
        frames = list(decode_frames(garbage, models=MODELS))
    except FormatError:
        return
    assert b"".join(map(encode_frame, frames)) == garbage or garbage[1:4] != bytes(3)


def test_frames_come_back_in_order(person: Make) -> None:
    frames = [
        Enrolled(record=person(1)),
        Withdrawn(person_id=SubjectId("p1")),
        Buried(segment=7, rows=np.array([1, 5], np.uint32)),
    ]
    data = b"".join(map(encode_frame, frames))
    again = list(decode_frames(data, models=MODELS))
    assert [type(each) for each in again] == [Enrolled, Withdrawn, Buried]
    assert b"".join(map(encode_frame, again)) == data
    for end in (len(data) - 1, 5):
        with pytest.raises(FormatError, match="ends inside"):
            list(decode_frames(data[:end], models=MODELS))


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"person_id": ""}, "person_id must have 1 to 255"),
        ({"person_id": "x" * 256}, "got 256"),
        ({"person_id": "\ud800"}, "UTF-8"),
        ({"region": "é" * 128}, "region must have 0 to 255"),
        ({"birth_year": 0}, "1..9999"),
        ({"finger_positions": ()}, "finger_positions must name each of the 1"),
    ],
)
def test_a_person_out_of_range_cannot_exist(person: Make, wrong: dict[str, object], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        replace(person(1), **wrong)  # type: ignore[arg-type] # what is wrong is the point


def test_a_person_has_one_to_255_templates(person: Make, finger: Callable[..., FingerprintTemplate]) -> None:
    with pytest.raises(ValueError, match="at least one template"):
        person_record("p1")
    with pytest.raises(ValueError, match="got 256"):
        person_record("p1", fingers=[finger(1)] * 256)
    made = person(1)
    with pytest.raises(ValueError, match="got none"):
        replace(made, fingers=None, finger_positions=())


def test_a_manifest_comes_back() -> None:
    assert manifest_from_json(manifest_to_json(MANIFEST)) == MANIFEST
    assert MANIFEST.files == {"segment-2", "log-3"}


def signed(**changes: object) -> bytes:
    """A manifest with changes and the right checksum over them."""
    fields = json.loads(manifest_to_json(MANIFEST))
    fields.pop("sha256")
    fields |= changes
    return json.dumps({**fields, "sha256": _checksum(fields)}, indent=1).encode() + b"\n"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", FormatError),
        (b"\xff", FormatError),
        (b"[]", FormatError),
        (b"[" * 100_000, FormatError),
        (b'{"a": NaN}', FormatError),
        (b" " * (MAX_BYTES + 1), FormatError),
        (manifest_to_json(MANIFEST).replace(b'"generation": 3', b'"generation": 4'), ChecksumMismatch),
        (manifest_to_json(MANIFEST).replace(b"\n", b"\r\n"), FormatError),
        (signed(schema="biocapil/gallery/1"), UnsupportedVersion),
        (signed(layout_version=99), UnsupportedVersion),
        (signed(segments=[{}]), FormatError),
        (signed(segments=None), FormatError),
        (signed(generation=True), FormatError),
        (signed(generation=-1), FormatError),
        (signed(next_number=2), FormatError),
        (signed(regions=["", 1]), FormatError),
        (signed(regions=["a", "a"]), FormatError),
        (signed(segments=json.loads(manifest_to_json(MANIFEST))["segments"] * 2), FormatError),
        (signed(regions=[str(each) for each in range(65_537)]), FormatError),
        (signed(more=1), FormatError),
    ],
    ids=range(20),
)
def test_what_no_writer_writes_is_no_manifest(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        manifest_from_json(data)


@given(data=st.data())
def test_an_altered_manifest_is_refused(data: st.DataObject) -> None:
    good = manifest_to_json(MANIFEST)
    place = data.draw(st.integers(0, len(good) - 1))
    altered = good[:place] + data.draw(st.binary(max_size=3)) + good[place + data.draw(st.integers(0, 3)) :]
    if altered == good:
        return
    with pytest.raises(BiocapilError):
        manifest_from_json(altered)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    name=st.sampled_from(["gallery_id", "generation", "next_number", "regions", "segments", "log"]),
    value=JSON,
)
def test_fields_of_any_kind_are_refused_or_read(name: str, value: object) -> None:
    try:
        found = manifest_from_json(signed(**{name: value}))
    except FormatError:
        return
    assert manifest_to_json(found) == signed(**{name: value})


@pytest.fixture
def sealed(gallery: Gallery, person: Make) -> Gallery:
    gallery.add([person(each, FingerPosition.LEFT_THUMB, FingerPosition.RIGHT_INDEX) for each in range(5)])
    gallery.compact()
    return gallery


def test_checksums_are_of_blocks(sealed: Gallery, person: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block_checksums, "BLOCK_BYTES", 1000)
    sealed.add([person(9)])
    sealed.compact()
    report = verify_gallery(sealed)
    assert report.sound
    assert report.blocks > 10
    path = next(sealed.folder.glob("segment-*"))
    data = bytearray(path.read_bytes())
    data[2500] ^= 4
    path.write_bytes(data)
    report = verify_gallery(Gallery(sealed.folder))
    assert [each.fault for each in report.damages] == ["block 2 is not as it was written"]
    path.write_bytes(data[:-1])
    assert {each.fault for each in verify_gallery(sealed).damages} >= {"block 2 is not as it was written"}


def test_a_verification_reports_progress_and_missing_files(sealed: Gallery) -> None:
    seen: list[tuple[int, int]] = []
    assert verify_gallery(sealed, on_progress=lambda done, total: seen.append((done, total))).sound
    assert seen == [(1, 1)]
    next(sealed.folder.glob("segment-*")).unlink()
    assert [each.fault for each in verify_gallery(sealed).damages] == ["is missing"]


def test_a_segment_that_a_compaction_took_away_is_no_damage(sealed: Gallery) -> None:
    class Behind(Gallery):
        """Sees the commit one look late."""

        late = True

        def state(self) -> GalleryState:
            found = self._state if self.late else super().state()
            self.late = False
            return found

    reader = Behind(sealed.folder)
    sealed.compact()
    assert verify_gallery(reader).sound


def test_somebody_in_the_log_and_in_a_segment_is_found_by_verification(sealed: Gallery, person: Make) -> None:
    from biocapil.gallery.writing import commit_frames  # noqa: PLC0415 - beside what it is used for

    commit_frames(sealed.folder, sealed.state(), [Enrolled(record=person(1))])
    report = verify_gallery(Gallery(sealed.folder))
    assert [each.fault for each in report.damages] == ["adds somebody who is in a segment"]


def first(column: str, value: int) -> Callable[[Columns], Columns]:
    """Put a value in the first place of a column of persons, or of the shelf before the point."""

    def change(columns: Columns) -> Columns:
        modality, _, name = column.rpartition(".")
        if not modality:
            return replace(columns, **{name: altered(getattr(columns, name))})
        shelf = columns.shelves[Modality(modality)]
        if name in shelf.payload:
            shelf = replace(shelf, payload={**shelf.payload, name: altered(shelf.payload[name])})
        else:
            shelf = replace(shelf, **{name: altered(getattr(shelf, name))})
        return replace(columns, shelves={**columns.shelves, Modality(modality): shelf})

    def altered(values: NDArray[Any]) -> NDArray[Any]:
        copied = values.copy()
        copied.flat[0] = value
        return copied

    return change


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("finger.offsets", 1),
        ("finger.owners", 5),
        ("finger.owners", -1),
        ("finger.positions", 11),
        ("finger.positions", 9),
        ("id_hashes", 2**64 - 1),
        ("id_hashes", 0),
        ("regions", 1),
        ("sexes", 7),
        ("id_ends", 99),
        ("ids", 0),
        ("ids", 255),
    ],
)
def test_columns_that_a_search_could_not_rely_on_are_refused(person: Make, column: str, value: int) -> None:
    people = [person(each, FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_THUMB) for each in range(5)]
    columns = columns_of(people, {"": 0}, MODELS)
    check_columns(columns, regions=1)
    with pytest.raises(FormatError, match=column if column != "id_hashes" or value else "ids"):
        check_columns(first(column, value)(columns), regions=1)


def test_people_whose_hashes_collide_are_told_apart(person: Make) -> None:
    columns = columns_of([person(1), person(2)], {"": 0}, MODELS)
    same = replace(columns, id_hashes=np.full(2, columns.id_hashes[0]))
    names = [columns.person_id(row) for row in range(2)]
    assert same.row_of(names[0]) == 0
    assert columns.row_of(names[1]) == 1
    assert same.row_of("p3") is None
    assert "2 persons" in repr(columns)


def test_damage_that_checksums_agree_with_is_found(sealed: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    def twisted(folder: Path, entry: SegmentEntry, models: GalleryModels) -> Columns:
        return first("sexes", 7)(opened(folder, entry, models))

    opened = segment_file.open_segment
    monkeypatch.setattr("biocapil.gallery.state.open_segment", twisted)
    assert "sexes" in verify_gallery(Gallery(sealed.folder)).damages[0].fault


def test_bytes_that_no_enumeration_knows_are_no_person(person: Make) -> None:
    made = bytearray(encode_record(person(1)))
    made[4] = 7
    with pytest.raises(FormatError, match="7 is not a valid Sex"):
        decode_record(bytes(made), models=MODELS)
