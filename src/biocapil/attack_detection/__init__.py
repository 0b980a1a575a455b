"""Presentation attacks: the seam for a detector, and the answer where there is none.

BioCapil ships no detector. None of the freely licensed ones that were tried told attacks from real samples
(see the decision record), and one that does not work is worse than none: people would rely on it.
"""

from biocapil.attack_detection.seam import AttackDetector
from biocapil.attack_detection.without import WithoutDetector, detect_attack

__all__ = ["AttackDetector", "WithoutDetector", "detect_attack"]
