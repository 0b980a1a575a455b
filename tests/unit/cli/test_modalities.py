"""The commands on faces, irises and all modalities together, with extractors that read pixels."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.unit.cli.picture_extractor import PictureExtractor

from biocapil.calibration import read_calibration
from biocapil.cli import set_options
from biocapil.cli.main import main
from biocapil.vocabulary import Modality

INSTANCES = {
    Modality.FINGER: ("right_index", "left_index"),
    Modality.FACE: ("face",),
    Modality.IRIS: ("left", "right"),
}
Run = Callable[..., list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def _extractors(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = {modality: PictureExtractor(modality) for modality in Modality}
    monkeypatch.setenv("BIOCAPIL_KEY_FILE", str(tmp_path / "key" / "store.key"))
    monkeypatch.setattr(set_options, "load_extractor", lambda _name, *, modality, **_code: made[modality])


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: object, code: int = 0) -> list[dict[str, Any]]:
        assert main([*map(str, words)]) == code, capsys.readouterr().err
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return command


def write_set(
    folder: Path, people: Sequence[int], modalities: Sequence[Modality], *, visits: int = 2
) -> Path:
    """Pictures of people whose shade is their number; a number that comes again is registered twice."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["path,subject,instance,sample,modality"]
    for row, who in enumerate(people):
        for modality in modalities:
            for place, instance in enumerate(INSTANCES[modality]):
                for visit in range(visits):
                    shape = (40, 40, 3) if modality is Modality.FACE else (40, 40)
                    pixels = np.full(shape, 127, dtype=np.uint8)
                    pixels[0, 0], pixels[-1, -1] = who and who + 100 * place, 2 * row + visit
                    name = f"{row}_{modality.value}_{place}_{visit}.png"
                    dpi = {"dpi": (500, 500)} if modality is Modality.FINGER else {}
                    Image.fromarray(pixels).save(folder / name, **dpi)
                    lines.append(f"{name},person {row},{instance},{visit},{modality.value}")
    file = folder / "people.csv"
    file.write_text("\n".join(lines))
    return file


@pytest.fixture
def calibrated(tmp_path: Path, run: Run) -> Callable[[Modality], Path]:
    """Calibration of a modality, fitted by the command itself."""

    def fit(modality: Modality) -> Path:
        manifest = write_set(tmp_path / f"fit_{modality.value}", range(1, 41), [modality])
        out = tmp_path / f"{modality.value}.json"
        (line,) = run("calibrate", manifest, "--modality", modality.value, "--out", out)
        assert line["file"] == str(out)
        return out

    return fit


@pytest.mark.parametrize("modality", [Modality.FACE, Modality.IRIS])
def test_faces_and_irises_are_evaluated(modality: Modality, tmp_path: Path, run: Run) -> None:
    manifest = write_set(tmp_path / "set", [*range(1, 9), 0], [modality, Modality.FINGER])
    page = tmp_path / "page.html"
    (line,) = run(
        "evaluate", manifest, "--modality", modality.value, "--gallery", 100, "--report", page
    )  # fmt: skip

    assert line["modality"] == modality.value
    assert line["n_samples"] == 9 * 2 * len(INSTANCES[modality])
    assert line["failures_to_extract"]["count"] == 2 * len(INSTANCES[modality])
    assert line["eer"] == pytest.approx(1 / 9, abs=0.06)
    assert line["exact_comparisons_per_s_per_core"] > 0
    assert line["passed_gates"] is None
    assert "data:image/jpeg;base64," in page.read_text()


def test_what_the_manifest_does_not_hold_is_said_with_what_it_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = write_set(tmp_path / "set", [1, 2], [Modality.FACE])
    assert main(["evaluate", str(manifest)]) == 4
    said = capsys.readouterr().err
    assert "no row of people.csv is of modality 'finger'; it holds: face" in said
    assert "--modality" in said


@pytest.mark.parametrize("modality", [Modality.FACE, Modality.IRIS])
def test_a_calibration_says_what_it_is_of(modality: Modality, calibrated: Callable[[Modality], Path]) -> None:
    found = read_calibration(calibrated(modality))
    assert found.modality is modality
    assert found.model_id == f"pixels_{modality.value}@0"
    assert found.comparator == {"face": "cosine/1", "iris": "hamming/2/2"}[modality.value]


@pytest.mark.parametrize("modality", [Modality.FACE, Modality.IRIS])
def test_a_person_registered_twice_is_found_by_face_or_iris_alone(
    modality: Modality, tmp_path: Path, run: Run, calibrated: Callable[[Modality], Path]
) -> None:
    manifest = write_set(tmp_path / "set", [51, 52, 53, 54, 51], [modality])
    page, result = tmp_path / "page.html", tmp_path / "result.json"
    words = (
        "dedup", "run", manifest, "--modality", modality.value, "--calibration", calibrated(modality),
        "--report", page, "--json", result,
    )  # fmt: skip
    (line,) = run(*words)

    assert line["counts"]["person_pairs_duplicate"] == 1, line["counts"]
    assert "data:image/jpeg;base64," in page.read_text()
    (again,) = run(*words)
    assert again["reused"] == 5 * 2 * len(INSTANCES[modality])


