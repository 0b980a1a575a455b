import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest

from biocapil.calibration import read_calibration
from biocapil.cli.dedup import work_file
from biocapil.cli.main import main
from biocapil.outcomes import FailureToExtract
from biocapil.sample import CapturedSample
from biocapil.template import FingerprintTemplate


class CountedExtractor(Protocol):
    """The fake extractor of conftest."""

    calls: int

    def extract(self, sample: CapturedSample) -> FingerprintTemplate | FailureToExtract: ...


WriteRecords = Callable[..., Path]
WriteCalibration = Callable[..., Path]
ONE_PLANTED = [("a_1.iso", 1), ("b_1.iso", 2), ("c_1.iso", 3), ("d_1.iso", 1)]


@pytest.fixture
def run(write_records: WriteRecords, write_calibration: WriteCalibration) -> Callable[..., int]:
    """Search among the records of four people, two of whom are one."""

    def dedup(*words: str, least_rate: float = 1e-30) -> int:
        folder, meaning = write_records(ONE_PLANTED), write_calibration(least_rate=least_rate)
        return main(["dedup", "run", str(folder), "--records", "--calibration", str(meaning), *words])

    return dedup


def test_a_planted_duplicate_among_records_is_found(
    run: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, complete = tmp_path / "out" / "report.html", tmp_path / "out" / "report.json"
    assert run("--report", str(page), "--json", str(complete)) == 0
    captured = capsys.readouterr()
    summary = json.loads(captured.out)
    assert captured.out.count("\n") == 1
    assert summary["counts"]["person_pairs_duplicate"] == 1
    assert summary["store"] is None
    (pair,) = json.loads(complete.read_text())["person_pairs"]
    assert (pair["first"]["subject"], pair["second"]["subject"]) == ("a", "d")
    assert "<svg" in page.read_text()
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert "1 pairs in 1 clusters" in captured.err
    assert sorted(path.name for path in page.parent.iterdir()) == ["report.html", "report.json"]


def test_the_policy_names_its_target_and_its_calibration(
    run: Callable[..., int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", "160")  # no line of the table is broken
    assert run() == 0
    captured = capsys.readouterr()
    policy = json.loads(captured.out)["policy"]
    meaning = read_calibration(tmp_path / "calibration.json")
    assert policy["calibration_id"] == meaning.calibration_id
    assert policy["target"] == {
        "fpir": 0.001,
        "review_fpir": 0.05,
        "people": 4,
        "instances": 1,
        "comparisons": 1,
    }
    assert "FPIR ≤ 0.1 % against N = 4 people with 1 instance" in captured.err
    assert meaning.calibration_id in captured.err


def test_a_larger_registry_and_smaller_rates_ask_for_more_evidence(
    run: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run() == 0
    small = json.loads(capsys.readouterr().out)["policy"]
    folder, meaning = str(tmp_path / "records"), str(tmp_path / "calibration.json")
    asked = ["--people", "1000000", "--fpir", "0.0001", "--review-fpir", "0.01"]
    assert main(["dedup", "run", folder, "--records", "--calibration", meaning, *asked]) == 0
    large = json.loads(capsys.readouterr().out)["policy"]
    assert (large["target"]["people"], large["target"]["fpir"]) == (1_000_000, 0.0001)
    assert large["review_llr"] > small["review_llr"]
    assert large["duplicate_llr"] > small["duplicate_llr"]


def test_only_what_was_counted_can_be_asked_for(
    run: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    complete = tmp_path / "result.json"
    assert run("--measured-only", "--json", str(complete)) == 0
    captured = capsys.readouterr()
    result: dict[str, Any] = json.loads(complete.read_text())
    assert result["policy"]["duplicate_llr"] is None
    assert result["policy"]["calibration_id"] in result["policy"]["shortfall"]
    assert [pair["decision"]["outcome"] for pair in result["person_pairs"]] == ["review"]
    assert "Nobody was called a duplicate" in captured.err
    assert "nats, none" in captured.err


def test_a_target_that_cannot_be_kept_says_what_would_and_calls_nobody_a_duplicate(
    run: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "report.html"
    assert run("--report", str(page), least_rate=0.01) == 0
    captured = capsys.readouterr()
    summary = json.loads(captured.out)
    assert summary["counts"]["person_pairs_duplicate"] == 0
    assert summary["counts"]["person_pairs_review"] == 1
    assert "non-mated pairs" in summary["policy"]["shortfall"]
    assert "This target cannot be kept" in page.read_text()


def test_a_target_with_which_nothing_could_be_decided_is_a_matter_of_usage(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--fpir", "0.0001", "--review-fpir", "0.001", least_rate=0.01) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "biocapil: nothing could be decided: FPIR ≤ 0.01 % against N = 4 people" in captured.err
    assert "or allow more with --review-fpir" in captured.err
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--fpir", "0.5", "--review-fpir", "0.1"], "0 < fpir <= review_fpir < 1, got 0.5 and 0.1"),
        (["--people", "3"], "--people must be at least the 4 persons of the set, got 3"),
    ],
)
def test_a_target_that_makes_no_sense_is_a_matter_of_usage(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str], *, words: list[str], said: str
) -> None:
    assert run(*words) == 2
    assert said in capsys.readouterr().err


def test_records_without_a_calibration_are_refused_before_any_work(
    write_records: WriteRecords, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_records(ONE_PLANTED)
    assert main(["dedup", "run", str(folder), "--records"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "name a calibration with --calibration; `biocapil calibrate" in captured.err


def test_a_calibration_of_another_model_is_refused(
    write_records: WriteRecords, write_calibration: WriteCalibration, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, meaning = write_records(ONE_PLANTED), write_calibration("other@1")
    assert main(["dedup", "run", str(folder), "--records", "--calibration", str(meaning)]) == 4
    assert "speaks of templates of other@1" in capsys.readouterr().err


def test_a_set_without_duplicates_is_done_all_the_same(
    write_records: WriteRecords, write_calibration: WriteCalibration, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_records([("a_1.iso", 1), ("b_1.iso", 2)])
    meaning = str(write_calibration())
    assert main(["dedup", "run", str(folder), "--records", "--calibration", meaning]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["clusters"] == 0


def test_images_are_extracted_once_and_the_second_run_goes_on(
    manifest: Path,
    extractor: CountedExtractor,
    write_calibration: WriteCalibration,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = tmp_path / "report.html"
    meaning = str(write_calibration("pixels@0"))
    arguments = ["dedup", "run", str(manifest), "--ppi", "500", "--calibration", meaning]
    arguments += ["--report", str(page)]
    assert main(arguments) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["store"] == str(tmp_path / "people.biocapil-work.db")
    assert (first["reused"], extractor.calls) == (0, 4)
    assert (first["counts"]["failures"], first["counts"]["person_pairs_duplicate"]) == (1, 1)
    assert "data:image" in page.read_text()
    assert main(arguments) == 0
    captured = capsys.readouterr()
    again = json.loads(captured.out)
    assert (again["reused"], extractor.calls) == (4, 4)
    assert again["counts"] == first["counts"]
    assert "4 reused" in captured.err


def test_pictures_that_went_away_leave_the_page_without_them(
    manifest: Path,
    extractor: CountedExtractor,
    write_calibration: WriteCalibration,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = tmp_path / "report.html"
    extract = extractor.extract

    def extract_and_remove(sample: CapturedSample) -> FingerprintTemplate | FailureToExtract:
        (tmp_path / "0.png").unlink(missing_ok=True)
        return extract(sample)

    monkeypatch.setattr(extractor, "extract", extract_and_remove)
    monkeypatch.setenv("BIOCAPIL_THREADS", "1")
    meaning = str(write_calibration("pixels@0"))
    arguments = ["dedup", "run", str(manifest), "--ppi", "500", "--calibration", meaning]
    arguments += ["--report", str(page)]
    assert main(arguments) == 0
    assert page.is_file()


def test_images_without_a_resolution_are_refused(
    manifest: Path, extractor: CountedExtractor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dedup", "run", str(manifest), "--store", str(tmp_path / "work.db")]) == 4
    assert "ppi" in capsys.readouterr().err
    assert extractor.calls == 0


def test_unfinished_work_waits_beside_the_results() -> None:
    assert work_file(Path("in/people.csv"), beside=Path("out/r.html")) == Path("out/people.biocapil-work.db")
    assert work_file(Path("in/people.csv"), beside=None) == Path("people.biocapil-work.db")
    assert work_file(Path(), beside=None) == Path("samples.biocapil-work.db")


def test_the_verb_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dedup"]) == 2
    captured = capsys.readouterr()
    assert "--help" in captured.err


def test_quality_is_measured_where_asked_for(
    manifest: Path,
    extractor: CountedExtractor,
    write_calibration: WriteCalibration,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page, complete = tmp_path / "report.html", tmp_path / "report.json"
    words = [
        "dedup",
        "run",
        str(manifest),
        "--ppi",
        "500",
        "--calibration",
        str(write_calibration("pixels@0")),
    ]
    words += ["--report", str(page), "--json", str(complete)]
    assert main(words) == 0
    assert json.loads(complete.read_text())["quality"] is None
    assert "quality" not in page.read_text().lower()
    assert main([*words, "--quality"]) == 0
    assert extractor.calls == 4
    measured = json.loads(complete.read_text())["quality"]
    assert measured["model_id"].startswith("finger_quality@")
    assert len(measured["samples"]) == 4
    assert all(0 <= each["score"] <= 100 for each in measured["samples"])
    assert "quality" in page.read_text()
    assert "of 4 images" in capsys.readouterr().err


def test_records_have_no_quality_of_an_image(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--quality") == 2
    assert "records hold no images to measure" in capsys.readouterr().err
