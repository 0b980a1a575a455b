"""From emulated scanner, cameras and card to the decision that somebody is registered twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from biocapil.cli import demo_kiosk
from biocapil.cli.demo_kiosk import Received
from biocapil.cli.demo_visits import Visit
from biocapil.cli.main import main
from biocapil.gallery import PersonSearch, SearchTimes

pytest.importorskip("cryptography", reason="cryptography is not installed: pip install 'biocapil[cards]'")

NOBODY = PersonSearch(
    candidates=(),
    persons=1,
    comparable=1,
    wanted=1,
    searched=1,
    weighed=0,
    generation=1,
    policy_id="p",
    calibration_id="c",
    times=SearchTimes(prepare_s=0.0, scan_s=0.0, weigh_s=0.0),
)


def test_who_comes_again_with_another_document_is_a_duplicate_and_nobody_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["demo", "--kiosk"]) == 0
    told = capsys.readouterr()
    lines = [json.loads(line) for line in told.out.splitlines()]
    assert [line["decision"] for line in lines] == ["unique", "duplicate", "unique"]
    assert [line["candidate"] for line in lines] == [None, lines[0]["document"], None]
    assert len({line["document"] for line in lines}) == len(lines)
    assert {"right_index", "right_eye", "left_eye"} <= set(lines[1]["compared"])
    for line in lines:
        assert line["samples"] == {"finger": 4, "iris": 2, "face": 1}
        assert line["templates"] == {"finger": 4, "iris": 2}
    assert "3 of 3 decisions are right" in told.err


def test_a_wrong_decision_ends_the_command_with_no(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Forgetful:
        """A kiosk that knows nobody again."""

        def __init__(self, folder: Path) -> None:
            assert not folder.exists()

        def receive(self, visit: Visit) -> Received:
            return Received(document=str(visit.holder), samples={}, templates={}, search=NOBODY)

    monkeypatch.setattr(demo_kiosk, "Kiosk", Forgetful)
    assert main(["demo", "--kiosk"]) == 1
    told = capsys.readouterr()
    assert [json.loads(line)["right"] for line in told.out.splitlines()] == [True, False, True]
    assert "2 of 3 decisions are right" in told.err
