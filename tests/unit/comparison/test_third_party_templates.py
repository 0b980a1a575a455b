"""Minutiae that another maker's extractor found in real prints, compared end to end from ISO records."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from biocapil.comparison import pack, similarity_matrix
from biocapil.formats import read_minutiae_record, record_to_templates


@pytest.mark.lent
def test_mated_prints_of_another_extractor_stand_far_above_non_mated_ones(lent_data: Path) -> None:
    folder = lent_data / "vectors" / "fmr_secugen_fvc" / "fvc2002_db2_b"
    if not folder.is_dir():
        pytest.skip(f"the lent data has no {folder.relative_to(lent_data)}")
    files = sorted(folder.glob("*.iso"))
    fingers = np.array([file.stem.split("_")[0] for file in files])
    templates = [record_to_templates(read_minutiae_record(file.read_bytes()).record)[0] for file in files]
    packed = pack(templates)

    matrix = similarity_matrix(packed, packed)

    mated = fingers[:, None] == fingers
    upper = np.triu(np.ones_like(mated), k=1)
    assert (mated & upper).sum() == 280
    non_mated = np.quantile(matrix[~mated], 0.999)
    alike = matrix[(mated & upper).astype(bool)]
    assert np.median(alike) > 15 * non_mated  # the root of a similarity follows evidence: three to four times
    assert np.mean(alike > non_mated) > 0.93
