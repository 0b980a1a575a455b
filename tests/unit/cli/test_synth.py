import json
from pathlib import Path

import pytest

from biocapil.cli.main import main
from biocapil.synthesis import read_truth

SMALL = ["--people", "3", "--fingers", "1", "--impressions", "1", "--duplicates", "1", "--lookalikes", "1"]


def test_a_population_is_written_and_summed_up_in_one_json_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["synth", "fingers", *SMALL, "--seed", "5", str(tmp_path / "people")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    summary = json.loads(lines[0])
    assert summary == {
        "manifest": str(tmp_path / "people" / "manifest.csv"),
        "samples": 4,
        "duplicates": 1,
        "lookalikes": 1,
        "seed": 5,
    }
    assert read_truth(tmp_path / "people").samples == 4


def test_a_full_folder_ends_with_one_line_and_the_code_for_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letters.txt").write_text("mine", encoding="utf-8")
    assert main(["synth", "fingers", *SMALL, str(tmp_path)]) == 4
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "is no population" in captured.err


def test_an_older_population_is_replaced_when_asked(tmp_path: Path) -> None:
    one = ["--people", "1", "--fingers", "1", "--impressions", "1", "--duplicates", "0", "--lookalikes", "0"]
    out = str(tmp_path / "people")
    assert main(["synth", "fingers", *one, out]) == 0
    assert main(["synth", "fingers", *one, out]) == 4
    assert main(["synth", "fingers", *one, "--overwrite", out]) == 0


def test_too_few_people_are_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["synth", "fingers", "--people", "3", str(tmp_path / "people")]) == 2
    assert "a population needs people" in capsys.readouterr().err


def test_the_sensor_and_what_goes_wrong_can_be_chosen(tmp_path: Path) -> None:
    plain, dry = str(tmp_path / "plain"), str(tmp_path / "dry")
    one = ["--people", "1", "--fingers", "1", "--impressions", "1", "--duplicates", "0", "--lookalikes", "0"]
    assert main(["synth", "fingers", *one, "--style", "capacitive", plain]) == 0
    assert main(["synth", "fingers", *one, "--style", "capacitive", "--degrade", "dry=0.6", dry]) == 0
    first, second = (next(Path(out).rglob("*.png")).read_bytes() for out in (plain, dry))
    assert first != second


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ("rusty=0.5", "'rusty' is no degradation; there are: dry, wet,"),
        ("dry", "severity of dry must be a number from 0 to 1, got ''"),
        ("dry=much", "severity of dry must be a number from 0 to 1, got 'much'"),
        ("dry=2", "severity of dry must lie in 0..1, got 2.0"),
    ],
)
def test_a_degradation_that_cannot_be_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wish: str, message: str
) -> None:
    assert main(["synth", "fingers", *SMALL, "--degrade", wish, str(tmp_path / "people")]) == 2
    assert message in " ".join(capsys.readouterr().err.split())


def test_slaps_are_written_and_summed_up_in_one_json_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["synth", "slaps", "--people", "1", "--seed", "5", str(tmp_path / "slaps")]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary == {
        "truth": str(tmp_path / "slaps" / "slaps.csv"),
        "slaps": 2,
        "fingers": 8,
        "seed": 5,
    }


def test_irises_are_written_and_summed_up_in_one_json_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "eyes"
    assert main(["synth", "irises", str(out), "--people", "2", "--visits", "1", "--duplicates", "0"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"manifest": str(out / "manifest.csv"), "samples": 4, "duplicates": 0, "seed": 1}
