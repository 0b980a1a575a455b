"""A run that is killed at any moment goes on and ends with the report of one that was not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
SCRIPT = "tests.unit.deduplication.registry.kill_rounds"


KILLS = 500 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 15


@pytest.mark.soak
def test_a_run_killed_at_any_moment_ends_with_the_same_report(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", SCRIPT, str(tmp_path), "--kills", str(KILLS)],
        check=True,
        capture_output=True,
        text=True,
        timeout=3600,
        cwd=ROOT,
        env={**os.environ, "BIOCAPIL_THREADS": "2"},
    )
    counts = json.loads(done.stdout.splitlines()[-1])
    assert counts["kills"] == KILLS
    assert counts["ended"] >= counts["resumed"] >= 1
    faults = ("other_reports", "other_states", "too_many")
    assert {name: counts[name] for name in faults} == dict.fromkeys(faults, 0)
