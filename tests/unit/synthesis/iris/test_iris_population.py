from __future__ import annotations

import csv
from pathlib import Path

import pytest

from biocapil.formats import read_manifest
from biocapil.synthesis.iris.population import EYES_FILE, write_irises
from biocapil.synthesis.truth import read_truth
from biocapil.vocabulary import EyePosition, Modality


def test_every_eye_is_seen_at_every_visit(tmp_path: Path) -> None:
    truth = write_irises(tmp_path / "eyes", people=3, visits=2, duplicates=1, seed=4)
    entries = read_manifest(truth.manifest)
    assert len(entries) == truth.samples == 4 * 2 * 2
    assert {entry.modality for entry in entries} == {Modality.IRIS}
    assert {entry.position for entry in entries} == {EyePosition.RIGHT, EyePosition.LEFT}
    assert all(entry.file.is_file() for entry in entries)
    assert len(read_truth(tmp_path / "eyes").duplicates) == 1


def test_the_borders_of_every_picture_are_told(tmp_path: Path) -> None:
    write_irises(tmp_path / "eyes", people=2, visits=1, duplicates=0)
    with (tmp_path / "eyes" / EYES_FILE).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 4
    for row in rows:
        share = float(row["pupil_radius_px"]) / float(row["iris_radius_px"])
        assert share == pytest.approx(float(row["dilation"]), rel=0.1)
        assert 0 < float(row["visible_share"]) <= 1


def test_the_same_seed_writes_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_irises(tmp_path / name, people=2, visits=1, duplicates=0, seed=9)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    assert len(files) == 4 + 3
    assert all(
        (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes() for file in files
    )


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write_irises(
        tmp_path / "eyes", people=2, visits=1, duplicates=0, on_progress=lambda *done: told.append(done)
    )
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize("wrong", [{"visits": 0}, {"seed": -1}, {"difficulty": 1.1}])
def test_numbers_out_of_range_are_refused(tmp_path: Path, wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        write_irises(tmp_path / "eyes", people=2, **wrong)  # type: ignore[arg-type]


def test_something_else_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        write_irises(tmp_path, people=2, duplicates=0, overwrite=True)
