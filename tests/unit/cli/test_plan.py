from __future__ import annotations

import json
from pathlib import Path

import pytest

from biocapil.cli.main import main
from biocapil.cli.plan import duration, search_figures
from biocapil.planning import MEASURED


def test_a_plan_is_one_json_line_and_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--people", "5000000", "--fingers", "2", "--cores", "4"]) == 0
    told = capsys.readouterr()
    fields = json.loads(told.out)
    assert fields["schema"] == "biocapil/plan/1"
    assert fields["cores"] == 4
    assert fields["fpir"]["high"] <= 0.001
    for words in ("registered twice", "GiB", "Extrapolated", "at most"):
        assert words in told.err


def test_a_target_that_cannot_be_kept_ends_with_1_and_says_what_would(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["plan", "--people", "5000000", "--fingers", "1", "--measured-only"]) == 1
    told = capsys.readouterr()
    assert json.loads(told.out)["fpir"] is None
    assert "cannot be kept" in told.err
    assert "instances of each person would" in " ".join(told.err.split())


@pytest.mark.parametrize(("option", "name"), [("--face", "faces"), ("--irises", "irises")])
def test_what_no_calibration_speaks_of_is_refused(
    option: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", "--people", "10", option]) == 2
    assert f"nothing can be said about {name}" in capsys.readouterr().err


def test_the_outlook_is_drawn(tmp_path: Path) -> None:
    picture = tmp_path / "new" / "plan.svg"
    assert main(["plan", "--people", "1000", "--picture", str(picture)]) == 0
    assert picture.read_text(encoding="utf-8").startswith("<svg")


def test_the_speed_of_the_callers_machine_counts() -> None:
    stated = search_figures(76_000)
    assert stated.exact_per_s == 76_000
    assert stated.gated_per_s == pytest.approx(2 * MEASURED.gated_per_s)
    assert "caller" in stated.machine
    assert search_figures(None) is MEASURED


def test_a_speed_of_nothing_is_a_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--people", "10", "--comparisons-per-s", "0"]) == 2
    assert "exact_per_s must be above 0" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.5, "0.5 s"), (119, "119 s"), (180, "3.0 minutes"), (7200, "2.0 hours"), (86_400 * 800, "2.2 years")],
)
def test_durations_are_told_as_people_read_them(seconds: float, words: str) -> None:
    assert duration(seconds) == words
