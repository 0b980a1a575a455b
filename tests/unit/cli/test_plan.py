from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from biocapil.calibration import calibration_to_json, read_calibration
from biocapil.cli.main import main
from biocapil.cli.plan import duration, search_figures
from biocapil.comparison import FACE_COMPARATOR, iris_comparator
from biocapil.planning import MEASURED
from biocapil.vocabulary import Modality


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


def test_irises_and_face_lower_what_is_missed(
    write_calibration: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meanings: list[str] = []
    for modality, comparator in ((Modality.FACE, FACE_COMPARATOR), (Modality.IRIS, iris_comparator(8))):
        own = replace(read_calibration(write_calibration("made@1", comparator=comparator)), modality=modality)
        file = tmp_path / f"{modality.value}.json"
        file.write_text(calibration_to_json(own))
        meanings += ["--calibration", str(file)]
    assert main(["plan", "--people", "100000"]) == 0
    fingers = json.loads(capsys.readouterr().out)
    assert main(["plan", "--people", "100000", "--irises", "--face", *meanings]) == 0
    told = capsys.readouterr()
    together = json.loads(told.out)
    assert together["instances"] == {"finger": 2, "face": 1, "iris": 2}
    assert fingers["instances"] is None
    assert together["fpir"]["high"] <= 0.001
    assert together["fnir"]["low"] < fingers["fnir"]["low"]
    assert "2 fingers, 1 face, 2 irises" in " ".join(told.err.split())
    assert "without face and iris" in " ".join(told.err.split())
    assert main(["plan", "--people", "10", "--face", *meanings[:2], "--picture", "x.svg"]) == 2


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
