"""A killed writer loses nothing that had returned, and nobody whose deletion had returned comes back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("crash_rounds.py")
KILLS = 500 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 25


@pytest.mark.soak
def test_a_writer_killed_at_any_moment_leaves_what_had_returned(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, str(SCRIPT), str(tmp_path / "gallery"), "--rounds", str(KILLS)],
        check=True,
        capture_output=True,
        text=True,
        timeout=1800,
    )
    counts = json.loads(done.stdout.splitlines()[-1])
    assert counts["kills"] == KILLS
    faults = ("lost", "returned", "wrong", "unreadable", "unsound")
    assert {name: counts[name] for name in faults} == dict.fromkeys(faults, 0)
