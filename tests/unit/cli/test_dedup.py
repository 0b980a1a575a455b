import json
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from biocapil.comparison.policy import DEFAULT_POLICY
from PIL import Image

from biocapil.cli import set_options
from biocapil.cli.dedup import policy_of, work_file
from biocapil.cli.main import main
from biocapil.outcomes import FailureToExtract
from biocapil.sample import CapturedSample
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ExtractionFailure, ModelId

WriteRecords = Callable[[Sequence[tuple[str, int]]], Path]
ONE_PLANTED = [("a_1.iso", 1), ("b_1.iso", 2), ("c_1.iso", 3), ("d_1.iso", 1)]


class PixelExtractor:
    """Takes the finger from the grey value of the image: equal images are equal fingers."""

    def __init__(self) -> None:
        self.calls = 0

    @property
    def model_id(self) -> ModelId:
        return ModelId("pixels@0")

    def extract(self, sample: CapturedSample) -> FingerprintTemplate | FailureToExtract:
        self.calls += 1
        grey = int(sample.pixels[0, 0])
        if not grey:
            return FailureToExtract(reason=ExtractionFailure.NO_CONTRAST, detail="black")
        rng = np.random.default_rng(grey)
        return FingerprintTemplate(
            positions_um=rng.uniform(1000, 14_000, (36, 2)).astype(np.float32),
            angles_rad=rng.uniform(0, 6.28, 36).astype(np.float32),
            kinds=np.ones(36, dtype=np.uint8),
            qualities=np.full(36, 80, dtype=np.uint8),
            extent_um=(15_000.0, 15_000.0),
            model_id=self.model_id,
        )


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """Four images, of which the first and the last show one finger, and the third is black."""
    lines = ["path,subject,instance,sample"]
    for row, grey in enumerate((50, 60, 0, 50)):
        pixels = np.full((40, 40), grey, dtype=np.uint8)
        pixels[-1, -1] = row  # no file is the copy of another
        Image.fromarray(pixels).save(tmp_path / f"{row}.png")
        lines.append(f"{row}.png,person {row},left_index,1")
    file = tmp_path / "people.csv"
    file.write_text("\n".join(lines))
    return file


@pytest.fixture
def extractor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> PixelExtractor:
    monkeypatch.setenv("BIOCAPIL_KEY_FILE", str(tmp_path / "key" / "store.key"))
    fake = PixelExtractor()
    monkeypatch.setattr(set_options, "load_extractor", lambda _name: fake)
    return fake


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
    manifest: Path, extractor: PixelExtractor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
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
    manifest: Path, extractor: PixelExtractor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
    manifest: Path, extractor: PixelExtractor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
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
