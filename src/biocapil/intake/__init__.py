"""How the samples of a set become templates, whatever the set is made of.

    manifest or folder ─► entries ─┬─ images ──► extraction ──┬─► samples with template or failure
                                   ├─ minutiae records ───────┘
                                   └─ images ──► quality ───────► samples with quality

Stands above `formats`, `quality` and `extraction`, which do not know each other, and below what works with
templates.
"""

from biocapil.intake.assessing import assessor_of
from biocapil.intake.images import extract_images
from biocapil.intake.named_files import read_named_files
from biocapil.intake.qualities import AssessedSample, assess_images
from biocapil.intake.records import read_records
from biocapil.intake.several import extract_modalities

__all__ = [
    "AssessedSample",
    "assess_images",
    "assessor_of",
    "extract_images",
    "extract_modalities",
    "read_named_files",
    "read_records",
]
