from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from biocapil.errors import FormatError, IncompatibleTemplates, StoreError
from biocapil.gallery import (
    Gallery,
    GalleryModels,
    PersonRecord,
    durable,
    gallery_info,
    rebuild_gallery,
    state,
    verify_gallery,
    writing,
)
from biocapil.gallery.manifest import manifest_from_json, manifest_to_json
from biocapil.gallery.record_codec import encode_record
from biocapil.gallery.writing import stray_files
from biocapil.vocabulary import FingerPosition, ModelId

Make = Callable[..., PersonRecord]
MODELS = GalleryModels(finger=ModelId("made@1"))


def content(gallery: Gallery) -> Mapping[str, bytes]:
    """Everybody who is there, with everything that is kept of them."""
    return {each.person_id: encode_record(each) for each in gallery.snapshot().records()}


def expected(*records: PersonRecord) -> Mapping[str, bytes]:
    return {each.person_id: encode_record(each) for each in records}


def test_a_new_gallery_is_empty_and_private(gallery: Gallery) -> None:
    assert len(gallery) == 0
    assert gallery.folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in gallery.folder.iterdir()} == {0o600}


def test_who_was_added_is_there_after_opening_again(gallery: Gallery, person: Make) -> None:
    people = [person(1, region="north", birth_year=1990), person(2, sex=2), person(3)]
    assert gallery.add(people) == 3
    assert content(gallery) == content(Gallery(gallery.folder)) == expected(*people)


def test_adding_the_same_person_again_changes_nothing(gallery: Gallery, person: Make) -> None:
    gallery.add([person(1)])
    before = gallery.snapshot().generation
    assert gallery.add([person(1)]) == 0
    gallery.compact()
    assert gallery.add([person(1)]) == 0
    assert gallery.snapshot().generation == before + 1


def test_adding_other_content_is_refused_and_nothing_of_the_batch_is_added(
    gallery: Gallery, person: Make
) -> None:
    gallery.add([person(1)])
    with pytest.raises(StoreError, match="use update"):
        gallery.add([person(2), person(1, version=1)])
    assert content(gallery) == expected(person(1))


@pytest.mark.parametrize("sealed", [False, True])
def test_an_update_replaces_whoever_is_there(gallery: Gallery, person: Make, sealed: bool) -> None:  # noqa: FBT001 - a parameter of the test
    gallery.add([person(1), person(2)])
    if sealed:
        gallery.compact()
    assert gallery.update([person(1, version=1), person(2), person(3)]) == 2
    wanted = expected(person(1, version=1), person(2), person(3))
    assert content(gallery) == content(Gallery(gallery.folder)) == wanted


@pytest.mark.parametrize("verb", ["add", "update"])
def test_one_identifier_twice_in_a_batch_is_refused(gallery: Gallery, person: Make, verb: str) -> None:
    with pytest.raises(ValueError, match="one identifier"):
        getattr(gallery, verb)([person(1), person(1, version=1)])


@pytest.mark.parametrize("verb", ["add", "update"])
def test_templates_of_another_model_are_refused(gallery: Gallery, person: Make, verb: str) -> None:
    made = person(1)
    assert made.fingers is not None
    stranger = replace(made, fingers=replace(made.fingers, model_id=ModelId("other@2")))
    with pytest.raises(IncompatibleTemplates, match="other@2"):
        getattr(gallery, verb)([stranger])


