"""From a fingerprint image to its minutiae, one step a file.

    sample ─► resampling ─► padding ─► network ─► peaks ─► direction ─► minutiae ─► FingerprintTemplate
                  └──────────── acceptance: what cannot become a template, and why ────────────┘

:mod:`biocapil.extraction.finger.extractor` reads as the method itself.
"""

from biocapil.extraction.finger.extractor import FingerExtractor

__all__ = ["FingerExtractor"]
