"""How good a sample is, before any template is made of it, and what a person can do about it.

One folder a modality: measures become a score from 0 to 100 that foretells similarity, and coded reasons.
What to tell the person at the counter stands in :mod:`biocapil.quality.words`.

Reference: ISO/IEC 29794-1:2024.
"""

from biocapil.quality.finger.assess import assess_finger
from biocapil.quality.finger.block_map import QualityMap, quality_map
from biocapil.quality.finger.measures import Measured, measure_finger
from biocapil.quality.iris.assess import assess_iris
from biocapil.quality.words import sentence
from biocapil.vocabulary import Language

__all__ = [
    "Language",
    "Measured",
    "QualityMap",
    "assess_finger",
    "assess_iris",
    "measure_finger",
    "quality_map",
    "sentence",
]
