import json
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from biocapil.calibration import read_calibration
from biocapil.cli.calibrate import FINGER_SIZE, SHOWN_RATES, distinct_names, summary
from biocapil.cli.main import main
from biocapil.comparison import COMPARATOR
from biocapil.labelled_scores import LabelledScores
from biocapil.vocabulary import ModelId

WriteRecords = Callable[..., Path]


def impressions(fingers: Sequence[int], *, each: int = 2) -> list[tuple[str, int]]:
    return [(f"{finger}_{sample}.iso", finger) for finger in fingers for sample in range(each)]


def calibrate(*words: str | Path) -> int:
    return main(["calibrate", *map(str, words), "--records"])


def test_a_set_of_records_gives_a_calibration_that_reads_back(
    write_records: WriteRecords, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = write_records(impressions(range(15))), tmp_path / "deep" / "made.json"
    assert calibrate(folder, "--out", out) == 0
    captured = capsys.readouterr()
    told = json.loads(captured.out)
    made = read_calibration(out)
    assert captured.out.count("\n") == 1
    assert told["calibration_id"] == made.calibration_id
    assert (made.comparator, told["comparator"]) == (COMPARATOR, COMPARATOR)
    assert made.model_id.startswith("minutiae:")
    (fitted,) = made.fitted_on
    assert (fitted.dataset, fitted.subjects, fitted.mated, fitted.nonmated) == ("records", 15, 15, 420)
    assert list(told["similarity_at_fmr"]) == [f"{rate:g}" for rate in SHOWN_RATES]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "records: 15 persons, 15 mated and 420 non-mated pairs" in captured.err
    assert f"written: {out}" in captured.err


def test_the_record_can_be_used_to_find_duplicates(
    write_records: WriteRecords, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "made.json"
    assert calibrate(write_records(impressions(range(40), each=3)), "--out", out) == 0
    capsys.readouterr()
    people = write_records([("a_1.iso", 100), ("b_1.iso", 101), ("c_1.iso", 100)], to="people")
    assert main(["dedup", "run", str(people), "--records", "--calibration", str(out)]) == 0
    summary_line = json.loads(capsys.readouterr().out)
    assert summary_line["policy"]["calibration_id"] == read_calibration(out).calibration_id
    counts = summary_line["counts"]
    assert counts["person_pairs_duplicate"] + counts["person_pairs_review"] == 1


def test_the_same_sets_give_the_same_bytes_and_another_seed_may_not(
    write_records: WriteRecords, tmp_path: Path
) -> None:
    folder = write_records(impressions(range(15)))
    files = [tmp_path / f"{number}.json" for number in range(3)]
    for file, seed in zip(files, (0, 0, 1), strict=True):
        assert calibrate(folder, "--out", file, "--seed", str(seed)) == 0
    first, again, other = (file.read_bytes() for file in files)
    assert first == again
    assert first != other


def test_each_set_is_judged_by_a_calibration_on_the_others(
    write_records: WriteRecords, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sets = [write_records(impressions(range(k, k + 15)), to=name) for k, name in ((0, "one"), (20, "two"))]
    assert calibrate(*sets, "--out", tmp_path / "made.json") == 0
    captured = capsys.readouterr()
    left_out = json.loads(captured.out)["left_out"]
    assert [each["dataset"] for each in left_out] == ["one", "two"]
    for each in left_out:
        assert 0 <= each["min_cllr"] <= each["cllr"] < 1
        assert [point["predicted"] for point in each["points"]] == [0.01, 0.001]
        assert all(point["measured"]["trials"] == 420 for point in each["points"])
    assert "Each set judged by a calibration on the others" in captured.err


def test_one_set_alone_says_that_nothing_was_left_out(
    write_records: WriteRecords, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert calibrate(write_records(impressions(range(15))), "--out", tmp_path / "made.json") == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["left_out"] == []
    assert "at least two sets, got 1" in " ".join(captured.err.split())


def test_every_set_is_told_and_equal_names_are_numbered(
    write_records: WriteRecords, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = write_records(impressions(range(10)), to="place/scans")
    two = write_records(impressions(range(20, 28)), to="other/scans")
    three = write_records(impressions(range(40, 47)), to="third")
    out = tmp_path / "made.json"
    assert calibrate(one, two, three, "--out", out) == 0
    told = json.loads(capsys.readouterr().out)["fitted_on"]
    assert [(each["dataset"], each["subjects"]) for each in told] == [
        ("scans (1)", 10),
        ("scans (2)", 8),
        ("third", 7),
    ]


def manifest_of(folder: Path, places: Sequence[str]) -> Path:
    """Manifest of the records of a folder, whose rows belong to the places in turn."""
    lines = ["path,subject,instance,sample,dataset"]
    for file in sorted(folder.iterdir()):
        subject, _, sample = file.stem.partition("_")
        lines.append(f"{file.name},{subject},,{sample},{places[int(subject) % len(places)]}")
    manifest = folder / "m.csv"
    manifest.write_text("\n".join(lines))
    return manifest


def test_datasets_are_chosen_by_name_and_may_be_several(
    write_records: WriteRecords, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = manifest_of(write_records(impressions(range(30))), ("x", "y", "z"))
    out = tmp_path / "made.json"
    assert calibrate(manifest, "--dataset", "z", "--dataset", "x", "--out", out) == 0
    chosen = json.loads(capsys.readouterr().out)["fitted_on"]
    assert [each["dataset"] for each in chosen] == ["z", "x"]
    assert calibrate(manifest, "--out", out) == 0
    every = json.loads(capsys.readouterr().out)["fitted_on"]
    assert [each["dataset"] for each in every] == ["x", "y", "z"]
    assert {each["nonmated"] for each in every} == {180}


def test_the_dependence_of_fingers_can_be_stated(
    write_records: WriteRecords, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = write_records(impressions(range(15))), tmp_path / "made.json"
    assert calibrate(folder, "--out", out, "--dependence", "0.25") == 0
    assert json.loads(capsys.readouterr().out)["dependence"] == 0.25
    assert read_calibration(out).dependence == 0.25


@pytest.mark.parametrize(
    ("fingers", "each", "said"),
    [(3, 2, "at least 100 non-mated pairs, got 12"), (16, 1, "needs mated pairs")],
)
def test_too_small_a_set_leaves_no_file(
    write_records: WriteRecords,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    fingers: int,
    each: int,
    said: str,
) -> None:
    folder, out = write_records(impressions(range(fingers), each=each)), tmp_path / "made.json"
    assert calibrate(folder, "--out", out) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""
    assert not out.exists()


def test_a_calibration_needs_a_file_to_go_to(
    write_records: WriteRecords, capsys: pytest.CaptureFixture[str]
) -> None:
    assert calibrate(write_records(impressions(range(2)))) == 2
    assert "--out" in capsys.readouterr().err


def test_a_rate_that_no_similarity_reaches_is_null(write_calibration: Callable[..., Path]) -> None:
    file = write_calibration(least_rate=5e-5)
    made = read_calibration(file)

    told = summary(made, file)["similarity_at_fmr"]

    assert made.similarity_at_rate(1e-9, FINGER_SIZE) == np.inf
    assert told["0.0001"] > 0
    assert told["1e-09"] is None
    json.dumps(told, allow_nan=False)


def scores(dataset: str) -> LabelledScores:
    return LabelledScores(
        dataset=dataset,
        model_id=ModelId("made@1"),
        similarities=np.zeros(1, np.float32),
        mated=np.zeros(1, np.bool_),
        first_subject=np.zeros(1, np.int32),
        second_subject=np.ones(1, np.int32),
        sizes=np.full(1, 37, np.int16),
        first_instance=np.zeros(1, np.int16),
        second_instance=np.zeros(1, np.int16),
    )


def test_only_names_that_come_twice_are_numbered() -> None:
    named = distinct_names([scores("a"), scores(""), scores("b"), scores("a"), scores("")])

    assert [each.dataset for each in named] == ["a (1)", "(1)", "b", "a (2)", "(2)"]
