"""Drawn people in a gallery: filled, opened, searched, killed, compared all with all: a few, or a million."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import bench_scale
import drawn_gallery
from biocapil.gallery import Gallery
from biocapil.vocabulary import Modality

SOAKING = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
PEOPLE = 1_000_000 if SOAKING else 240
CALIBRATED_ON = 150
"""People that calibrations are fitted on where there are only a few to tell apart."""


@pytest.mark.soak
def test_planted_people_are_found_and_nobody_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not SOAKING:
        monkeypatch.setattr(drawn_gallery, "CALIBRATION_PEOPLE", dict.fromkeys(Modality, CALIBRATED_ON))
    bench_scale.filled(tmp_path, PEOPLE)
    folder = tmp_path / "gallery"

    opened = bench_scale.opened(folder)
    assert (opened["persons"], opened["open_s"] <= 1, opened["resident"] <= 200e6) == (PEOPLE, True, True)
    with Gallery(folder) as gallery:
        found = bench_scale.searches(gallery, PEOPLE)["everything"]
    assert (found["first_is_mate"], found["strangers_duplicate"]) == (found["probes"], 0)
    assert bench_scale.killed_while_adding(folder, PEOPLE)["lost"] == 0
    for scan in bench_scale.scans_for(PEOPLE):
        run = bench_scale.all_against_all(folder, tmp_path / scan, scan)
        assert run["false_duplicate"] == 0
        if scan == "all":
            assert run["planted_told"] == run["planted"]
