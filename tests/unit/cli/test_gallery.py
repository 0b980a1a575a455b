from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from biocapil.cli.gallery_sets import sex_of
from biocapil.cli.main import main
from biocapil.gallery import Gallery, Sex

Write = Callable[..., Path]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., list[dict[str, Any]]]:
    """Run a command that ends as expected, and give its lines."""

    def run(*words: object, code: int = 0) -> list[dict[str, Any]]:
        assert main(["gallery", *map(str, words)]) == code, capsys.readouterr().err
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


@pytest.fixture
def filled(tmp_path: Path, write_records: Write, said: Callable[..., list[dict[str, Any]]]) -> Path:
    folder = tmp_path / "gallery"
    said("create", folder, "--records")
    people = write_records([(f"{number}_1.fmr", number) for number in range(1, 5)])
    (line,) = said("add", folder, people, "--records")
    assert (line["changed"], line["unchanged"], line["persons"]) == (4, 0, 4)
    (line,) = said("add", folder, people, "--records")
    assert (line["changed"], line["unchanged"]) == (0, 4)
    return folder


def test_a_person_is_added_found_deleted_and_not_found(
    filled: Path,
    write_records: Write,
    write_calibration: Write,
    said: Callable[..., list[dict[str, Any]]],
) -> None:
    probes = write_records([("x_1.fmr", 2), ("y_1.fmr", 9)], to="probes")
    search = ("search", filled, probes, "--records", "--calibration", write_calibration())
    old, new = said(*search)
    assert (old["probe"], old["outcome"], old["complete"], old["searched"]) == (
        "probes/x",
        "duplicate",
        True,
        4,
    )
    assert old["candidates"][0]["person"] == "records/2"
    assert new["outcome"] == "unique"
    (line,) = said("delete", filled, "records/2", "records/3")
    assert line == {"type": "deleted", "persons": 2, "left": 2}
    said("delete", filled, "records/2", code=1)
    assert said(*search)[0]["outcome"] == "unique"


def test_info_verify_and_compact_say_what_is_there(
    filled: Path, said: Callable[..., list[dict[str, Any]]]
) -> None:
    (line,) = said("compact", filled)
    assert (line["persons"], line["segments"], line["awaiting_erasure"]) == (4, 1, 0)
    assert "not encrypted" in said("info", filled)[0]["protection"]
    assert said("verify", filled)[0]["sound"] is True
    path = next(filled.glob("segment-*"))
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    (line,) = said("verify", filled, code=1)
    assert line["damages"][0]["file"] == path.name


def test_columns_of_the_manifest_become_filters(
    tmp_path: Path, write_records: Write, write_calibration: Write, said: Callable[..., list[dict[str, Any]]]
) -> None:
    people = write_records([("a.fmr", 1), ("b.fmr", 2)])
    manifest = people / "people.csv"
    rows = ["path,subject,instance,sample,region,birth_year,sex", "a.fmr,anna,left_index,1,north,1980,f"]
    rows.append("b.fmr,bert,left_index,1,south,,M")
    manifest.write_text("\n".join(rows), encoding="utf-8")
    folder = tmp_path / "gallery"
    said("create", folder, "--records")
    said("add", folder, manifest, "--records")
    known = {
        each.person_id: (each.region, each.birth_year, each.sex)
        for each in Gallery(folder).snapshot().records()
    }
    assert known == {"anna": ("north", 1980, Sex.FEMALE), "bert": ("south", None, Sex.MALE)}
    search = ("search", folder, manifest, "--records", "--calibration", write_calibration())
    narrow = ("--region", "north", "--born", 1970, 1990, "--sex", "female", "--deadline", 60)
    anna, bert = said(*search, *narrow, "--people", 100)
    assert (anna["outcome"], bert["outcome"], bert["persons"]) == ("duplicate", "unique", 1)
    manifest.write_text("\n".join([*rows[:2], "b.fmr,bert,left_index,1,south,20th,M"]), encoding="utf-8")
    said("add", folder, manifest, "--records", "--update", code=2)


