"""Searches beside a writer, in processes of their own, all judged: ten seconds, or ten minutes as a soak."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.soak import registry
from tests.soak.oracle import FAULTS, History, judge, read_lines

from biocapil.gallery import Gallery, verify_gallery

REPOSITORY = Path(__file__).resolve().parent.parent.parent
SECONDS = 600 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 6
READER_THREADS = (1, 2)
"""Threads of each reading process."""


def start(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "tests.soak.roles", *words],
        cwd=REPOSITORY,
        env={**os.environ, "BIOCAPIL_THREADS": "1"},
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> str:
    """Let a process end; what it complained of."""
    return process.communicate(timeout=SECONDS + 120)[1]


@pytest.mark.soak
def test_every_answer_beside_a_writer_is_that_of_a_generation_that_was_due(
    tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    folder, writer_log = tmp_path / "gallery", tmp_path / "writer"
    registry.create(folder).close()
    logs = [tmp_path / f"reader-{number}" for number in range(len(READER_THREADS))]

    writer = start("writer", str(folder), str(writer_log), "--seed", "1")
    readers = [
        start("reader", str(folder), str(log), "--seed", str(number + 2), "--seconds", str(SECONDS),
              "--threads", str(READER_THREADS[number]))
        for number, log in enumerate(logs)
    ]  # fmt: skip
    complaints = [finished(each) for each in [*readers, writer]]

    assert complaints == ["", "", ""]
    assert [each.returncode for each in [*readers, writer]] == [0, 0, 0]
    changes = list(read_lines([writer_log]))
    history = History.of(changes)
    counts = judge(history, read_lines(logs))
    kinds = Counter(each["kind"] for each in changes)
    record_property("soak", json.dumps({"seconds": SECONDS, "changes": kinds, "judged": counts}))
    assert {fault: counts[fault] for fault in FAULTS} == dict.fromkeys(FAULTS, 0)
    assert counts["found"] > 0
    assert counts["contents"] > 0
    assert counts["searches"] > 3 * counts["found"] / 2
    assert set(kinds) >= {"add", "update", "delete", "compact"}
    with Gallery(folder) as gallery:
        assert verify_gallery(gallery).sound
        assert dict(registry.contents(gallery.snapshot())) == history.people(history.generations[-1])
