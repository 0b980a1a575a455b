import csv
import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from biocapil.synthesis import (
    PopulationTruth,
    draw_ten_fingers,
    make_impression,
    read_truth,
    write_population,
)
from biocapil.synthesis import population as population_module
from biocapil.synthesis.plan import FINGER_ORDER, Registration
from biocapil.synthesis.population import make_finger
from biocapil.synthesis.population_layout import PERSON
from biocapil.synthesis.registered_eyes import make_eye
from biocapil.vocabulary import SubjectId


def small(folder: Path, *, seed: int = 1, overwrite: bool = False) -> PopulationTruth:
    return write_population(folder, people=3, fingers=1, impressions=2, seed=seed, duplicates=1,
                            lookalikes=1, overwrite=overwrite)  # fmt: skip


def digests(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def tiny(folder: Path, *, seed: int = 1, overwrite: bool = False) -> PopulationTruth:
    return write_population(folder, people=1, fingers=1, impressions=1, seed=seed, duplicates=0,
                            lookalikes=0, overwrite=overwrite)  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> PopulationTruth:
    return small(tmp_path_factory.mktemp("population") / "people")


def manifest_rows(truth: PopulationTruth) -> list[dict[str, str]]:
    with truth.manifest.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_manifest_names_every_file_and_only_them(written: PopulationTruth) -> None:
    rows = manifest_rows(written)
    assert list(rows[0]) == ["path", "subject", "instance", "sample", "modality", "dataset"]
    files = {file.relative_to(written.folder).as_posix() for file in written.folder.rglob("*.png")}
    assert {row["path"] for row in rows} == files
    assert len(rows) == len(files) == written.samples == 4 * 1 * 2


def test_every_registration_has_all_its_impressions(written: PopulationTruth) -> None:
    seen = sorted((row["subject"], row["instance"], row["sample"]) for row in manifest_rows(written))
    subjects = sorted({row["subject"] for row in manifest_rows(written)})
    assert len(subjects) == 4
    assert seen == [(subject, "right_index", sample) for subject in subjects for sample in ("1", "2")]


def test_files_carry_500_ppi(written: PopulationTruth) -> None:
    for file in written.folder.rglob("*.png"):
        with Image.open(file) as image:
            assert image.info["dpi"] == pytest.approx((500, 500), abs=0.01)


def test_the_truth_on_disk_is_the_truth_returned(written: PopulationTruth) -> None:
    assert read_truth(written.folder) == written
    assert len(written.duplicates) == len(written.lookalikes) == 1
    subjects = {row["subject"] for row in manifest_rows(written)}
    assert {pair.first for pair in written.pairs} | {pair.second for pair in written.pairs} <= subjects


def test_no_two_files_are_alike(written: PopulationTruth) -> None:
    found = [digest for name, digest in digests(written.folder).items() if name.endswith(".png")]
    assert len(set(found)) == len(found)


def test_files_are_the_same_for_any_number_of_threads(
    tmp_path: Path, written: PopulationTruth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIOCAPIL_THREADS", "3")
    assert digests(small(tmp_path / "again").folder) == digests(written.folder)


def test_another_seed_gives_other_people(tmp_path: Path, written: PopulationTruth) -> None:
    other = digests(small(tmp_path / "others", seed=2).folder)
    mine = digests(written.folder)
    assert not {other[name] for name in other} & {mine[name] for name in mine if name.endswith(".png")}


def test_a_person_keeps_the_same_finger_at_every_registration() -> None:
    first, second = (
        make_finger(Registration(subject=SubjectId(name), number=number, person=2, flow_of=None), 0, seed=9)
        for number, name in enumerate(("S0001", "S0002"))
    )
    assert np.array_equal(first.ridges, second.ridges)


def test_a_lookalike_has_the_flow_of_another_person_and_ridges_of_its_own() -> None:
    own = make_finger(Registration(subject=SubjectId("S1"), number=0, person=0, flow_of=None), 0, seed=9)
    twin = make_finger(Registration(subject=SubjectId("S2"), number=1, person=1, flow_of=0), 0, seed=9)
    assert np.array_equal(own.orientation_rad, twin.orientation_rad)
    assert abs(np.corrcoef(own.ridges.ravel(), twin.ridges.ravel())[0, 1]) < 0.25


def test_progress_counts_every_finger(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    write_population(tmp_path / "people", people=2, fingers=2, impressions=1, duplicates=0, lookalikes=0,
                     on_progress=lambda done, total: seen.append((done, total)))  # fmt: skip
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_population_is_not_replaced_unless_asked(tmp_path: Path) -> None:
    tiny(tmp_path / "people")
    before = digests(tmp_path / "people")
    with pytest.raises(FileExistsError, match="already holds a population"):
        tiny(tmp_path / "people", seed=2)
    assert digests(tmp_path / "people") == before
    tiny(tmp_path / "people", seed=2, overwrite=True)
    assert digests(tmp_path / "people") != before
    assert [file.name for file in tmp_path.iterdir()] == ["people"]


def test_overwriting_never_removes_what_is_no_population(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError, match="is no population"):
        tiny(tmp_path, overwrite=True)
    with pytest.raises(FileExistsError, match="is no population"):
        tiny(tmp_path / "letters.txt", overwrite=True)
    assert (tmp_path / "letters.txt").read_text(encoding="utf-8") == "mine"


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    assert tiny(tmp_path / "people").manifest.is_file()


def test_a_run_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> object:
        if arguments[1][2:] == (2, 0, 1):  # type: ignore[index]  # the seed: registration 2, second touch
            raise OSError("no space left")
        return make_impression(*arguments, **options)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(population_module, "make_impression", fail)
    with pytest.raises(OSError, match="no space left"):
        small(tmp_path / "people")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that nobody can catch")
def test_a_killed_run_leaves_no_half_population(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys, pathlib\n"
        "from biocapil.synthesis import write_population\n"
        "def die(done, total):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_population(pathlib.Path(sys.argv[1]), people=2, fingers=1, impressions=1, duplicates=0,\n"
        "                 lookalikes=0, on_progress=die)\n"
    )
    ended = subprocess.run(  # noqa: S603 - this interpreter and the words above
        [sys.executable, "-c", script, str(tmp_path / "people")],
        check=False,
        env={**os.environ, "BIOCAPIL_THREADS": "1"},
    )
    assert ended.returncode == -signal.SIGKILL
    assert not (tmp_path / "people").exists()
    assert tiny(tmp_path / "people").manifest.is_file()


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"fingers": 0}, r"fingers must lie in 1\.\.10"),
        ({"fingers": 11}, r"fingers must lie in 1\.\.10"),
        ({"impressions": 0}, "impressions must be at least 1"),
        ({"seed": -1}, "seed must not be negative"),
        ({"difficulty": 1.5}, r"difficulty must lie in 0\.\.1"),
        ({"people": 0}, "a population needs people"),
    ],
)
def test_numbers_out_of_range_are_refused_before_anything_is_written(
    tmp_path: Path, numbers: dict[str, int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        write_population(tmp_path / "people", **numbers)  # type: ignore[arg-type]  # one wrong number each
    assert list(tmp_path.iterdir()) == []


def test_fingers_have_the_pattern_and_period_of_their_person() -> None:
    traits = draw_ten_fingers((9, PERSON, 2))
    registration = Registration(subject=SubjectId("S1"), number=0, person=2, flow_of=None)
    for finger in (0, 3):
        made = make_finger(registration, finger, seed=9)
        assert made.pattern is traits[FINGER_ORDER[finger]].pattern
        assert made.mean_period_px == pytest.approx(traits[FINGER_ORDER[finger]].period_px, rel=0.12)


def test_people_may_have_eyes_of_their_own(tmp_path: Path) -> None:
    truth = write_population(
        tmp_path / "people", people=2, fingers=1, impressions=1, eyes=2, pictures=2,
        duplicates=1, lookalikes=0,
    )  # fmt: skip
    rows = manifest_rows(truth)
    assert len(rows) == truth.samples == 3 * (1 + 2 * 2)
    eyes = [row for row in rows if row["modality"] == "iris"]
    assert [(row["instance"], row["sample"]) for row in eyes[:4]] == [
        ("right", "1"), ("right", "2"), ("left", "1"), ("left", "2"),
    ]  # fmt: skip
    for row in eyes:
        with Image.open(truth.folder / row["path"]) as picture:
            assert picture.mode == "L"
            assert "dpi" not in picture.info
    assert len({row["path"] for row in rows}) == len(set(digests(truth.folder / "samples").values())) == 15


def test_eyes_are_the_same_with_or_without_further_fingers(tmp_path: Path) -> None:
    few, more = (
        write_population(
            tmp_path / str(fingers), people=1, fingers=fingers, impressions=1, eyes=1,
            duplicates=0, lookalikes=0,
        )
        for fingers in (1, 2)
    )  # fmt: skip
    name = "samples/S0001_right_eye_1.png"
    assert (few.folder / name).read_bytes() == (more.folder / name).read_bytes()


@pytest.mark.parametrize(("name", "value"), [("eyes", 3), ("eyes", -1), ("pictures", 0)])
def test_people_have_two_eyes_at_most(tmp_path: Path, name: str, value: int) -> None:
    with pytest.raises(ValueError, match=rf"{name} must .*got {value}"):
        write_population(tmp_path / "people", **{name: value})


def test_two_persons_and_two_eyes_share_no_iris() -> None:
    textures = [make_eye(person, eye, seed=1).texture for person in range(2) for eye in range(2)]
    for place, one in enumerate(textures):
        for other in textures[place + 1 :]:
            assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.2


def test_people_may_have_a_face_in_colours(tmp_path: Path) -> None:
    truth = write_population(
        tmp_path / "people", people=2, fingers=1, impressions=1, faces=1, duplicates=0, lookalikes=0
    )  # fmt: skip
    rows = [row for row in manifest_rows(truth) if row["modality"] == "face"]
    assert [row["instance"] for row in rows] == ["face", "face"]
    with Image.open(truth.folder / rows[0]["path"]) as picture:
        assert picture.mode == "RGB"
    with pytest.raises(ValueError, match="faces must be 0 or 1, got 2"):
        write_population(tmp_path / "more", faces=2)
