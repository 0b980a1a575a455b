"""Finding persons who are registered more than once.

    templates + entries ─► all against all ─► pairs of samples ─► pairs of persons ─► clusters ─► report
                             (comparison)        (pairing)         (persons, fused)

Stands above comparison and below reporting and the command line.
"""

from biocapil.deduplication.environment import environment
from biocapil.deduplication.extent import SetExtent, set_extent
from biocapil.deduplication.findings import (
    Cluster,
    FailedSample,
    FindingKind,
    FingerFiledTwice,
    PairFinding,
    Person,
    PersonPair,
    UnconfirmedSample,
)
from biocapil.deduplication.json_report import report_to_json
from biocapil.deduplication.pipeline import Deduplication, StepTime, run_deduplication
from biocapil.deduplication.report import (
    BandCounts,
    ComparedModality,
    DuplicateReport,
    PairCounts,
    SimilarityHistogram,
)
from biocapil.deduplication.search import find_duplicates

__all__ = [
    "BandCounts",
    "Cluster",
    "ComparedModality",
    "Deduplication",
    "DuplicateReport",
    "FailedSample",
    "FindingKind",
    "FingerFiledTwice",
    "PairCounts",
    "PairFinding",
    "Person",
    "PersonPair",
    "SetExtent",
    "SimilarityHistogram",
    "StepTime",
    "UnconfirmedSample",
    "environment",
    "find_duplicates",
    "report_to_json",
    "run_deduplication",
    "set_extent",
]
