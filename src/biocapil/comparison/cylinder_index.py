"""`CylinderIndex`: which references are worth comparing, told from hashes of their minutiae.

    PackedTemplates ─► build_index ─► CylinderIndex ─┐
    probe ───────────────────────────────────────────┴─► scores ─► candidate rows ─► exact comparison

A stage before the cascade for galleries of which even the gated scan takes too long, and for several
fingers: of one finger alone it finds too little. It is optional and it loses people: its recall stands
beside its speed in `benchmarks/results/finger_index.json`, with the exact scan as reference.

Each minutia gets a number of hashes. One is the place of the first set bit of its cylinder in a fixed random
order of bits, so that two cylinders have the same with a chance equal to the share of set bits that they
have in common (MinHash; Broder, 1997, doi:10.1109/SEQUEN.1997.666900). A few of them together with the
sector of its direction are the key of one table. The probe asks for its own sector and those around it, one
rotation after the other. A reference gets for each shared bucket how rare that is; what counts is the best
of two neighbouring rotations, over the root of what the reference would get from anybody. Scores of several
fingers of a person are added.

The idea of indexing cylinders by hashes of their bits is that of Cappelli, Ferrara, Maltoni, 2011,
doi:10.1109/TPAMI.2010.228.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from biocapil.candidates import Candidate, CandidateList
from biocapil.comparison.layout import GRID, LAYERS, MAX_MINUTIAE, POSE_WORD, TURN
from biocapil.comparison.packed import PackedTemplates
from biocapil.comparison.probe import Probe, prepare_probe
from biocapil.comparison.search import require_search, scan
from biocapil.errors import IncompatibleTemplates
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ModelId

BITS_LOOKED_AT = 254
"""Bits of an order; hardly any cylinder has none of them."""

MIXER = np.uint64(0x9E3779B97F4A7C15)
FINISHER = np.uint64(0xBF58476D1CE4E5B9)
ENTRIES_A_BUCKET = 4
"""Mean size of a bucket at least: fewer would make the begins of the buckets larger than their entries."""

MOST_ENTRIES = 2**32 - 1

LEAST_EXPECTED = 0.01
"""Added to what a reference would get from anybody, so that nothing is divided by nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSettings:
    """How minutiae are hashed.

    Attributes:
        tables: Tables, 1 to 64: each costs 4 to 6 bytes a minutia and finds more.
        hashes: Hashes of a key, 1 to 16: more make buckets smaller and find less.
        rows: Minutiae of a reference that are entered, the best, at least 1.
        sectors: Sectors of direction, 8 to 64.
        turned: Sectors that a finger may be turned either way, below half of them.
        common: Buckets of more than 2^-common of all entries say nothing, 1 to 30.
        seed: Of the orders of bits.
    """

    tables: int = 8
    hashes: int = 4
    rows: int = 37
    sectors: int = 16
    turned: int = 3
    common: int = 8
    seed: int = 1

    def __post_init__(self) -> None:
        limits = {
            "tables": (1, 64),
            "hashes": (1, 16),
            "rows": (1, MAX_MINUTIAE),
            "sectors": (8, 64),
            "turned": (0, self.sectors // 2 - 1),
            "common": (1, 30),
            "seed": (0, MOST_ENTRIES),
        }
        for name, (least, most) in limits.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} must lie in {least}..{most}, got {getattr(self, name)}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CylinderIndex:
    """Tables over the minutiae of packed templates of one model.

    Attributes:
        offsets: Bucket b of table t owns entries ``offsets[t, b]:offsets[t, b + 1]``. Shape (T, buckets + 1),
            uint32.
        entries: Rows of references, bucket after bucket. Shape (T, minutiae), uint32.
        expected: What a probe like any other would give each reference. Shape (N,), float32.
        model_id: Model that made them.
        settings: How they were hashed.
    """

    offsets: NDArray[np.uint32]
    entries: NDArray[np.uint32]
    expected: NDArray[np.float32]
    model_id: ModelId
    settings: IndexSettings

    def __len__(self) -> int:
        return len(self.expected)

    def __repr__(self) -> str:
        return f"CylinderIndex({len(self)} references, {self.nbytes} bytes, model {self.model_id})"

    @property
    def nbytes(self) -> int:
        """Bytes of the tables."""
        return self.offsets.nbytes + self.entries.nbytes + self.expected.nbytes

    def scores(self, probe: Probe) -> NDArray[np.float32]:
        """How much each reference shares with a probe, 0 or more. Shape (N,), float32.

        Raises:
            IncompatibleTemplates: The probe is of another model.
        """
        from biocapil.comparison.kernels.cylinder_hash import add_rarities, keep_largest

        if probe.model_id != self.model_id:
            raise IncompatibleTemplates(
                f"the probe was made by {probe.model_id}, the index by {self.model_id}; "
                "templates of different models never compare: extract both with one model"
            )
        settings, buckets = self.settings, self.offsets.shape[1] - 1
        keys = _keys(probe.rows, settings)
        before, now = np.zeros((2, len(self)), np.uint16)
        best = np.zeros(len(self), np.uint32)
        for turn in range(-settings.turned, settings.turned + 1):
            numbers = _buckets(keys, probe.rows, settings, buckets, turned=turn)
            for table in range(settings.tables):
                add_rarities(numbers[table], self.offsets[table], self.entries[table], settings.common, now)
            keep_largest(before, now, best)
            before, now = now, before
        scaled = best / np.sqrt(self.expected + np.float32(LEAST_EXPECTED))
        found: NDArray[np.float32] = scaled.astype(np.float32)
        return found