def test_fingers_irises_and_faces_of_a_person_are_weighed_together(
    tmp_path: Path, run: Run, calibrated: Callable[[Modality], Path]
) -> None:
    manifest = write_set(tmp_path / "set", [51, 52, 53, 51], list(Modality), visits=1)
    page, result = tmp_path / "page.html", tmp_path / "result.json"
    meanings = [word for each in Modality for word in ("--calibration", calibrated(each))]

    (line,) = run("dedup", "run", manifest, *meanings, "--report", page, "--json", result, "--people", 1000)

    assert [each["modality"] for each in line["modalities"]] == ["finger", "face", "iris"]
    assert line["counts"]["samples"] == 4 * 5
    assert line["counts"]["compared"] == 8 * 7 // 2 + 4 * 3 // 2 + 8 * 7 // 2
    assert line["counts"]["person_pairs_duplicate"] == 1
    (pair,) = json.loads(result.read_text())["person_pairs"]
    assert [pair[side]["subject"] for side in ("first", "second")] == ["person 0", "person 3"]
    evidence = {each["instance"]: each["llr"] for each in pair["decision"]["instances"]}
    assert sorted(evidence) == ["face", "left", "left_index", "right", "right_index"]
    assert pair["decision"]["llr"] > max(evidence.values())
    text = page.read_text()
    assert "1 finger, 2" not in text
    assert "data:image/jpeg;base64," in text
    assert "data:image/png;base64," in text


def test_a_modality_of_the_manifest_can_wait(
    tmp_path: Path, run: Run, calibrated: Callable[[Modality], Path]
) -> None:
    manifest = write_set(tmp_path / "set", [51, 52, 51], list(Modality), visits=1)
    words = ("--modality", "face", "--modality", "iris")
    meanings = [
        word for each in (Modality.FACE, Modality.IRIS) for word in ("--calibration", calibrated(each))
    ]
    (line,) = run("dedup", "run", manifest, *words, *meanings, "--store", tmp_path / "work.db")
    assert [each["modality"] for each in line["modalities"]] == ["face", "iris"]
    assert line["counts"]["samples"] == 3 * 3
    assert line["counts"]["person_pairs_duplicate"] == 1


def test_a_gallery_takes_and_finds_people_by_whatever_they_show(
    tmp_path: Path, run: Run, calibrated: Callable[[Modality], Path]
) -> None:
    manifest = write_set(tmp_path / "set", [51, 52, 53, 51], list(Modality), visits=1)
    folder = tmp_path / "gallery"
    meanings = {each: ("--calibration", calibrated(each)) for each in Modality}

    (added,) = run("gallery", "add", folder, manifest, "--create")
    assert (added["changed"], added["persons"], added["left_out"]) == (4, 4, {})
    (held,) = run("gallery", "info", folder)
    assert {each["modality"]: each["templates"] for each in held["modalities"]} == {
        "finger": 8, "iris": 8, "face": 4,
    }  # fmt: skip

    probe = write_set(tmp_path / "probe", [52], [Modality.FACE, Modality.IRIS], visits=1)
    (found,) = run(
        "gallery", "search", folder, probe, *meanings[Modality.FACE], *meanings[Modality.IRIS],
        "--people", 1000,
    )  # fmt: skip
    assert found["candidates"][0]["person"] == "person 1"
    assert sorted(found["candidates"][0]["instances"]) == ["face", "left_eye", "right_eye"]
    (by_face,) = run(
        "gallery", "search", folder, probe, *meanings[Modality.FACE], "--modality", "face"
    )  # fmt: skip
    assert sorted(by_face["candidates"][0]["instances"]) == ["face"]

    words = [word for each in Modality for word in meanings[each]]
    (line,) = run("dedup", "gallery", folder, *words, "--checkpoint", tmp_path / "run", "--people", 1000)
    assert line["counts"]["duplicate"] == 1


def test_a_gallery_leaves_out_what_it_does_not_hold(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "gallery"
    faces = write_set(tmp_path / "faces", [51, 52], [Modality.FACE], visits=1)
    run("gallery", "add", folder, faces, "--create")
    both = write_set(tmp_path / "both", [53, 54, 55], [Modality.FACE, Modality.FINGER], visits=1)
    (added,) = run("gallery", "add", folder, both, "--update")
    assert (added["persons"], added["left_out"]) == (3, {"finger": 6})
    fingers = write_set(tmp_path / "fingers", [56], [Modality.FINGER], visits=1)
    run("gallery", "add", folder, fingers, code=2)
    (rebuilt,) = run("gallery", "rebuild", folder, both)
    assert rebuilt["persons"] == 3
    assert main(["gallery", "rebuild", str(folder), str(faces)]) == 2
    assert "the gallery holds finger, the set does not" in capsys.readouterr().err


def test_a_gallery_cannot_be_made_for_models_that_no_sample_names(tmp_path: Path, run: Run) -> None:
    black = write_set(tmp_path / "set", [0, 0], [Modality.FACE], visits=1)
    run("gallery", "add", tmp_path / "gallery", black, "--create", code=2)
    assert not (tmp_path / "gallery").exists()