@pytest.mark.parametrize("sealed", [False, True])
def test_who_was_deleted_is_gone_for_every_reader_at_once(
    gallery: Gallery,
    person: Make,
    sealed: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    gallery.add([person(1), person(2)])
    if sealed:
        gallery.compact()
    reader = Gallery(gallery.folder)
    before = reader.snapshot()
    assert gallery.delete(["p1", "p1", "nobody"]) == 1
    assert set(reader.snapshot().person_ids()) == {"p2"}
    assert set(Gallery(gallery.folder).snapshot().person_ids()) == {"p2"}
    assert set(before.person_ids()) == {"p1", "p2"}
    assert gallery.delete(["p1"]) == 0


def test_who_was_deleted_can_be_added_again(gallery: Gallery, person: Make) -> None:
    gallery.add([person(1), person(2)])
    gallery.compact()
    gallery.delete(["p1"])
    gallery.add([person(1, version=1)])
    gallery.delete(["p2"])
    assert content(gallery) == content(Gallery(gallery.folder)) == expected(person(1, version=1))


def test_compacting_takes_the_bytes_of_the_deleted_out_of_all_files(gallery: Gallery, person: Make) -> None:
    gone = person(1)
    assert gone.fingers is not None
    marked = gone.fingers.words[0].tobytes()
    gallery.add([gone, person(2)])
    gallery.compact()
    gallery.delete(["p1"])
    assert any(marked in path.read_bytes() for path in gallery.folder.iterdir())
    assert gallery_info(gallery).awaiting_erasure == 1
    gallery.compact()
    assert not any(marked in path.read_bytes() for path in gallery.folder.iterdir())
    assert gallery_info(gallery).awaiting_erasure == 0


def test_a_snapshot_reads_on_after_its_files_were_unlinked(gallery: Gallery, person: Make) -> None:
    gallery.add([person(1), person(2)])
    gallery.compact()
    held = gallery.snapshot()
    gallery.delete(["p1"])
    gallery.compact()
    assert {each.person_id: encode_record(each) for each in held.records()} == expected(person(1), person(2))


def test_compacting_parts_people_over_segments_without_losing_any(gallery: Gallery, person: Make) -> None:
    people = [person(each, FingerPosition.LEFT_THUMB, FingerPosition.RIGHT_INDEX) for each in range(12)]
    gallery.add(people)
    gallery.compact(segment_bytes=64 * 100)
    assert gallery_info(gallery).segments > 3
    assert verify_gallery(gallery).sound
    wanted = expected(*people)
    got = content(gallery)
    assert got.keys() == wanted.keys()
    assert {len(each) for each in got.values()} == {len(each) for each in wanted.values()}


def test_compacting_to_segments_of_nothing_is_refused(gallery: Gallery) -> None:
    with pytest.raises(ValueError, match="at least 1, got 0"):
        gallery.compact(segment_bytes=0)


def test_everybody_deleted_and_compacted_leaves_no_segment(gallery: Gallery, person: Make) -> None:
    gallery.add([person(1)])
    gallery.compact()
    gallery.delete(["p1"])
    gallery.compact()
    assert gallery_info(gallery).segments == len(Gallery(gallery.folder)) == 0


def test_a_long_log_is_sealed_and_small_segments_are_merged(
    gallery: Gallery, person: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "LOG_BYTES", 4000)
    monkeypatch.setattr(writing, "SMALL_SEGMENTS", 3)
    people = [person(each) for each in range(12)]
    counts: set[int] = set()
    for each in people:
        gallery.add([each])
        counts.add(gallery_info(gallery).segments)
        assert set(content(Gallery(gallery.folder))) == set(content(gallery))
    gallery.delete(["p3"])
    assert counts == {0, 1, 2, 3}
    assert set(content(gallery)) == {each.person_id for each in people} - {"p3"}
    assert verify_gallery(gallery).sound


def test_deletions_of_segments_that_stay_survive_a_sealing(
    gallery: Gallery, person: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery.add([person(1), person(2), person(3)])
    gallery.compact()
    gallery.delete(["p1", "p3"])
    monkeypatch.setattr(writing, "LOG_BYTES", 1)
    gallery.add([person(4)])
    assert gallery_info(gallery).segments == 2
    assert set(Gallery(gallery.folder).snapshot().person_ids()) == {"p2", "p4"}


def test_a_second_writer_is_refused_until_the_first_closes(gallery: Gallery, person: Make) -> None:
    with pytest.raises(StoreError, match="written to by another"):
        Gallery(gallery.folder, writable=True)
    gallery.close()
    gallery.close()
    with Gallery(gallery.folder, writable=True) as second:
        assert second.add([person(1)]) == 1


def test_a_reader_cannot_write(gallery: Gallery, person: Make) -> None:
    reader = Gallery(gallery.folder)
    for write in (lambda: reader.add([person(1)]), lambda: reader.delete(["p1"]), reader.compact):
        with pytest.raises(StoreError, match="not opened for writing"):
            write()


def test_a_folder_with_something_in_it_is_refused(gallery: Gallery, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not empty"):
        Gallery.create(gallery.folder, models=MODELS)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").touch()
    with pytest.raises(StoreError, match="not empty"):
        Gallery.create(tmp_path / "letters", models=MODELS)
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["a.txt"]


def test_a_place_without_a_gallery_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="biocapil gallery create"):
        Gallery(tmp_path)


def test_a_torn_tail_and_files_without_a_name_count_for_nothing(gallery: Gallery, person: Make) -> None:
    gallery.add([person(1)])
    gallery.close()
    log = gallery.folder / gallery.state().manifest.log.file
    with log.open("ab") as file:
        file.write(b"half a frame")
    (gallery.folder / "segment-99").write_bytes(b"unfinished")
    (gallery.folder / "notes.txt").touch()
    assert set(Gallery(gallery.folder).snapshot().person_ids()) == {"p1"}
    with Gallery(gallery.folder, writable=True) as again:
        assert not stray_files(again.folder, again.state().manifest)
        again.add([person(2)])
    assert set(Gallery(gallery.folder).snapshot().person_ids()) == {"p1", "p2"}
    assert (gallery.folder / "notes.txt").exists()


def test_a_commit_that_fails_leaves_the_old_state(
    gallery: Gallery, person: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery.add([person(1)])

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(durable.os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            gallery.add([person(2)])
    assert set(gallery.snapshot().person_ids()) == {"p1"}
    gallery.add([person(3)])
    assert set(Gallery(gallery.folder).snapshot().person_ids()) == {"p1", "p3"}


def test_a_commit_whose_last_step_fails_is_known_to_have_happened(
    gallery: Gallery, person: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:

        def broken(_folder: Path) -> None:
            raise OSError(5, "Input/output error")

        patch.setattr(durable, "sync_folder", broken)
        with pytest.raises(OSError, match="Input/output"):
            gallery.add([person(1)])
    assert set(gallery.snapshot().person_ids()) == {"p1"}


def test_a_reader_starts_again_where_a_file_went_away_between_manifest_and_opening(
    gallery: Gallery, person: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery.add([person(1)])
    gallery.compact()
    opened = state.open_segment

    def slow(folder: Path, entry: object, models: GalleryModels) -> object:
        monkeypatch.setattr(state, "open_segment", opened)
        gallery.compact()
        return opened(folder, entry, models)  # type: ignore[arg-type] # what was asked for

    reader_view = Path(gallery.folder)
    monkeypatch.setattr(state, "open_segment", slow)
    assert set(Gallery(reader_view).snapshot().person_ids()) == {"p1"}


@pytest.mark.parametrize("kind", ["segment", "log"])
def test_a_missing_file_is_refused(gallery: Gallery, person: Make, kind: str) -> None:
    gallery.add([person(1)])
    gallery.compact()
    next(gallery.folder.glob(f"{kind}-*")).unlink()
    with pytest.raises(StoreError, match=f"{kind}-.* is missing: rebuild"):
        Gallery(gallery.folder)


def test_a_segment_of_another_length_is_refused(gallery: Gallery, person: Make) -> None:
    gallery.add([person(1)])
    gallery.compact()
    with next(gallery.folder.glob("segment-*")).open("ab") as file:
        file.write(b"x")
    with pytest.raises(StoreError, match="the manifest says"):
        Gallery(gallery.folder)


def test_a_damaged_log_is_refused(gallery: Gallery, person: Make) -> None:
    gallery.add([person(1)])
    log = gallery.folder / gallery.state().manifest.log.file
    data = bytearray(log.read_bytes())
    data[100] ^= 1
    log.write_bytes(data)
    with pytest.raises(StoreError, match="log-0 is damaged"):
        Gallery(gallery.folder)


@pytest.mark.parametrize(
    ("frames", "fault"),
    [
        (b"\x02\0\0\0\x02\0\0\0p9", "withdraws somebody"),
        (b"\x03\0\0\0\x08\0\0\0\x07\0\0\0\0\0\0\0", "buries somebody"),
        (b"\x07\0\0\0\0\0\0\0", "no sound frame"),
    ],
)
def test_a_log_that_does_not_fit_is_refused(gallery: Gallery, frames: bytes, fault: str) -> None:
    manifest = gallery.state().manifest
    log = replace(manifest.log, size=len(frames), crc32=zlib.crc32(frames))
    (gallery.folder / log.file).write_bytes(frames)
    (gallery.folder / "manifest.json").write_bytes(manifest_to_json(replace(manifest, log=log)))
    with pytest.raises(FormatError, match=fault):
        Gallery(gallery.folder)


def test_somebody_twice_in_a_log_is_refused(gallery: Gallery, person: Make) -> None:
    gallery.add([person(1)])
    manifest = gallery.state().manifest
    path = gallery.folder / manifest.log.file
    data = path.read_bytes() * 2
    path.write_bytes(data)
    log = replace(manifest.log, size=len(data), crc32=zlib.crc32(data))
    (gallery.folder / "manifest.json").write_bytes(manifest_to_json(replace(manifest, log=log)))
    with pytest.raises(FormatError, match="adds somebody who is there"):
        Gallery(gallery.folder)


def test_another_gallery_in_the_same_place_is_noticed(gallery: Gallery, person: Make, tmp_path: Path) -> None:
    gallery.add([person(1)])
    reader = Gallery(gallery.folder)
    with Gallery.create(tmp_path / "other", models=MODELS) as other:
        other.add([person(2)])
    for path in (tmp_path / "other").iterdir():
        os.replace(path, gallery.folder / path.name)  # noqa: PTH105 - a move of bytes, as a backup tool makes it
    assert set(reader.snapshot().person_ids()) == {"p2"}


def test_what_is_printed_shows_nobody(gallery: Gallery, person: Make) -> None:
    gallery.add([person(1)])
    assert repr(gallery) == "Gallery('gallery', made@1)"
    assert repr(gallery.snapshot()) == "GallerySnapshot(generation 1, 1 persons, made@1)"
    assert "p1" not in repr(person(1))


def test_bytes_per_template_are_those_of_its_minutiae(gallery: Gallery, person: Make) -> None:
    gallery.add([person(each) for each in range(5)])
    gallery.compact()
    info = gallery_info(gallery)
    (fingers,) = info.modalities
    minutiae = sum(int(each.fingers.sizes().sum()) for each in gallery.snapshot().records() if each.fingers)
    assert info.bytes_per_template == fingers.bytes_per_template == 64 * minutiae / 5 <= 64 * 37
    assert (fingers.persons, fingers.templates, fingers.instances) == (5, 5, {"right_index": 5})
    assert info.file_bytes == sum(path.stat().st_size for path in gallery.folder.iterdir())
    assert "not encrypted" in info.protection


def test_the_manifest_on_disk_is_what_the_state_holds(gallery: Gallery, person: Make) -> None:
    gallery.add([person(1, region="north")])
    gallery.compact()
    data = (gallery.folder / "manifest.json").read_bytes()
    assert manifest_from_json(data) == gallery.state().manifest
    assert json.loads(data)["regions"] == ["", "north"]


def test_a_failure_before_the_rename_takes_the_temporary_file_away(
    gallery: Gallery, person: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_path: Path, _target: Path) -> Path:
        raise OSError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refused)
        with pytest.raises(OSError, match="Permission denied"):
            gallery.add([person(1)])
    assert not list(gallery.folder.glob("*.part"))
    assert len(gallery) == 0


def test_a_writer_that_cannot_open_gives_the_lock_back(
    gallery: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery.close()

    def refused(*_arguments: object) -> None:
        raise OSError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("biocapil.gallery.gallery.remove_files", refused)
        with pytest.raises(OSError, match="Permission denied"):
            Gallery(gallery.folder, writable=True)
    Gallery(gallery.folder, writable=True).close()


def test_a_rebuild_replaces_everything_in_one_commit(gallery: Gallery, person: Make) -> None:
    gallery.add([person(1), person(2)])
    gallery.compact()
    gallery.close()
    reader = Gallery(gallery.folder)
    people = [person(number, region=f"r{number % 2}") for number in range(2, 9)]
    assert rebuild_gallery(gallery.folder, iter(people), models=MODELS, segment_bytes=5000) == 7
    assert content(reader) == content(Gallery(gallery.folder)) == expected(*people)
    assert gallery_info(reader).segments > 1
    assert verify_gallery(reader).sound
    with Gallery(gallery.folder, writable=True) as writer:
        assert writer.add([person(2, region="r0"), person(1)]) == 1


def test_a_rebuild_mends_what_is_damaged_beyond_reading(gallery: Gallery, person: Make) -> None:
    gallery.add([person(1)])
    gallery.compact()
    gallery.close()
    (gallery.folder / "manifest.json").write_bytes(b"{")
    with pytest.raises(FormatError):
        Gallery(gallery.folder)
    rebuild_gallery(gallery.folder, [person(1), person(3)], models=MODELS)
    assert content(Gallery(gallery.folder)) == expected(person(1), person(3))


def test_a_rebuild_that_fails_leaves_the_old_gallery(gallery: Gallery, person: Make) -> None:
    gallery.add([person(1)])
    with pytest.raises(StoreError, match="written to by another"):
        rebuild_gallery(gallery.folder, [], models=MODELS)
    gallery.close()
    with pytest.raises(ValueError, match="one identifier"):
        rebuild_gallery(gallery.folder, [person(2), person(2, version=1)], models=MODELS)
    with pytest.raises(IncompatibleTemplates, match="other@2"):
        rebuild_gallery(gallery.folder, [person(2)], models=GalleryModels(finger=ModelId("other@2")))
    with pytest.raises(StoreError, match="no gallery lies in"):
        rebuild_gallery(gallery.folder.parent, [person(2)], models=MODELS)
    assert content(Gallery(gallery.folder)) == expected(person(1))
