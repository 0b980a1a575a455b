"""How good a sample of a finger is, before any template is made of it, and what a person can do about it.

    sample ─► picture at 500 ppi ─► foreground ─► measures, one a file ─► fit ─► score, components, reasons

Measures are plain figures of blocks and of the whole print. What turns them into a score from 0 to 100 and
into coded reasons was fitted to synthetic prints alone; the score foretells similarity, so that fewer
samples of a high score fail to match their mates.

Reference: ISO/IEC 29794-1:2024, ISO/IEC 29794-4:2024. This is not NIST's fingerprint image quality.
"""

from biocapil.quality.assess import assess_finger
from biocapil.quality.block_map import QualityMap, quality_map
from biocapil.quality.measures import Measured, measure_finger
from biocapil.quality.words import sentence
from biocapil.vocabulary import Language

__all__ = [
    "Language",
    "Measured",
    "QualityMap",
    "assess_finger",
    "measure_finger",
    "quality_map",
    "sentence",
]
