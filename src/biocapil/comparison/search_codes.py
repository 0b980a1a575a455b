"""1:N search of iris codes: exact, or in two stages that look at a few columns first.

probes ─► sliding words ──────────────────► scan of all references ─► candidates
probes ─► thinned table ─► scan of the kept columns ─► proposed pairs ─► settled with sliding words
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.code_candidates import CodeCandidate, CodeCandidateList
from biocapil.comparison.code_probe import CodeTables, sliding_words, thinned_table
from biocapil.comparison.packed_codes import LANES, PackedCodes, ThinnedCodes, require_alike
from biocapil.comparison.spans import Span, run_spans, spans
from biocapil.errors import IncompatibleTemplates
from biocapil.iris_code import IrisCode

if TYPE_CHECKING:
    from biocapil.comparison.kernels.bits import Kept, Probes, References, Rule

TILES = (1, 3, 5, 8, 11)
"""Rotations that the kernels can count at once."""

FEWEST_SHARE = 8
"""By default a comparison needs one in so many of a code's bits."""

MARGINS = ((3200, 0.015), (1600, 0.03), (0, 0.06))
"""How far above the threshold stage one still proposes, by the bits that it looks at: the fewer, the further
a part of a code may lie from the whole. Chosen on synthetic codes, not yet on codes of real eyes."""


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
        margin: How far above the threshold stage one still proposes, at least 0; by default 0.015 where it
            looks at 3,200 bits or more, 0.03 from 1,600 on, else 0.06.
        workers: Threads; by default the budget of the process.

    Returns:
        A candidate list for each probe, in their order.

    Raises:
        IncompatibleTemplates: Codes are of different models or geometries.
        ValueError: A number lies outside its range, or `stage_one` was not made of the references.

    Reference: J. Daugman, How iris recognition works, 2004, doi:10.1109/TCSVT.2003.818350, equation 1.
    """
    from biocapil.comparison.kernels import bits as kernel
    from biocapil.comparison.kernels.compilation import has_wide_vectors

    geometry = references.geometry
    require_alike(probes, geometry, references.model_id)
    fewest = max(1, geometry.bits // FEWEST_SHARE) if fewest_bits is None else fewest_bits
    _require_numbers(turns, geometry.columns, threshold, limit, fewest)
    if not probes:
        return ()
    tables = sliding_words(probes, geometry, turns=turns)
    proposing, of = tables, references
    if stage_one is not None:
        _require_thinned(stage_one, references)
        proposing = thinned_table(probes, geometry, turns=turns, every=stage_one.every)
        of = stage_one.codes
        margin = default_margin(stage_one.codes.geometry.bits) if margin is None else margin
        if not margin >= 0:
            raise ValueError(f"margin must be at least 0, got {margin!r}")
    rule = kernel.Rule(
        threshold=float(threshold),
        margin=float(margin or 0.0) if stage_one is not None else 0.0,
        fewest=fewest,
        fewest_proposing=max(1, fewest // (1 if stage_one is None else stage_one.every)),
        bits_proposing=of.geometry.words * 64,
        limit=max(1, references.count) if limit is None else limit,
        tile=choose_tile(proposing.rotations),
        two_stage=stage_one is not None,
        bounding=True,
        vectors=has_wide_vectors(),
    )
    return _search(rule, (proposing, of), (tables, references), turns, workers)


def choose_tile(rotations: int) -> int:
    """How many rotations to count at once: fewest in all, where the last tile overlaps the one before."""
    fitting = [tile for tile in TILES if tile <= rotations]
    return min(fitting, key=lambda tile: (-(-rotations // tile) * (tile + 0.5), -tile))


def _search(
    rule: Rule,
    proposing: tuple[CodeTables, PackedCodes],
    settling: tuple[CodeTables, PackedCodes],
    turns: int,
    workers: int | None,
) -> tuple[CodeCandidateList, ...]:
    """Run the kernel over all spans and put what it found together."""
    from biocapil.comparison.kernels import bits as kernel

    count, limit = settling[1].count, rule.limit
    probes = len(settling[0].code)

    def run(span: Span) -> Kept:
        size = span.probes.stop - span.probes.start
        kept = kept_for(size, min(limit, (span.last - span.first) * LANES))
        kernel.scan_codes(
            span.first,
            span.last,
            rule,
            (_probes(proposing[0], span.probes), _references(proposing[1])),
            (_probes(settling[0], span.probes), _references(settling[1])),
            kept,
        )
        return kept

    work = proposing[1].geometry.words * proposing[0].rotations
    todo = list(spans(probes, len(settling[1].blocks), work=work))
    found: list[list[Found]] = [[] for _ in range(probes)]
    tallies = np.zeros((2, probes), np.int64)
    for span, kept in run_spans(run, todo, workers=workers):
        tallies[:, span.probes] += kept.not_comparable, kept.settled
        for p, index in enumerate(range(span.probes.start, span.probes.stop)):
            found[index].append(Found.of(kept, p))
    return tuple(
        CodeCandidateList(
            candidates=tuple(Found.merged(parts).candidates(limit, turns)),
            searched=count,
            not_comparable=int(tallies[0, index]),
            settled=int(tallies[1, index]),
        )
        for index, parts in enumerate(found)
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """References that one probe found in some blocks. Each of shape (n,)."""

    rows: NDArray[np.int64]
    differing: NDArray[np.int32]
    compared: NDArray[np.int32]
    rotation: NDArray[np.int32]

    @classmethod
    def of(cls, kept: Kept, p: int) -> Found:
        """What a kernel kept for one probe."""
        count = int(kept.found[p])
        return cls(
            rows=kept.rows[p, :count].copy(),
            differing=kept.differing[p, :count].copy(),
            compared=kept.compared[p, :count].copy(),
            rotation=kept.rotation[p, :count].copy(),
        )

    @classmethod
    def merged(cls, parts: Sequence[Found]) -> Found:
        """All of some parts."""
        return cls(
            rows=np.concatenate([part.rows for part in parts] or [np.empty(0, np.int64)]),
            differing=np.concatenate([part.differing for part in parts] or [np.empty(0, np.int32)]),
            compared=np.concatenate([part.compared for part in parts] or [np.empty(0, np.int32)]),
            rotation=np.concatenate([part.rotation for part in parts] or [np.empty(0, np.int32)]),
        )

    def candidates(self, limit: int, turns: int) -> Iterator[CodeCandidate]:
        """The best of them; fractions of so small counts are equal as numbers only where they are equal."""
        order = np.lexsort((self.rows, self.differing / np.maximum(self.compared, 1)))[:limit]
        for k in order:
            yield CodeCandidate(
                row=int(self.rows[k]),
                differing_bits=int(self.differing[k]),
                compared_bits=int(self.compared[k]),
                turn=int(self.rotation[k]) - turns,
            )


def kept_for(probes: int, longest: int) -> Kept:
    """Room for what a kernel keeps."""
    from biocapil.comparison.kernels.bits import Kept

    return Kept(
        rows=np.empty((probes, longest), np.int64),
        differing=np.empty((probes, longest), np.int32),
        compared=np.empty((probes, longest), np.int32),
        rotation=np.empty((probes, longest), np.int32),
        found=np.zeros(probes, np.int64),
        not_comparable=np.zeros(probes, np.int64),
        settled=np.zeros(probes, np.int64),
    )


def _probes(tables: CodeTables, some: slice) -> Probes:
    from biocapil.comparison.kernels.bits import Probes

    return Probes(
        tables.code[some], tables.mask[some], tables.valid_bits[some], tables.stride, tables.rotations
    )


def _references(packed: PackedCodes) -> References:
    from biocapil.comparison.kernels.bits import References

    return References(packed.blocks, packed.valid_bits, packed.count)


def default_margin(bits: int) -> float:
    """Margin for a stage one that looks at so many bits of a code."""
    return next(margin for least, margin in MARGINS if bits >= least)


def _require_numbers(turns: int, columns: int, threshold: float, limit: int | None, fewest: int) -> None:
    if not 0 <= turns <= columns // 2:
        raise ValueError(f"turns must lie in 0..{columns // 2}, half of the columns, got {turns}")
    if not 0 <= threshold <= 1:
        raise ValueError(f"threshold must be a dissimilarity from 0 to 1, got {threshold!r}")
    if limit is not None and limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    if fewest < 1:
        raise ValueError(f"fewest_bits must be at least 1, got {fewest}")


def _require_thinned(stage_one: ThinnedCodes, references: PackedCodes) -> None:
    if stage_one.codes.model_id != references.model_id:
        raise IncompatibleTemplates(
            f"stage_one was made by {stage_one.codes.model_id}, the references by {references.model_id}"
        )
    if stage_one.of_geometry != references.geometry or len(stage_one.codes) != len(references):
        raise ValueError(
            f"stage_one must be made of the references by thin: it holds {len(stage_one.codes)} codes of "
            f"{stage_one.of_geometry}, the references {len(references)} of {references.geometry}"
        )