def build_index(packed: PackedTemplates, settings: IndexSettings | None = None) -> CylinderIndex:
    """Enter packed templates into tables.

    Args:
        packed: The references; row r of the index is template r.
        settings: How they are hashed; by default those of `IndexSettings`.

    Raises:
        ValueError: There are more minutiae than 32 bits can number.
    """
    from biocapil.comparison.kernels.cylinder_hash import expect_scores, fill_buckets

    chosen = settings or IndexSettings()
    sizes = np.diff(packed.offsets)
    entered = np.arange(len(packed.words)) - np.repeat(packed.offsets[:-1], sizes) < chosen.rows
    owners = np.repeat(np.arange(len(packed), dtype=np.uint32), sizes)[entered]
    rows = packed.words if entered.all() else packed.words[entered]
    if len(rows) > MOST_ENTRIES:
        raise ValueError(f"an index holds at most {MOST_ENTRIES} minutiae, got {len(rows)}: build several")
    count = 1 << max(4, (len(rows) // ENTRIES_A_BUCKET).bit_length())
    offsets = np.zeros((chosen.tables, count + 1), np.uint32)
    entries = np.empty((chosen.tables, len(rows)), np.uint32)
    expected = np.zeros(len(packed), np.float64)
    numbers = bucket_numbers(rows, chosen, count)
    for table in range(chosen.tables):
        fill_buckets(numbers[table], owners, offsets[table], entries[table])
        expect_scores(offsets[table], entries[table], chosen.common, expected)
    return CylinderIndex(
        offsets=offsets,
        entries=entries,
        expected=expected.astype(np.float32),
        model_id=packed.model_id,
        settings=chosen,
    )


def bucket_numbers(
    rows: NDArray[np.uint64], settings: IndexSettings, buckets: int, *, turned: int = 0
) -> NDArray[np.uint32]:
    """Bucket of each packed minutia in each table.

    Args:
        rows: Packed minutiae. Shape (n, 8).
        settings: How they are hashed.
        buckets: Buckets of a table, a power of two.
        turned: Sectors that are added to that of its direction.

    Returns:
        Shape (tables, n), uint32.
    """
    return _buckets(_keys(rows, settings), rows, settings, buckets, turned=turned)


def _keys(rows: NDArray[np.uint64], settings: IndexSettings) -> NDArray[np.uint64]:
    """Hashes of each minutia in each table, mixed to one number. Shape (tables, n), uint64."""
    from biocapil.comparison.kernels.cylinder_hash import hash_cylinders

    hashes = np.empty((len(rows), settings.tables * settings.hashes), np.uint8)
    hash_cylinders(rows, _orders(settings), hashes)
    keys = np.zeros((settings.tables, len(rows)), np.uint64)
    for place in range(settings.hashes):
        keys = (keys ^ hashes[:, place :: settings.hashes].T.astype(np.uint64)) * MIXER
        keys ^= keys >> np.uint64(29)
    return keys


def _buckets(
    keys: NDArray[np.uint64],
    rows: NDArray[np.uint64],
    settings: IndexSettings,
    buckets: int,
    *,
    turned: int,
) -> NDArray[np.uint32]:
    """Buckets of keys and sectors. Shape (tables, n), uint32."""
    turns = ((rows[:, POSE_WORD] >> np.uint64(32)) & np.uint64(TURN - 1)).astype(np.int64)
    sectors = ((turns * settings.sectors // TURN + turned) % settings.sectors).astype(np.uint64)
    mixed = (keys ^ (sectors + np.uint64(1))) * FINISHER
    return ((mixed >> np.uint64(32)) & np.uint64(buckets - 1)).astype(np.uint32)


def strongest_rows(scores: NDArray[np.float32], *, limit: int) -> NDArray[np.int64]:
    """Rows of the largest scores above 0, at most so many; ties go to the smaller row.

    Args:
        scores: Of one finger, or the sum over several. Shape (N,).
        limit: Most rows, at least 1.

    Returns:
        In rising order. Shape (at most `limit`,), int64.

    Raises:
        ValueError: `limit` is smaller than 1.
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    rows = np.flatnonzero(scores > 0)
    if len(rows) > limit:
        bar = np.partition(scores[rows], len(rows) - limit)[len(rows) - limit]
        above, at = rows[scores[rows] > bar], rows[scores[rows] == bar]
        rows = np.sort(np.concatenate([above, at[: limit - len(above)]]))
    return rows


def search_indexed(
    probe: Probe | FingerprintTemplate,
    gallery: PackedTemplates,
    index: CylinderIndex,
    *,
    compared: int,
    limit: int = 10,
    threshold: float = 0.0,
    workers: int | None = None,
) -> CandidateList:
    """Compare a probe in full with the references that an index proposes.

    Args:
        probe: What to search for; a template is prepared first.
        gallery: References.
        index: Built from the gallery.
        compared: Most references that are compared.
        limit: Longest candidate list, at least 1.
        threshold: Smallest similarity of a candidate.
        workers: Threads; by default the budget of the process.

    Returns:
        Candidates as an exact `search` would rank them; `searched` says how many references were compared.

    Raises:
        IncompatibleTemplates: Probe, gallery and index are not of one model.
        ValueError: The index has another number of references, or a number is out of range.
    """
    require_search(limit=limit, threshold=threshold)
    if len(index) != len(gallery):
        raise ValueError(f"the index is of {len(index)} references, the gallery has {len(gallery)}")
    prepared = probe if isinstance(probe, Probe) else prepare_probe(probe)
    rows = strongest_rows(index.scores(prepared), limit=compared)
    similarities = scan(prepared, gallery.take(rows), exact=True, workers=workers).similarities
    found = np.flatnonzero((similarities > 0) & (similarities >= threshold))
    order = found[np.argsort(-similarities[found], kind="stable")][:limit]
    candidates = tuple(
        Candidate(row=int(rows[place]), similarity=float(similarities[place])) for place in order
    )
    return CandidateList(candidates=candidates, searched=len(rows), passed_gates=(len(rows), len(rows)))


@cache
def _orders(settings: IndexSettings) -> NDArray[np.int64]:
    """Random orders of the bits inside the circle. Shape (tables x hashes, 254), int64."""
    row, column = np.divmod(np.arange(GRID * GRID), GRID)
    half = (GRID - 1) / 2
    cells = np.flatnonzero((row - half) ** 2 + (column - half) ** 2 <= (GRID / 2) ** 2)
    bits = (np.arange(LAYERS)[:, None] * GRID * GRID + cells).ravel()
    rng = np.random.default_rng(settings.seed)
    orders = [rng.permutation(bits)[:BITS_LOOKED_AT] for _ in range(settings.tables * settings.hashes)]
    return np.array(orders, np.int64)
