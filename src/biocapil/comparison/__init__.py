"""Comparison: packed templates, one probe against one reference or against many.

    FingerprintTemplate ─► pack ─► PackedTemplates ─┐
                                                    ├─► search, pairs_above ─► candidates, pairs
    FingerprintTemplate ─► prepare_probe ─► Probe ──┘
                           compare, explain: one against one
    PackedTemplates ─► build_index ─► CylinderIndex ─► search_indexed                   (loses some)
    impressions of a finger ─► merge_impressions ─► PackedTemplates of one
    PackedTemplates ─► compact ─► CompactTemplates ─► search_compact     (half the memory)

    Embedding ─► pack_embeddings ─► PackedEmbeddings ─► search_embeddings, embedding_pairs_above
    IrisCode ─► pack_codes ─► PackedCodes ─► search_codes ─► code candidates      (thin: two-stage)
    BitStrings ─► pack_bits ─► PackedBits ─► search_bits ──► code candidates

    all of them ─► FingerReferences, CompactReferences, IrisReferences, FaceReferences: one seam for galleries
    templates of any modality ─► references_of ─► similarity_table, reference_pairs_above

Stands above the nouns, below deduplication and evaluation. The Numba kernels load on first use.
"""

from biocapil.comparison.all_pairs import AllAgainstAll, ScoredPair, pairs_above, similarity_matrix
from biocapil.comparison.code_candidates import CodeCandidate, CodeCandidateList
from biocapil.comparison.compact import COMPACT_COMPARATOR, CompactTemplates, compact
from biocapil.comparison.compact_references import CompactReferences, search_compact
from biocapil.comparison.compare import compare, compare_pairs
from biocapil.comparison.cylinder_index import (
    CylinderIndex,
    IndexSettings,
    build_index,
    search_indexed,
    strongest_rows,
)
from biocapil.comparison.embedding_pairs import embedding_pairs_above
from biocapil.comparison.embedding_precision import EmbeddingPrecision
from biocapil.comparison.embedding_search import search_embeddings
from biocapil.comparison.explain import explain
from biocapil.comparison.explanation import Explanation, PairedMinutiae, ScoreTerm
from biocapil.comparison.face_references import COMPARATOR as FACE_COMPARATOR
from biocapil.comparison.face_references import FaceProbes, FaceReferences, face_probes
from biocapil.comparison.finger_order import expected_information, most_informative_first
from biocapil.comparison.finger_references import FingerProbes, FingerReferences, finger_probes
from biocapil.comparison.iris_agreement import IrisAgreement, iris_agreement
from biocapil.comparison.iris_references import IrisProbes, IrisReferences, iris_comparator, iris_probes
from biocapil.comparison.merging import MergedImpressions, merge_impressions
from biocapil.comparison.packed import PackedTemplates, join_packed, pack
from biocapil.comparison.packed_bits import BitStrings, PackedBits, pack_bits
from biocapil.comparison.packed_codes import PackedCodes, ThinnedCodes, pack_codes, thin
from biocapil.comparison.packed_embeddings import PackedEmbeddings, pack_embedding_rows, pack_embeddings
from biocapil.comparison.parameters import COMPARATOR
from biocapil.comparison.probe import Probe, prepare_probe
from biocapil.comparison.reference_pairs import (
    comparator_of,
    pair_similarities,
    reference_pairs_above,
    references_of,
    similarity_table,
    usual_turns,
)
from biocapil.comparison.reference_set import FULL_SIZE, GRAIN, FoundPairs, ProbeSet, ReferenceSet
from biocapil.comparison.search import search
from biocapil.comparison.search_bits import search_bits
from biocapil.comparison.search_codes import search_codes
from biocapil.comparison.sign_gates import SignGates, sign_gates_for

__all__ = [
    "COMPACT_COMPARATOR",
    "COMPARATOR",
    "FACE_COMPARATOR",
    "FULL_SIZE",
    "GRAIN",
    "AllAgainstAll",
    "BitStrings",
    "CodeCandidate",
    "CodeCandidateList",
    "CompactReferences",
    "CompactTemplates",
    "CylinderIndex",
    "EmbeddingPrecision",
    "Explanation",
    "FaceProbes",
    "FaceReferences",
    "FingerProbes",
    "FingerReferences",
    "FoundPairs",
    "IndexSettings",
    "IrisAgreement",
    "IrisProbes",
    "IrisReferences",
    "MergedImpressions",
    "PackedBits",
    "PackedCodes",
    "PackedEmbeddings",
    "PackedTemplates",
    "PairedMinutiae",
    "Probe",
    "ProbeSet",
    "ReferenceSet",
    "ScoreTerm",
    "ScoredPair",
    "SignGates",
    "ThinnedCodes",
    "build_index",
    "compact",
    "comparator_of",
    "compare",
    "compare_pairs",
    "embedding_pairs_above",
    "expected_information",
    "explain",
    "face_probes",
    "finger_probes",
    "iris_agreement",
    "iris_comparator",
    "iris_probes",
    "join_packed",
    "merge_impressions",
    "most_informative_first",
    "pack",
    "pack_bits",
    "pack_codes",
    "pack_embedding_rows",
    "pack_embeddings",
    "pair_similarities",
    "pairs_above",
    "prepare_probe",
    "reference_pairs_above",
    "references_of",
    "search",
    "search_bits",
    "search_codes",
    "search_compact",
    "search_embeddings",
    "search_indexed",
    "sign_gates_for",
    "similarity_matrix",
    "similarity_table",
    "strongest_rows",
    "thin",
    "usual_turns",
]
