from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from biocapil.cli.dedup_gallery import duration, rate
from biocapil.cli.main import main
from biocapil.gallery import Gallery

Write = Callable[..., Path]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., list[dict[str, Any]]]:
    """Run a command that ends as expected, and give its lines."""

    def command(*words: object, code: int = 0) -> list[dict[str, Any]]:
        assert main([*map(str, words)]) == code, capsys.readouterr().err
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return command


@pytest.fixture
def filled(tmp_path: Path, write_records: Write, run: Callable[..., list[dict[str, Any]]]) -> Path:
    """Six people, of whom the last is the first again."""
    folder = tmp_path / "gallery"
    run("gallery", "create", folder, "--records")
    people = write_records([*((f"{number}_1.fmr", number) for number in range(1, 6)), ("6_1.fmr", 1)])
    run("gallery", "add", folder, people, "--records")
    return folder


def test_a_person_who_is_registered_twice_is_found(
    filled: Path, tmp_path: Path, write_calibration: Write, run: Callable[..., list[dict[str, Any]]]
) -> None:
    words = ("dedup", "gallery", filled, "--records", "--calibration", write_calibration())
    (line,) = run(*words, "--checkpoint", tmp_path / "run")

    assert (line["type"], line["people"], line["new"]) == ("deduplicated", 6, 6)
    assert line["compared"] == line["comparisons"] == 15
    assert line["counts"] == {"duplicate": 1, "review": 0, "clusters": 1}
    assert line["report"] == str(tmp_path / "run" / "report.jsonl")
    report = [json.loads(text) for text in (tmp_path / "run" / "report.jsonl").read_text().splitlines()]
    assert [each["type"] for each in report] == ["pair", "cluster", "summary"]
    assert report[1]["persons"] == ["records/1", "records/6"]


def test_only_what_is_new_is_compared_again(
    filled: Path,
    tmp_path: Path,
    write_records: Write,
    write_calibration: Write,
    run: Callable[..., list[dict[str, Any]]],
) -> None:
    words = ("dedup", "gallery", filled, "--records", "--calibration", write_calibration(), "--people", 50)
    run(*words, "--checkpoint", tmp_path / "run")
    run("gallery", "add", filled, write_records([("7_1.fmr", 2)], to="more"), "--records")
    run(*words, "--checkpoint", tmp_path / "run", code=4)

    (line,) = run(*words, "--checkpoint", tmp_path / "next", "--since", tmp_path / "run")

    assert (line["new"], line["compared"], line["carried_over"]) == (1, 6, 1)
    assert line["counts"]["duplicate"] == 2
    (full,) = run(*words, "--checkpoint", tmp_path / "full", "--scan", "finger", "--memory", 64)
    assert full["compared"] == 21
    for name in ("report.jsonl", "people.u64"):
        assert (tmp_path / "full" / name).read_bytes() == (tmp_path / "next" / name).read_bytes()


def test_what_cannot_be_done_has_the_exit_code_of_its_kind(
    filled: Path, tmp_path: Path, write_calibration: Write, run: Callable[..., list[dict[str, Any]]]
) -> None:
    words = ("dedup", "gallery", filled, "--records", "--checkpoint", tmp_path / "run")
    meaning = ("--calibration", write_calibration())

    run(*words, code=2)
    run(*words, *meaning, "--scan", "face", code=2)
    run(*words, *meaning, "--people", 3, code=2)
    run(*words, *meaning, "--since", tmp_path / "nowhere", code=4)
    run("dedup", "gallery", tmp_path / "nothing", *words[3:], *meaning, code=4)
    assert not (tmp_path / "run").exists()


def test_a_target_that_nobody_can_keep_is_said(
    filled: Path,
    tmp_path: Path,
    write_calibration: Write,
    capsys: pytest.CaptureFixture[str],
) -> None:
    weak = write_calibration(least_rate=1e-4)
    assert main(
        ["dedup", "gallery", str(filled), "--records", "--checkpoint", str(tmp_path / "run"),
         "--calibration", str(weak), "--people", "100"]
    ) == 0  # fmt: skip
    assert "Nobody was called a duplicate" in capsys.readouterr().err


def test_an_empty_gallery_has_an_empty_report(
    tmp_path: Path, write_calibration: Write, run: Callable[..., list[dict[str, Any]]]
) -> None:
    folder = tmp_path / "gallery"
    run("gallery", "create", folder, "--records")
    (line,) = run(
        "dedup", "gallery", folder, "--records", "--calibration", write_calibration(),
        "--checkpoint", tmp_path / "run", "--measured-only", "--gated",
    )  # fmt: skip

    assert (line["people"], line["counts"]["duplicate"]) == (0, 0)
    assert len(Gallery(folder)) == 0


def test_rates_and_durations_are_said_in_words() -> None:
    assert [rate(each) for each in (0.0, 950.0, 1234.0, 2.5e6, 3e9)] == [
        "0", "950", "1.2 k", "2.5 M", "3.0 G",
    ]  # fmt: skip
    assert [duration(each) for each in (12.4, 200.0, 7500.0)] == ["12 s", "3 min 20 s", "2 h 05 min"]
