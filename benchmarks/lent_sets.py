"""The lent fingerprint sets as labelled scores, for the benchmarks that ask what scores mean."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from biocapil.evaluation import labelled_scores
from biocapil.extraction import ExtractedSample, load_extractor
from biocapil.formats import read_manifest
from biocapil.intake import extract_images, read_named_files, read_records
from biocapil.labelled_scores import LabelledScores

DATA = Path(os.environ.get("BIOCAPIL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
FVC_PPI = {
    "fvc2002_db1_b": 500.0,
    "fvc2002_db2_b": 569.0,
    "fvc2002_db3_b": 500.0,
    "fvc2004_db1_b": 500.0,
    "fvc2004_db3_b": 512.0,
}
TEN_PRINTS = "socofing_real"
TEN_PRINTS_PPI = 195.0
SAME_SOURCE = 16.0
"""Similarity from which two prints of different people in the ten-print set are taken to be one finger filed
twice: the set holds identical pictures under several names, and no other pair comes near."""


def fvc_samples(data: Path, store: Path | None = None) -> dict[str, Sequence[ExtractedSample]]:
    """Templates of the shipped extractor, by set."""
    extractor = load_extractor()
    return {
        name: extract_images(
            read_manifest(data / "manifest.csv", dataset=name), extractor, resolution_ppi=ppi, store=store
        )
        for name, ppi in FVC_PPI.items()
    }


def third_party_samples(data: Path) -> dict[str, Sequence[ExtractedSample]]:
    """Templates of third-party minutiae records of the same prints, by set."""
    return {
        name: read_records(read_named_files(data / "vectors" / "fmr_secugen_fvc" / name, dataset=name))
        for name in FVC_PPI
    }


def ten_print_samples(data: Path, store: Path | None = None) -> Sequence[ExtractedSample]:
    """Templates of the ten-print set."""
    entries = read_manifest(data / "manifest.csv", dataset=TEN_PRINTS)
    return extract_images(entries, load_extractor(), resolution_ppi=TEN_PRINTS_PPI, store=store)


def scores_of(samples: Sequence[ExtractedSample]) -> LabelledScores:
    """Labelled scores of one set."""
    (scores,) = labelled_scores(samples)
    return scores
