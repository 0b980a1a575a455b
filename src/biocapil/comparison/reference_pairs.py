"""A set of templates of one modality against itself: the one seam of evaluation and deduplication.

    templates ─► references_of ─► ReferenceSet ─┬─► similarity_table           everything with everything
                                                ├─► reference_pairs_above      what is alike, and a histogram
                                                └─► pair_similarities          chosen pairs

Similarities are those that a gallery of the same templates gives, on the scale that calibrations read; of
faces they are computed from the embeddings themselves, where a gallery may keep rounded ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial

import numpy as np
from numpy.typing import NDArray

from biocapil.any_template import Template
from biocapil.comparison.all_pairs import BIN_EDGES, AllAgainstAll, ScoredPair
from biocapil.comparison.face_references import FaceReferences
from biocapil.comparison.finger_references import FingerReferences
from biocapil.comparison.iris_references import IrisReferences
from biocapil.comparison.packed import pack
from biocapil.comparison.packed_codes import pack_codes
from biocapil.comparison.packed_embeddings import pack_embeddings
from biocapil.comparison.reference_set import GRAIN, ReferenceSet
from biocapil.embedding import Embedding
from biocapil.errors import IncompatibleTemplates
from biocapil.iris_code import CodeGeometry, IrisCode
from biocapil.template import FingerprintTemplate
from biocapil.threads import map_in_order

TURN_PARTS = 32
"""An eye may be turned by one part in so many of a full turn either way, 11 degrees: more helped on no set of
real eyes that was looked at, and it makes strangers more alike."""

Progress = Callable[[int, int], None]
"""Called with the comparisons done so far and their total."""


def usual_turns(geometry: CodeGeometry) -> int:
    """Columns that an eye may be turned either way where nobody says otherwise: 8 of 256."""
    return geometry.columns // TURN_PARTS


def references_of(templates: Sequence[Template], *, turns: int | None = None) -> ReferenceSet:
    """Pack templates of one modality and model, so that they can be compared with each other.

    Args:
        templates: At least one.
        turns: Columns that an eye may be turned either way; None for `usual_turns`.

    Raises:
        IncompatibleTemplates: The templates are of different modalities or models.
        ValueError: There is none.
    """
    fingers = [each for each in templates if isinstance(each, FingerprintTemplate)]
    faces = [each for each in templates if isinstance(each, Embedding)]
    irises = [each for each in templates if isinstance(each, IrisCode)]
    held = {"finger": len(fingers), "face": len(faces), "iris": len(irises)}
    if sum(map(bool, held.values())) > 1:
        told = ", ".join(f"{count} of {name}" for name, count in held.items() if count)
        raise IncompatibleTemplates(f"templates of different modalities never compare, got {told}")
    if faces:
        return FaceReferences(packed=pack_embeddings(faces))
    if irises:
        geometry = irises[0].geometry
        return IrisReferences(
            packed=pack_codes(irises), turns=usual_turns(geometry) if turns is None else turns
        )
    return FingerReferences(packed=pack(fingers))


def comparator_of(template: Template) -> str:
    """Version of the comparison that a set of such templates is compared with by default."""
    return references_of([template]).comparator


def similarity_table(
    references: ReferenceSet,
    *,
    exact: bool = True,
    on_progress: Progress | None = None,
    workers: int | None = None,
) -> NDArray[np.float32]:
    """Similarity of each template of a set to each other.

    Args:
        references: The set.
        exact: Compare every pair in full; else those that gates stop count as 0.
        on_progress: Called with the comparisons done so far and their total.
        workers: Threads; by default the budget of the process.

    Returns:
        Shape (N, N), float32, symmetric; memory grows with the square of the set.
    """
    table = np.zeros((len(references), len(references)), np.float32)
    for first, rows in _strips(references, exact=exact, on_progress=on_progress, workers=workers):
        table[first : first + len(rows), first:] = rows
    upper = np.triu(table)
    return np.maximum(upper, upper.T)


def reference_pairs_above(
    references: ReferenceSet,
    *,
    threshold: float,
    kinds: NDArray[np.int64],
    threshold_across: float,
    exact: bool = True,
    on_progress: Progress | None = None,
    workers: int | None = None,
) -> AllAgainstAll:
    """Compare all unordered pairs of a set, as `pairs_above` does for fingers.

    Args:
        references: The set.
        threshold: Smallest similarity of a pair that is returned, above 0.
        kinds: What each template is of, for example which eye. Shape (N,), int64.
        threshold_across: Smallest similarity of a returned pair of two kinds, above 0.
        exact: Compare every pair in full; else those that gates stop count as 0.
        on_progress: Called with the comparisons done so far and their total.
        workers: Threads; by default the budget of the process.

    Raises:
        ValueError: A threshold is not above 0, or not one kind a template.
    """
    for least in (threshold, threshold_across):
        if not least > 0:
            raise ValueError(f"threshold must be above 0, got {least!r}: every pair would be returned")
    count = len(references)
    if kinds.shape != (count,):
        raise ValueError(f"kinds must have the shape ({count},), got {kinds.shape}")
    histogram = np.zeros(len(BIN_EDGES) - 1, np.int64)
    found: list[ScoredPair] = []
    for first, rows in _strips(references, exact=exact, on_progress=on_progress, workers=workers):
        numbers = np.arange(first, first + len(rows))
        later = np.arange(first, count) > numbers[:, None]
        histogram += np.histogram(rows[later], BIN_EDGES)[0]
        least_of = np.where(kinds[numbers][:, None] == kinds[first:], threshold, threshold_across)
        found += [
            ScoredPair(first_row=first + one, second_row=first + other, similarity=float(rows[one, other]))
            for one, other in np.argwhere(later & (rows >= least_of)).tolist()
        ]
    found.sort(key=lambda pair: (-pair.similarity, pair.first_row, pair.second_row))
    return AllAgainstAll(
        pairs=tuple(found), compared=count * (count - 1) // 2, histogram=histogram, bin_edges=BIN_EDGES
    )


def pair_similarities(references: ReferenceSet, pairs: NDArray[np.int32]) -> NDArray[np.float32]:
    """Similarity of chosen pairs of rows. Shape (P, 2) to (P,), float32."""
    firsts, which = np.unique(pairs[:, 0], return_inverse=True)
    return references.similarities(
        references.chosen(firsts.astype(np.int64)), which.astype(np.int64), pairs[:, 1].astype(np.int64)
    )


def _strips(
    references: ReferenceSet, *, exact: bool, on_progress: Progress | None, workers: int | None
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """First row of each strip of `GRAIN` rows, and their similarities to all rows from it on."""
    count = len(references)
    total, done = count * (count - 1) // 2, 0
    starts = range(0, count, GRAIN)
    with closing(map_in_order(partial(_strip, references, exact=exact), starts, workers=workers)) as strips:
        for first, rows in zip(starts, strips, strict=True):
            done += sum(count - 1 - row for row in range(first, first + len(rows)))
            if on_progress is not None:
                on_progress(done, total)
            yield first, rows


def _strip(references: ReferenceSet, first: int, *, exact: bool) -> NDArray[np.float32]:
    count = len(references)
    beyond = min(first + GRAIN, count)
    found = references.scan(references.probes(first, beyond), first, count, exact=exact)
    rows = np.zeros((beyond - first, count - first), np.float32)
    rows[found.probes, found.rows - first] = found.similarities
    return rows
