from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from biocapil import SampleEntry
from biocapil.deduplication import DuplicateReport, SimilarityHistogram


def test_a_histogram_needs_one_edge_more_than_counts() -> None:
    with pytest.raises(ValueError, match=r"\(3,\) and \(3,\)"):
        SimilarityHistogram(edges=np.arange(3.0), counts=np.zeros(3, np.int64))


def test_a_histogram_cannot_be_changed() -> None:
    histogram = SimilarityHistogram(edges=np.arange(3.0), counts=np.zeros(2, np.int64))

    with pytest.raises(ValueError, match="read-only"):
        histogram.counts[0] = 1


def test_repr_counts_and_names_nobody(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    report = search([entry("7304"), entry("7305")], {(0, 1): 30.0})

    assert repr(report) == "DuplicateReport(2 samples, 2 persons, 1 compared, 1 clusters, 0 to review)"
