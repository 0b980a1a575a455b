"""Iris codes as a `ReferenceSet`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.code_probe import code_words
from biocapil.comparison.code_scan import CodeScan, Found, code_scan, fewest_of
from biocapil.comparison.packed_codes import LANES, PackedCodes, ThinnedCodes, interleave, require_alike
from biocapil.comparison.reference_set import (
    FULL_SIZE,
    FoundPairs,
    ProbeSet,
    require_fitting,
    require_stretch,
)
from biocapil.comparison.search_codes import require_thinned
from biocapil.comparison.spans import Span, spans
from biocapil.errors import IncompatibleTemplates
from biocapil.iris_code import CodeGeometry, IrisCode
from biocapil.vocabulary import Modality, ModelId

COMPARATOR = "hamming/2"
"""Version of the similarity: it changes with every rule that changes one."""

FULL_SCALE = 200.0
"""Similarity of codes that are alike in every bit is half of this where the usual bits were compared."""

USUAL_SHARE = 0.3174
"""Share of a code's bits that two pictures of open eyes have in common: 5,200 of 16,384."""

MOST_STRETCH = 1.5
"""More bits than this times the usual ones make no pair surer."""

FIRST_LONGEST = 64
"""Pairs of a probe that there is room for at first."""

ROUNDING = 1e-6
"""What is granted to a threshold before similarities are compared with it as they are returned."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IrisProbes:
    """Iris codes to search for.

    Attributes:
        words: Code and mask of each. Shape (P, 2, geometry.words), uint64.
        geometry: How their bits stand.
        model_id: Model or encoder that made them.
    """

    words: NDArray[np.uint64]
    geometry: CodeGeometry
    model_id: ModelId
    modality = Modality.IRIS

    def __len__(self) -> int:
        return len(self.words)

    def sizes(self) -> NDArray[np.int16]:
        """`FULL_SIZE` for each. Shape (P,), int16."""
        return np.full(len(self), FULL_SIZE, np.int16)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IrisReferences:
    """Packed iris codes that are searched.

    Attributes:
        packed: The codes.
        turns: Columns that an eye may be turned either way, 0 to half of the columns.
        stage_one: `thin` of the codes, by which scans that are not exact look first; None makes all exact.
    """

    packed: PackedCodes
    turns: int
    stage_one: ThinnedCodes | None = None
    modality = Modality.IRIS

    def __post_init__(self) -> None:
        most = self.packed.geometry.columns // 2
        if not 0 <= self.turns <= most:
            raise ValueError(f"turns must lie in 0..{most}, half of the columns, got {self.turns}")
        if self.stage_one is not None:
            require_thinned(self.stage_one, self.packed)

    @property
    def comparator(self) -> str:
        """Version of the comparison; it names the turns, which change what strangers reach."""
        return iris_comparator(self.turns)

    @property
    def model_id(self) -> ModelId:
        """Model or encoder that made them."""
        return self.packed.model_id

    def __len__(self) -> int:
        return len(self.packed)

    def sizes(self) -> NDArray[np.int16]:
        """`FULL_SIZE` for each. Shape (N,), int16."""
        return np.full(len(self), FULL_SIZE, np.int16)

    def probes(self, first: int, last: int) -> IrisProbes:
        """References `first` to `last` as probes."""
        return self.chosen(np.arange(first, last))

    def chosen(self, rows: NDArray[np.int64]) -> IrisProbes:
        """References at some rows as probes."""
        return IrisProbes(words=self._words(rows), geometry=self.packed.geometry, model_id=self.model_id)

    def take(self, rows: NDArray[np.int64]) -> IrisReferences:
        """Copies of some references; without a stage one, which they are too few for."""
        return IrisReferences(packed=self._taken(rows), turns=self.turns)

    def scan(
        self,
        probes: ProbeSet,
        first: int,
        last: int,
        *,
        least: float = 0.0,
        limit: int | None = None,
        exact: bool = True,
    ) -> FoundPairs:
        """See `ReferenceSet.scan`."""
        ready = self._fitting(probes)
        require_stretch(self, first, last, least, limit)
        stage_one = None if exact else self.stage_one
        blocks = range(first // LANES, -(-last // LANES))
        nearest = self._scanned(ready, blocks, least=least, limit=limit, stage_one=stage_one)
        found = nearest.where((nearest.similarities > 0) & (nearest.similarities >= least))
        if limit is None:
            return found
        full = np.flatnonzero(np.bincount(nearest.probes, minlength=len(ready)) >= limit)
        for number in full.tolist():
            mine = found.similarities[found.probes == number]
            weakest = float(mine.min()) if len(mine) == limit else least
            one = replace(ready, words=ready.words[number : number + 1])
            again = self._scanned(one, blocks, least=weakest, limit=None, stage_one=stage_one)
            again = again.where((again.similarities > 0) & (again.similarities >= weakest))
            found = _replaced(found, number, again)
        return found.strongest(limit)

    def _scanned(
        self,
        probes: IrisProbes,
        blocks: range,
        *,
        least: float,
        limit: int | None,
        stage_one: ThinnedCodes | None,
    ) -> FoundPairs:
        """Pairs that may reach a similarity; of each probe the `limit` whose distances are least.

        A pair that compares more bits may be more similar than one whose bits differ less, so that the
        shortest distances are not always the highest similarities: a full list is not yet the answer.
        """
        prepared = self._prepared(probes, self.packed, least=least, limit=limit, stage_one=stage_one)
        parts: list[tuple[int, Found]] = []
        for span in spans(len(probes), len(blocks), work=prepared.work):
            moved = Span(probes=span.probes, first=blocks.start + span.first, last=blocks.start + span.last)
            parts += _found(prepared, moved, limit, everything=not least > 0)
        return _pairs(parts, self.packed.geometry)

    def similarities(
        self, probes: ProbeSet, which: NDArray[np.int64], rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """See `ReferenceSet.similarities`."""
        ready = self._fitting(probes)
        found = np.zeros(len(rows), np.float32)
        numbers: list[int] = np.unique(which).tolist()
        for number in numbers:
            here = np.flatnonzero(which == number)
            chosen = self._taken(rows[here])
            one = replace(ready, words=ready.words[number : number + 1])
            prepared = self._prepared(one, chosen, least=0.0, limit=None, stage_one=None)
            whole = Span(probes=slice(0, 1), first=0, last=len(chosen.blocks))
            pairs = _pairs(_found(prepared, whole, None, everything=True), chosen.geometry)
            found[here[pairs.rows]] = pairs.similarities
        return found

    def _prepared(
        self,
        probes: IrisProbes,
        packed: PackedCodes,
        *,
        least: float,
        limit: int | None,
        stage_one: ThinnedCodes | None,
    ) -> CodeScan:
        return code_scan(
            probes.words,
            packed,
            turns=self.turns,
            threshold=min(0.5, max(0.0, 0.5 - least / FULL_SCALE / MOST_STRETCH**0.5 + ROUNDING)),
            limit=limit,
            fewest_bits=fewest_of(packed.geometry),
            stage_one=stage_one,
            margin=None,
        )

    def _words(self, rows: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Code and mask of some rows. Shape (n, 2, words)."""
        words = self.packed.blocks[rows // LANES, :, :, rows % LANES]
        return np.ascontiguousarray(words.transpose(0, 2, 1))

    def _taken(self, rows: NDArray[np.int64]) -> PackedCodes:
        geometry = self.packed.geometry
        blocks = np.zeros((-(-len(rows) // LANES), geometry.words, 2, LANES), np.uint64)
        interleave(self._words(rows), blocks)
        return PackedCodes.from_blocks(blocks, count=len(rows), geometry=geometry, model_id=self.model_id)

    def _fitting(self, probes: ProbeSet) -> IrisProbes:
        require_fitting(probes, self)
        assert isinstance(probes, IrisProbes)  # noqa: S101  # follows from the modality
        if probes.geometry != self.packed.geometry:
            raise IncompatibleTemplates(
                f"the probes have {probes.geometry}, the references {self.packed.geometry}"
            )
        return probes


def iris_probes(codes: Sequence[IrisCode]) -> IrisProbes:
    """Prepare iris codes of one model and geometry, at least one.

    Raises:
        IncompatibleTemplates: They are of different models or geometries.
        ValueError: There is none.
    """
    if not codes:
        raise ValueError("a search needs at least one iris code, got none")
    geometry, model_id = codes[0].geometry, codes[0].model_id
    require_alike(codes, geometry, model_id)
    return IrisProbes(words=code_words(codes, geometry), geometry=geometry, model_id=model_id)


def iris_comparator(turns: int) -> str:
    """Version of the comparison of irises that may be turned by so many columns either way."""
    return f"{COMPARATOR}/{turns}"


def normalised_distance(
    dissimilarity: NDArray[np.floating], compared: NDArray[np.integer], geometry: CodeGeometry
) -> NDArray[np.float64]:
    """Fractional Hamming distance as if `USUAL_SHARE` of a code's bits had been compared.

    The fewer bits two strangers share, the further their distance strays from a half; drawn towards or away
    from a half by the root of the bits, one threshold means the same rate whatever was covered.

    Args:
        dissimilarity: Differing by compared bits.
        compared: Compared bits. Same shape.
        geometry: How the codes' bits stand.

    Reference: J. Daugman, New methods in iris recognition, IEEE SMC-B 37(5), 2007,
    doi:10.1109/TSMCB.2007.903540, section VII.
    """
    share = compared / (USUAL_SHARE * geometry.bits)
    stretch = np.sqrt(np.minimum(share, MOST_STRETCH))
    normalised: NDArray[np.float64] = 0.5 - (0.5 - dissimilarity.astype(np.float64)) * stretch
    return normalised


def iris_similarity(distance: NDArray[np.floating]) -> NDArray[np.float32]:
    """Similarity of a normalised distance: 100 for equal codes with the usual bits, 0 from 0.5 on."""
    similarity: NDArray[np.float32] = np.maximum(0.0, FULL_SCALE * (0.5 - distance)).astype(np.float32)
    return similarity


def _found(prepared: CodeScan, span: Span, limit: int | None, *, everything: bool) -> list[tuple[int, Found]]:
    """What each probe of a span found; those for whom the room was too small are searched for again."""
    wanted = prepared.rule.limit
    at_first = wanted if everything else FIRST_LONGEST
    longest = min(wanted, at_first if limit is None else limit)
    kept = prepared.run(span, longest=longest)
    found: list[tuple[int, Found]] = []
    for place, number in enumerate(range(span.probes.start, span.probes.stop)):
        if limit is None and longest < wanted and kept.found[place] >= longest:
            again = Span(probes=slice(number, number + 1), first=span.first, last=span.last)
            found.append((number, Found.of(prepared.run(again, longest=wanted), 0)))
        else:
            found.append((number, Found.of(kept, place)))
    return found


def _replaced(found: FoundPairs, number: int, again: FoundPairs) -> FoundPairs:
    """The pairs with those of one probe exchanged for those of another scan."""
    before, after = found.probes < number, found.probes > number
    numbers = np.full(len(again), number, np.int64)
    return FoundPairs(
        probes=np.concatenate([found.probes[before], numbers, found.probes[after]]),
        rows=np.concatenate([found.rows[before], again.rows, found.rows[after]]),
        similarities=np.concatenate(
            [found.similarities[before], again.similarities, found.similarities[after]]
        ),
    )


def _pairs(parts: Sequence[tuple[int, Found]], geometry: CodeGeometry) -> FoundPairs:
    numbers = np.concatenate(
        [np.empty(0, np.int64), *(np.full(len(each.rows), number, np.int64) for number, each in parts)]
    )
    joined = Found.merged([each for _, each in parts])
    order = np.lexsort((joined.rows, numbers))
    compared = joined.compared[order]
    distances = normalised_distance(joined.differing[order] / np.maximum(compared, 1), compared, geometry)
    return FoundPairs(probes=numbers[order], rows=joined.rows[order], similarities=iris_similarity(distances))
