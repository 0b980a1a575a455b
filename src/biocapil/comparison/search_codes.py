"""1:N search of iris codes: exact, or in two stages that look at a few columns first.

probes ─► sliding words ──────────────────► scan of all references ─► candidates
probes ─► thinned table ─► scan of the kept columns ─► proposed pairs ─► settled with sliding words
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from biocapil.comparison.code_candidates import CodeCandidateList
from biocapil.comparison.code_probe import code_words
from biocapil.comparison.code_scan import CodeScan, Found, code_scan, fewest_of
from biocapil.comparison.packed_codes import PackedCodes, ThinnedCodes, require_alike
from biocapil.comparison.spans import run_spans, spans
from biocapil.errors import IncompatibleTemplates
from biocapil.iris_code import IrisCode


def search_codes(
    probes: Sequence[IrisCode],
    references: PackedCodes,
    *,
    turns: int,
    threshold: float = 1.0,
    limit: int | None = 10,
    fewest_bits: int | None = None,
    stage_one: ThinnedCodes | None = None,
    margin: float | None = None,
    workers: int | None = None,
) -> tuple[CodeCandidateList, ...]:
    """Find the references least different from each probe, at the best turn of the eye.

    The dissimilarity is the fractional Hamming distance: of the bits that are valid in both codes, the share
    that differs. The candidates do not depend on the number of threads.

    Args:
        probes: What to search for.
        references: What to search in.
        turns: Columns that the eye may be turned either way, 0 to half of the columns.
        threshold: Largest dissimilarity of a candidate, 0 to 1.
        limit: Longest candidate list, at least 1; None for all within the threshold.
        fewest_bits: Valid bits that two codes must share at a turn to be compared there, at least 1; by
            default an eighth of the bits of a code.
        stage_one: `thin` of the references, for a two-stage search; None for an exact one.
        margin: How far above the threshold stage one still proposes, at least 0; by default 0.03 for each
            column between the turns that it looks at, and 0.03 more where it looks at fewer than 512 bits.
        workers: Threads; by default the budget of the process.

    Returns:
        A candidate list for each probe, in their order.

    Raises:
        IncompatibleTemplates: Codes are of different models or geometries.
        ValueError: A number lies outside its range, or `stage_one` was not made of the references.

    Reference: J. Daugman, How iris recognition works, 2004, doi:10.1109/TCSVT.2003.818350, equation 1.
    """
    geometry = references.geometry
    require_alike(probes, geometry, references.model_id)
    fewest = fewest_of(geometry) if fewest_bits is None else fewest_bits
    _require_numbers(turns, geometry.columns, threshold, limit, fewest)
    if stage_one is not None:
        require_thinned(stage_one, references)
    if not probes:
        return ()
    prepared = code_scan(
        code_words(probes, geometry),
        references,
        turns=turns,
        threshold=threshold,
        limit=limit,
        fewest_bits=fewest,
        stage_one=stage_one,
        margin=margin,
    )
    return _search(prepared, references, turns, workers)


def _search(
    prepared: CodeScan, references: PackedCodes, turns: int, workers: int | None
) -> tuple[CodeCandidateList, ...]:
    """Run the kernel over all spans and put what it found together."""
    limit = prepared.rule.limit
    todo = list(spans(prepared.probes, len(references.blocks), work=prepared.work))
    found: list[list[Found]] = [[] for _ in range(prepared.probes)]
    tallies = np.zeros((2, prepared.probes), np.int64)
    for span, kept in run_spans(partial(prepared.run, longest=limit), todo, workers=workers):
        tallies[:, span.probes] += kept.not_comparable, kept.settled
        for p, index in enumerate(range(span.probes.start, span.probes.stop)):
            found[index].append(Found.of(kept, p))
    return tuple(
        CodeCandidateList(
            candidates=tuple(Found.merged(parts).candidates(limit, turns)),
            searched=references.count,
            not_comparable=int(tallies[0, index]),
            settled=int(tallies[1, index]),
        )
        for index, parts in enumerate(found)
    )


def _require_numbers(turns: int, columns: int, threshold: float, limit: int | None, fewest: int) -> None:
    if not 0 <= turns <= columns // 2:
        raise ValueError(f"turns must lie in 0..{columns // 2}, half of the columns, got {turns}")
    if not 0 <= threshold <= 1:
        raise ValueError(f"threshold must be a dissimilarity from 0 to 1, got {threshold!r}")
    if limit is not None and limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    if fewest < 1:
        raise ValueError(f"fewest_bits must be at least 1, got {fewest}")


def require_thinned(stage_one: ThinnedCodes, references: PackedCodes) -> None:
    """Refuse thinned codes that were not made of these references.

    Raises:
        IncompatibleTemplates: They are of another model.
        ValueError: They are others.
    """
    if stage_one.codes.model_id != references.model_id:
        raise IncompatibleTemplates(
            f"stage_one was made by {stage_one.codes.model_id}, the references by {references.model_id}"
        )
    if stage_one.of_geometry != references.geometry or len(stage_one.codes) != len(references):
        raise ValueError(
            f"stage_one must be made of the references by thin: it holds {len(stage_one.codes)} codes of "
            f"{stage_one.of_geometry}, the references {len(references)} of {references.geometry}"
        )
