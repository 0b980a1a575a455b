"""Scans of iris codes: the rule by which probes and references are compared, and what some blocks gave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.code_candidates import CodeCandidate
from biocapil.comparison.code_probe import CodeTables, sliding_words, thinned_table, turn_step
from biocapil.comparison.packed_codes import LANES, PackedCodes, ThinnedCodes
from biocapil.comparison.spans import Span
from biocapil.iris_code import CodeGeometry

if TYPE_CHECKING:
    from biocapil.comparison.kernels.bits import Kept, Probes, References, Rule

TILES = (1, 3, 5, 8, 11)
"""Rotations that the kernels can count at once."""

FEWEST_SHARE = 8
"""By default a comparison needs one in so many of a code's bits."""

MARGIN_PER_STEP = 0.03
"""How far above the threshold stage one still proposes, for each column of `turn_step`: the further apart its
rotations, the further a mate may lie from the nearest. Chosen on made-up codes of 270 to 360 independent
bits, tried on others (docs/decisions/0007-codes-and-bits.md); not yet on codes of real eyes."""

MARGIN_OF_FEW = 0.03
"""What is added where stage one looks at few bits: a small part of a code lies far from the whole."""

FEW_BITS = 512
"""Fewer bits than these are few."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CodeScan:
    """Prepared probes, references, and the rule that they are compared by.

    Attributes:
        rule: What is looked for.
        proposing: Probes and references that all pairs are compared with.
        settling: Those that proposed pairs are compared with in full; the same ones in an exact scan.
    """

    rule: Rule
    proposing: tuple[CodeTables, PackedCodes]
    settling: tuple[CodeTables, PackedCodes]

    @property
    def probes(self) -> int:
        """Number of probes."""
        return len(self.settling[0].code)

    @property
    def work(self) -> int:
        """Vectors of words that comparing one probe with one block takes."""
        return self.proposing[1].geometry.words * self.proposing[0].rotations

    def run(self, span: Span, *, longest: int) -> Kept:
        """Compare some probes with some blocks; a list that is as long as `longest` may lack the weaker."""
        from biocapil.comparison.kernels import bits as kernel

        size = span.probes.stop - span.probes.start
        limit = min(self.rule.limit, longest)
        kept = kept_for(size, min(limit, (span.last - span.first) * LANES))
        kernel.scan_codes(
            span.first,
            span.last,
            self.rule._replace(limit=limit),
            (_probes(self.proposing[0], span.probes), _references(self.proposing[1])),
            (_probes(self.settling[0], span.probes), _references(self.settling[1])),
            kept,
        )
        return kept


def code_scan(
    words: NDArray[np.uint64],
    references: PackedCodes,
    *,
    turns: int,
    threshold: float,
    limit: int | None,
    fewest_bits: int,
    stage_one: ThinnedCodes | None,
    margin: float | None,
) -> CodeScan:
    """Prepare probes for a scan; numbers as for `search_codes`, `words` as of `code_probe.code_words`.

    Raises:
        ValueError: `margin` is below 0.
    """
    from biocapil.comparison.kernels.bits import Rule
    from biocapil.comparison.kernels.compilation import has_wide_vectors

    geometry = references.geometry
    tables = sliding_words(words, geometry, turns=turns)
    proposing, of, step = tables, references, 1
    if stage_one is not None:
        proposing = thinned_table(words, stage_one, turns=turns)
        of = stage_one.codes
        step = turn_step(geometry)
        margin = default_margin(of.geometry.bits, step) if margin is None else margin
        if not margin >= 0:
            raise ValueError(f"margin must be at least 0, got {margin!r}")
    rule = Rule(
        threshold=float(threshold),
        margin=float(margin or 0.0) if stage_one is not None else 0.0,
        fewest=fewest_bits,
        fewest_proposing=max(1, fewest_bits * of.geometry.bits // geometry.bits),
        bits_proposing=of.geometry.words * 64,
        limit=max(1, references.count) if limit is None else limit,
        tile=choose_tile(proposing.rotations),
        turn_step=step,
        two_stage=stage_one is not None,
        bounding=stage_one is None,  # with so few bits the bound rejects too little
        vectors=has_wide_vectors(),
    )
    return CodeScan(rule=rule, proposing=(proposing, of), settling=(tables, references))


def choose_tile(rotations: int) -> int:
    """How many rotations to count at once: fewest in all, where the last tile overlaps the one before."""
    fitting = [tile for tile in TILES if tile <= rotations]
    return min(fitting, key=lambda tile: (-(-rotations // tile) * (tile + 0.5), -tile))


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


def fewest_of(geometry: CodeGeometry) -> int:
    """Valid bits that two codes must share by default."""
    return max(1, geometry.bits // FEWEST_SHARE)


def default_margin(bits: int, step: int) -> float:
    """Margin for a stage one that looks at so many bits of a code, at every so manieth turn."""
    return MARGIN_PER_STEP * step + (MARGIN_OF_FEW if bits < FEW_BITS else 0.0)
