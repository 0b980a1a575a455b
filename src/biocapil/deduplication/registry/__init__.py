"""Everybody of a gallery on disk against everybody: millions of people, killed and gone on at any time.

    GallerySnapshot ─► Everybody ─► tiles ─► pairs who stand out ─► second look ─► journal ─► report
    (people)           (tiles)      (tile_scan)                     (second_look)

What is guaranteed stands in `docs/decisions/0009-all-against-all.md`.
"""

from biocapil.deduplication.registry.counts import registry_targets
from biocapil.deduplication.registry.joint_pairs import JointPairPolicy
from biocapil.deduplication.registry.pair_policy import Bar, PairPolicy, PolicyTerms
from biocapil.deduplication.registry.people import Everybody, gallery_people, instances_named
from biocapil.deduplication.registry.report import ReportCounts
from biocapil.deduplication.registry.search import (
    MEMORY_MIB,
    GalleryDuplicates,
    ScanProgress,
    deduplicate_gallery,
)

__all__ = [
    "MEMORY_MIB",
    "Bar",
    "Everybody",
    "GalleryDuplicates",
    "JointPairPolicy",
    "PairPolicy",
    "PolicyTerms",
    "ReportCounts",
    "ScanProgress",
    "deduplicate_gallery",
    "gallery_people",
    "instances_named",
    "registry_targets",
]
