"""Names and seeds that all written populations share, of fingers and of irises."""

from __future__ import annotations

DATASET = "synthetic"
SAMPLE_FOLDER = "samples"
MANIFEST_COLUMNS = ("path", "subject", "instance", "sample", "modality", "dataset")

PLAN, FINGER, STATION, TOUCH, PERSON = range(5)
"""First number of a seed: what it is drawn for, so that no two draws share a stream."""
