"""Comparison: packed templates, one probe against one reference or against many.

    FingerprintTemplate ─► pack ─► PackedTemplates ─┐
                                                    ├─► search, pairs_above ─► candidates, pairs
    FingerprintTemplate ─► prepare_probe ─► Probe ──┘
                           compare, explain: one against one

    Embedding ─► pack_embeddings ─► PackedEmbeddings ─► search_embeddings, embedding_pairs_above

Stands above the nouns, below deduplication and evaluation. The Numba kernels load on first use.
"""

from biocapil.comparison.all_pairs import AllAgainstAll, ScoredPair, pairs_above, similarity_matrix
from biocapil.comparison.compare import compare, compare_pairs
from biocapil.comparison.embedding_pairs import embedding_pairs_above
from biocapil.comparison.embedding_search import search_embeddings
from biocapil.comparison.explain import explain
from biocapil.comparison.explanation import Explanation, PairedMinutiae, ScoreTerm
from biocapil.comparison.packed import PackedTemplates, pack
from biocapil.comparison.packed_embeddings import (
    EmbeddingPrecision,
    PackedEmbeddings,
    pack_embedding_rows,
    pack_embeddings,
)
from biocapil.comparison.parameters import COMPARATOR
from biocapil.comparison.probe import Probe, prepare_probe
from biocapil.comparison.search import search

__all__ = [
    "COMPARATOR",
    "AllAgainstAll",
    "EmbeddingPrecision",
    "Explanation",
    "PackedEmbeddings",
    "PackedTemplates",
    "PairedMinutiae",
    "Probe",
    "ScoreTerm",
    "ScoredPair",
    "compare",
    "compare_pairs",
    "embedding_pairs_above",
    "explain",
    "pack",
    "pack_embedding_rows",
    "pack_embeddings",
    "pairs_above",
    "prepare_probe",
    "search",
    "search_embeddings",
    "similarity_matrix",
]
