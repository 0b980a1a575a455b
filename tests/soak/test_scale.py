"""Drawn people in a gallery: filled, opened, searched, killed, compared all with all: a few, or a million."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import drawn_gallery
from biocapil.gallery import Gallery
from biocapil.vocabulary import Modality
from scale.comparing import all_against_all, scans_for
from scale.keeping import filled, killed_while_adding, opened
from scale.searching import searches

SOAKING = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
PEOPLE = 1_000_000 if SOAKING else 240
CALIBRATED_ON = 150
"""People that calibrations are fitted on where there are only a few to tell apart."""


@pytest.mark.soak
def test_planted_people_are_found_and_nobody_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not SOAKING:
        monkeypatch.setattr(drawn_gallery, "CALIBRATION_PEOPLE", dict.fromkeys(Modality, CALIBRATED_ON))
    filled(tmp_path, PEOPLE)
    folder = tmp_path / "gallery"

    first = opened(folder)
    assert first["persons"] == PEOPLE
    assert first["open_s"] <= 1
    assert first["resident"] <= 200e6
    with Gallery(folder) as gallery:
        found = searches(gallery, PEOPLE)["everything"]
    assert (found["first_is_mate"], found["strangers_duplicate"]) == (found["probes"], 0)
    assert killed_while_adding(folder, PEOPLE)["lost"] == 0
    for scan in scans_for(PEOPLE):
        run = all_against_all(folder, tmp_path / scan, scan)
        assert run["false_duplicate"] == 0
        if scan == "all":
            assert run["planted_told"] == run["planted"]
