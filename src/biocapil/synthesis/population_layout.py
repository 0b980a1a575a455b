"""What all synthetic populations have in common: names in their folders, and what their seeds begin with."""

from __future__ import annotations

DATASET = "synthetic"
SAMPLE_FOLDER = "samples"
MANIFEST_COLUMNS = ("path", "subject", "instance", "sample", "modality", "dataset")

PLAN, FINGER, STATION, TOUCH, PERSON, EYE, VISIT, FACE, PHOTOGRAPH = range(9)
"""First number of a seed: what it is drawn for, so that no two draws share a stream."""
