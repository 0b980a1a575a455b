"""Sets on disk for the commands: minutiae records of fingers that do not exist, and blank images."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from biocapil.formats import templates_to_record, write_minutiae_record
from biocapil.formats.minutiae_record import RecordStandard
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ModelId

SIDE_UM = 15_000.0
MINUTIAE = 36


def impression_of(finger: int, impression: int) -> FingerprintTemplate:
    """One impression: the finger's own minutiae, moved a little."""
    source = np.random.default_rng(finger)
    points = source.uniform(1000, SIDE_UM - 1000, (MINUTIAE, 2))
    angles = source.uniform(0, 2 * np.pi, MINUTIAE)
    noise = np.random.default_rng([finger, impression])
    return FingerprintTemplate(
        positions_um=(points + noise.uniform(-80, 80, points.shape)).astype(np.float32),
        angles_rad=((angles + noise.uniform(-0.05, 0.05, MINUTIAE)) % 6.28).astype(np.float32),
        kinds=np.ones(MINUTIAE, dtype=np.uint8),
        qualities=np.full(MINUTIAE, 80, dtype=np.uint8),
        extent_um=(SIDE_UM, SIDE_UM),
        model_id=ModelId("fake@0"),
    )


@pytest.fixture
def write_records(tmp_path: Path) -> Callable[[Sequence[tuple[str, int]]], Path]:
    """Write a folder of records: the name, and the finger, of each."""

    def write(files: Sequence[tuple[str, int]]) -> Path:
        folder = tmp_path / "records"
        folder.mkdir()
        for impression, (name, finger) in enumerate(files):
            record = templates_to_record(
                [impression_of(finger, impression)], standard=RecordStandard.ISO_19794_2_2005
            )
            (folder / name).write_bytes(write_minutiae_record(record))
        return folder

    return write