def test_samples_without_a_template_are_told(
    filled: Path, tmp_path: Path, write_calibration: Write, said: Callable[..., list[dict[str, Any]]]
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "z_1.fmr").write_bytes(b"no record")
    assert said("add", filled, broken, "--records")[0]["not_enrolled"] == ["broken/z"]
    (line,) = said("search", filled, broken, "--records", "--calibration", write_calibration())
    assert line == {"type": "not_searched", "probe": "broken/z"}


def test_images_go_through_the_extractor_of_the_gallery(
    manifest: Path,
    tmp_path: Path,
    said: Callable[..., list[dict[str, Any]]],
    extractor: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("biocapil.cli.set_options.load_extractor", lambda _name, **_options: extractor)
    said("create", tmp_path / "gallery")
    (line,) = said("add", tmp_path / "gallery", manifest, "--ppi", 500)
    assert line["persons"] == 3
    assert line["not_enrolled"] == ["person 2"]


def test_words_for_sex_are_read() -> None:
    assert [sex_of(word) for word in ("", "Male", "f", "9")] == [0, 1, 2, 9]
    with pytest.raises(ValueError, match="male, female or empty, got 'x'"):
        sex_of("x")


def test_people_are_exported_imported_and_rebuilt_from_a_file(
    filled: Path, tmp_path: Path, said: Callable[..., list[dict[str, Any]]]
) -> None:
    pytest.importorskip("pyarrow", reason="the extra arrow is not installed")
    file = tmp_path / "people.parquet"
    (line,) = said("export", filled, file)
    assert line == {"type": "exported", "persons": 4, "bytes": file.stat().st_size}
    said("delete", filled, "records/2")
    assert said("import", filled, file) == [{"type": "imported", "changed": 1, "unchanged": 3, "persons": 4}]
    (filled / "manifest.json").write_bytes(b"{}")
    assert said("rebuild", filled, file) == [{"type": "rebuilt", "persons": 4}]
    assert said("verify", filled)[0]["sound"] is True
    data = bytearray(file.read_bytes())
    data[200] ^= 1
    file.write_bytes(data)
    said("delete", filled, "records/2")
    said("import", filled, file, code=4)
    assert said("info", filled)[0]["persons"] == 3


def test_a_gallery_is_rebuilt_from_records(
    filled: Path, write_records: Write, said: Callable[..., list[dict[str, Any]]]
) -> None:
    people = write_records([("x_1.fmr", 2), ("y_1.fmr", 9)], to="others")
    assert said("rebuild", filled, people, "--records") == [{"type": "rebuilt", "persons": 2}]
    assert sorted(Gallery(filled).snapshot().person_ids()) == ["others/x", "others/y"]
    (filled / "manifest.json").write_bytes(b"{}")
    assert said("rebuild", filled, people, "--records") == [{"type": "rebuilt", "persons": 2}]


def test_models_of_all_modalities_are_named_when_a_gallery_is_made(
    tmp_path: Path, write_records: Write, said: Callable[..., list[dict[str, Any]]]
) -> None:
    folder = tmp_path / "whole"
    irises = ("--iris", "i@1", "--iris-columns", 128, "--iris-column-bits", 16, "--iris-every", 4)
    faces = ("--face", "f@1", "--face-dimensions", 512)
    (line,) = said("create", folder, "--records", *irises, *faces, "--face-precision", "float16")
    assert [each["modality"] for each in line["modalities"]] == ["finger", "face", "iris"]
    models = Gallery(folder).snapshot().models
    assert models.iris is not None
    assert models.face is not None
    assert (models.iris.geometry.bits, models.iris.turns, models.iris.every) == (2048, 8, 4)
    assert (models.face.dimensions, models.face.precision.value) == (512, "float16")
    people = write_records([("x_1.fmr", 2)])
    said("rebuild", folder, people, "--records", code=2)
    said("create", tmp_path / "faces", "--no-fingers", *faces)
    assert Gallery(tmp_path / "faces").snapshot().models.finger is None
    said("create", tmp_path / "none", "--face", "f@1", "--no-fingers", code=2)
    said("create", tmp_path / "none", "--no-fingers", code=2)
