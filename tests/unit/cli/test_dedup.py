import json
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import pytest

from biocapil.cli.dedup import policy_of, work_file
from biocapil.cli.main import main
from biocapil.comparison.policy import DEFAULT_POLICY
from biocapil.outcomes import FailureToExtract
from biocapil.sample import CapturedSample
from biocapil.template import FingerprintTemplate


class CountedExtractor(Protocol):
    """The fake extractor of conftest."""

    calls: int

    def extract(self, sample: CapturedSample) -> FingerprintTemplate | FailureToExtract: ...


WriteRecords = Callable[[Sequence[tuple[str, int]]], Path]
ONE_PLANTED = [("a_1.iso", 1), ("b_1.iso", 2), ("c_1.iso", 3), ("d_1.iso", 1)]


def test_a_planted_duplicate_among_records_is_found(
    write_records: WriteRecords, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_records(ONE_PLANTED)
    page, complete = tmp_path / "out" / "report.html", tmp_path / "out" / "report.json"
    arguments = ["dedup", "run", str(folder), "--records", "--report", str(page), "--json", str(complete)]
    assert main(arguments) == 0
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


def test_a_set_without_duplicates_is_done_all_the_same(
    write_records: WriteRecords, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_records([("a_1.iso", 1), ("b_1.iso", 2)])
    assert main(["dedup", "run", str(folder), "--records"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["clusters"] == 0


def test_images_are_extracted_once_and_the_second_run_goes_on(
    manifest: Path, extractor: CountedExtractor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "report.html"
    arguments = ["dedup", "run", str(manifest), "--ppi", "500", "--report", str(page)]
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
    manifest: Path, extractor: CountedExtractor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "report.html"
    extract = extractor.extract

    def extract_and_remove(sample: CapturedSample) -> FingerprintTemplate | FailureToExtract:
        (tmp_path / "0.png").unlink(missing_ok=True)
        return extract(sample)

    monkeypatch.setattr(extractor, "extract", extract_and_remove)
    monkeypatch.setenv("BIOCAPIL_THREADS", "1")
    arguments = ["dedup", "run", str(manifest), "--ppi", "500", "--report", str(page)]
    assert main(arguments) == 0
    assert page.is_file()


def test_images_without_a_resolution_are_refused(
    manifest: Path, extractor: CountedExtractor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dedup", "run", str(manifest), "--store", str(tmp_path / "work.db")]) == 4
    assert "ppi" in capsys.readouterr().err
    assert extractor.calls == 0


def test_stated_thresholds_make_a_policy_of_their_own() -> None:
    assert policy_of(None, None) is DEFAULT_POLICY
    stated = policy_of(None, DEFAULT_POLICY.duplicate_similarity + 5)
    assert stated.review_similarity == DEFAULT_POLICY.review_similarity
    assert stated.duplicate_similarity == DEFAULT_POLICY.duplicate_similarity + 5
    assert stated.basis != DEFAULT_POLICY.basis
    assert policy_of(0.5, None).review_similarity == 0.5


def test_thresholds_in_the_wrong_order_are_a_matter_of_usage(
    write_records: WriteRecords, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_records(ONE_PLANTED)
    arguments = ["dedup", "run", str(folder), "--records", "--review", "9", "--duplicate", "3"]
    assert main(arguments) == 2
    assert "review_similarity" in capsys.readouterr().err


def test_unfinished_work_waits_beside_the_results() -> None:
    assert work_file(Path("in/people.csv"), beside=Path("out/r.html")) == Path("out/people.biocapil-work.db")
    assert work_file(Path("in/people.csv"), beside=None) == Path("people.biocapil-work.db")
    assert work_file(Path(), beside=None) == Path("samples.biocapil-work.db")


def test_the_verb_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dedup"]) == 2
    captured = capsys.readouterr()
    assert "--help" in captured.err
