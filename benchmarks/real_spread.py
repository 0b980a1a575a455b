"""How scores of the lent FVC sets spread."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from biocapil.comparison import pack
from biocapil.extraction import load_extractor
from biocapil.formats import read_manifest
from biocapil.intake import extract_images
from lent_sets import FVC_PPI
from population.score_spread import FingerSpread, finger_spread

FITTED_SETS = ("fvc2002_db1_b", "fvc2002_db2_b", "fvc2004_db1_b")


def real_spreads(data: Path, store: Path | None) -> dict[str, FingerSpread]:
    """Spread of each set through the shipped extractor."""
    extractor, spreads = load_extractor(), {}
    for name in FITTED_SETS:
        entries = read_manifest(data / "manifest.csv", dataset=name)
        samples = extract_images(entries, extractor, resolution_ppi=FVC_PPI[name], store=store)
        found = [(each.fingerprint, each.entry.source) for each in samples if each.fingerprint is not None]
        _, sources = np.unique([source[1:] for _, source in found], axis=0, return_inverse=True)
        spreads[name] = finger_spread(pack([template for template, _ in found]), sources.astype(np.int64))
    return spreads
