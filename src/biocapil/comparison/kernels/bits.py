"""Kernels: binary codes against many, eight references at a time.

    layout    eight references interleaved word by word, so that one lane of a vector is one reference:
              no sums across lanes, and a threshold is tested for eight at once
              codes with mask   [block][word][code, mask][lane]
              plain bits        [block][word][lane]
    propose   a few rotations of the probe against one block, all counts in registers; only the lanes that
              may lie within the threshold leave it
    settle    one proposed reference, eight rotations a vector: exact counts and the best rotation; in a
              two-stage scan first only the eight around a rotation that stage one proposes

Rotations are places in one table: for a probe in sliding words, entry i holds the 64 bits that begin
at column i, so that rotation r of word w is entry ``w * stride + r`` for all widths of a column.

Thresholds are compared as integers, 16 binary places. What is proposed is always a superset; what is
settled is exact. Where every pair of a block is sure to have enough valid bits, the compared bits need not be
counted to reject: they are at most the valid bits of either side. That bound is used for as long as it
rejects nearly all.

Every block asks for the cache lines of the next one while it is compared: the processor's own guess comes
too late at the borders of blocks, which costs a third of the speed where references come from memory.

Addresses are read with the alignment of one word: numpy promises no more. The vectors are eight words wide
on every processor; LLVM makes of them what it has (vpopcntq, a byte shuffle). Where that gains nothing, and
without a compiler, the plain twins below do the same: `Rule.vectors` chooses. All of it in plain numpy is
`biocapil.comparison.reference.bits`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, overload
from numpy.typing import NDArray

from biocapil.comparison.kernels.compilation import kernel

LANES = 8
"""References of a block."""

GROUP = 16
"""Rotations that `weigh` counts at once: two vectors. Tables of probes are padded to a multiple."""

ONE = 65536
"""1.0 as a threshold with 16 binary places."""

L2_BYTES = 256 * 1024
"""Bytes of references that all probes of a batch are compared with before the next are read."""

TRIAL = 16
"""Blocks after which the bound is judged."""

WORTHWHILE = 8
"""The bound is given up where more than one reference in so many had to be looked at again; a block of which
the compared bits were counted after all stands for eight."""

FEW = 2
"""References of a block that are settled at once where the bound does not reject them; of more, the compared
bits are counted first."""

WORD = ir.IntType(64)
BYTE = ir.IntType(8)
VECTOR = ir.VectorType(WORD, LANES)
ZERO = ir.Constant(VECTOR, [0] * LANES)
LOW = ir.Constant(VECTOR, [0xFFFFFFFF] * LANES)
FRACTION = ir.Constant(VECTOR, [16] * LANES)


def _word(value: int) -> Any:
    return ir.Constant(WORD, value)


def _load(builder: Any, address: Any, offset: int, kind: Any) -> Any:
    place = builder.add(address, _word(offset)) if offset else address
    pointer = builder.inttoptr(place, ir.PointerType(kind))
    return builder.load(pointer, align=8)


def _store(builder: Any, value: Any, address: Any, offset: int) -> None:
    pointer = builder.inttoptr(builder.add(address, _word(offset)), ir.PointerType(value.type))
    builder.store(value, pointer, align=8)


def _fetch_ahead(builder: Any, address: Any) -> Any:
    """Ask for the cache line of an address; one that is not there does no harm."""
    number = ir.IntType(32)
    pointer = ir.PointerType(BYTE)
    function = cast("Any", cgutils).get_or_insert_function(
        builder.module, ir.FunctionType(ir.VoidType(), [pointer, number, number, number]), "llvm.prefetch.p0"
    )
    read, near, data = (ir.Constant(number, value) for value in (0, 3, 1))
    builder.call(function, [builder.inttoptr(address, pointer), read, near, data])


def _spread(builder: Any, word: Any) -> Any:
    """One word in all lanes."""
    undefined = ir.Constant(VECTOR, cast("Any", ir).Undefined)
    first = builder.insert_element(undefined, word, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(
        first, undefined, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    )


def _count(builder: Any, vector: Any) -> Any:
    """Set bits of each lane."""
    function = cast("Any", cgutils).get_or_insert_function(
        builder.module, ir.FunctionType(VECTOR, [VECTOR]), "llvm.ctpop.v8i64"
    )
    return builder.call(function, [vector])


def _sum_over_words(builder: Any, words: Any, sums: int, body: Callable[[Any, list[Any]], list[Any]]) -> Any:
    """Loop ``for w in range(words)`` with so many vectors carried along; words is at least 1."""
    before = builder.block
    loop = builder.append_basic_block("words")
    after = builder.append_basic_block("counted")
    builder.branch(loop)
    builder.position_at_end(loop)
    index = builder.phi(WORD)
    index.add_incoming(_word(0), before)
    carried = [builder.phi(VECTOR) for _ in range(sums)]
    for phi in carried:
        phi.add_incoming(ZERO, before)
    totals = body(index, carried)
    following = builder.add(index, _word(1))
    index.add_incoming(following, builder.block)
    for phi, total in zip(carried, totals, strict=True):
        phi.add_incoming(total, builder.block)
    builder.cbranch(builder.icmp_unsigned("<", following, words), loop, after)
    builder.position_at_end(after)
    return totals


def _lanes_with_any(builder: Any, truths: list[Any]) -> Any:
    """Lanes for which one of some vectors of truth values holds, as the low bits of a word."""
    found = truths[0]
    for truth in truths[1:]:
        found = builder.or_(found, truth)
    return builder.zext(builder.bitcast(found, BYTE), WORD)


def _within(builder: Any, differing: Any, compared: Any, bound: Any) -> Any:
    """Lanes with ``differing * ONE < bound * compared``; both factors fit in 32 bits."""
    product = builder.mul(builder.and_(compared, LOW), builder.and_(bound, LOW))
    return builder.icmp_signed("<", builder.shl(differing, FRACTION), product)


def _compare(builder: Any, probe: tuple[Any, Any], reference: tuple[Any, Any]) -> tuple[Any, Any]:
    """Set bits that differ, and bits that may be compared, of two codes with their masks."""
    both = builder.and_(probe[1], reference[1])
    other = builder.and_(builder.xor(probe[0], reference[0]), both)
    return other, both


def _count_rotations(
    builder: Any, addresses: list[Any], words: Any, stride: Any, rotations: int, *, counted: bool
) -> Any:
    """Differing bits of a block at some rotations; where `counted`, each followed by the compared bits."""
    block, code, mask = addresses
    step = builder.mul(stride, _word(8))
    size = builder.mul(words, _word(16 * LANES))

    def body(index: Any, sums: list[Any]) -> list[Any]:
        row = builder.add(block, builder.mul(index, _word(16 * LANES)))
        place = builder.mul(index, step)
        probe_code, probe_mask = builder.add(code, place), builder.add(mask, place)
        reference = _load(builder, row, 0, VECTOR), _load(builder, row, 8 * LANES, VECTOR)
        for ahead in (0, 8 * LANES):
            _fetch_ahead(builder, builder.add(row, builder.add(size, _word(ahead))))
        found: list[Any] = []
        for r in range(rotations):
            probe = (
                _spread(builder, _load(builder, probe_code, 8 * r, WORD)),
                _spread(builder, _load(builder, probe_mask, 8 * r, WORD)),
            )
            other, both = _compare(builder, probe, reference)
            found.extend((other, both) if counted else (other,))
        return [builder.add(so_far, _count(builder, bits)) for so_far, bits in zip(sums, found, strict=True)]

    return _sum_over_words(builder, words, rotations * (2 if counted else 1), body)


def _emit_propose(
    _context: Any,
    _block: Any,
    _code: Any,
    _mask: Any,
    _words: Any,
    _stride: Any,
    _bound: Any,
    _fewest: Any,
    rotations: Any,
) -> Any:
    def generate(_ctx: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        words, stride, bound, fewest = arguments[3:7]
        totals = _count_rotations(
            builder, arguments[:3], words, stride, rotations.literal_value, counted=True
        )
        bound, fewest = _spread(builder, bound), _spread(builder, fewest)
        near = [
            _within(builder, differing, compared, bound)
            for differing, compared in zip(totals[::2], totals[1::2], strict=True)
        ]
        enough = [builder.icmp_signed(">=", compared, fewest) for compared in totals[1::2]]
        lanes = _lanes_with_any(builder, near)
        return builder.or_(lanes, builder.shl(_lanes_with_any(builder, enough), _word(LANES)))

    address, number = types.uintp, types.int64
    arguments = (address, address, address, number, number, number, number, rotations)
    return number(*arguments), generate


propose = cast("Callable[..., Any]", intrinsic(prefer_literal=True)(_emit_propose))
"""``propose(block, code, mask, words, stride, bound, fewest, rotations)``: lanes of a block that lie below
a bound at one of some rotations and, shifted by 8, those with enough valid bits at one.

The first three are addresses; `rotations` is a literal.
"""


def _emit_propose_by_bound(
    _context: Any,
    _block: Any,
    _code: Any,
    _mask: Any,
    _words: Any,
    _stride: Any,
    _bound: Any,
    _valid: Any,
    _probe_valid: Any,
    rotations: Any,
) -> Any:
    def generate(_ctx: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        words, stride, bound, valid_address, probe_valid = arguments[3:8]
        totals = _count_rotations(
            builder, arguments[:3], words, stride, rotations.literal_value, counted=False
        )
        valid, probe_valid = _load(builder, valid_address, 0, VECTOR), _spread(builder, probe_valid)
        most = builder.select(builder.icmp_signed("<", valid, probe_valid), valid, probe_valid)
        bound = _spread(builder, bound)
        return _lanes_with_any(builder, [_within(builder, total, most, bound) for total in totals])

    address, number = types.uintp, types.int64
    arguments = (address, address, address, number, number, number, address, number, rotations)
    return number(*arguments), generate


propose_by_bound = cast("Callable[..., Any]", intrinsic(prefer_literal=True)(_emit_propose_by_bound))
"""``propose_by_bound(block, code, mask, words, stride, bound, valid, probe_valid, rotations)``: as
`propose`, with the smaller number of valid bits in place of the compared ones, which are never more.

`valid` is the address of the valid bits of the eight references.
"""


def _emit_at_least(_context: Any, _numbers: Any, _least: Any) -> Any:
    def generate(_ctx: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        numbers, least = _load(builder, arguments[0], 0, VECTOR), _spread(builder, arguments[1])
        return _lanes_with_any(builder, [builder.icmp_signed(">=", numbers, least)])

    return types.int64(types.uintp, types.int64), generate


at_least = cast("Callable[..., Any]", intrinsic(_emit_at_least))
"""``at_least(numbers, least)``: lanes of eight numbers at an address that are not smaller."""


def _emit_weigh(
    _context: Any,
    _lane: Any,
    _code: Any,
    _mask: Any,
    _words: Any,
    _stride: Any,
    _counts: Any,
    rotations: Any,
) -> Any:
    def generate(_ctx: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        lane, code, mask, words, stride, counts = arguments[:6]
        vectors = rotations.literal_value // LANES
        step = builder.mul(stride, _word(8))

        def body(index: Any, sums: list[Any]) -> list[Any]:
            row = builder.add(lane, builder.mul(index, _word(16 * LANES)))
            place = builder.mul(index, step)
            probe_code, probe_mask = builder.add(code, place), builder.add(mask, place)
            reference = (
                _spread(builder, _load(builder, row, 0, WORD)),
                _spread(builder, _load(builder, row, 8 * LANES, WORD)),
            )
            found: list[Any] = []
            for v in range(vectors):
                probe = (
                    _load(builder, probe_code, 8 * LANES * v, VECTOR),
                    _load(builder, probe_mask, 8 * LANES * v, VECTOR),
                )
                found.extend(_compare(builder, probe, reference))
            return [
                builder.add(so_far, _count(builder, bits)) for so_far, bits in zip(sums, found, strict=True)
            ]

        totals = _sum_over_words(builder, words, 2 * vectors, body)
        for v in range(vectors):
            _store(builder, totals[2 * v], counts, 8 * LANES * v)
            _store(builder, totals[2 * v + 1], counts, 8 * (GROUP + LANES * v))
        return _word(0)

    address, number = types.uintp, types.int64
    return number(address, address, address, number, number, address, rotations), generate


weigh = cast("Callable[..., Any]", intrinsic(prefer_literal=True)(_emit_weigh))
"""``weigh(lane, code, mask, words, stride, counts, rotations)``: differing and compared bits of one reference
at some rotations, written to the address `counts` as two rows of `GROUP` words. `rotations`, a multiple of
`LANES` up to `GROUP`, is a literal."""


def _emit_differ(
    _context: Any, _block: Any, _probes: Any, _words: Any, _most: Any, _counts: Any, tile: Any
) -> Any:
    count = tile.literal_value

    def generate(_ctx: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        block, probes, words, most, counts = arguments[:5]
        size = builder.mul(words, _word(8 * LANES))

        def body(index: Any, sums: list[Any]) -> list[Any]:
            place = builder.add(block, builder.mul(index, _word(8 * LANES)))
            bits = _load(builder, place, 0, VECTOR)
            _fetch_ahead(builder, builder.add(place, size))
            row = builder.add(probes, builder.mul(index, _word(8 * count)))
            return [
                builder.add(
                    sums[q],
                    _count(builder, builder.xor(bits, _spread(builder, _load(builder, row, 8 * q, WORD)))),
                )
                for q in range(count)
            ]

        totals = _sum_over_words(builder, words, count, body)
        near = [
            builder.icmp_signed("<=", totals[q], _spread(builder, _load(builder, most, 8 * q, WORD)))
            for q in range(count)
        ]
        found = _lanes_with_any(builder, near)
        with builder.if_then(builder.icmp_unsigned("!=", found, _word(0)), likely=False):
            for q in range(count):
                _store(builder, totals[q], counts, 8 * LANES * q)
        return found

    address, number = types.uintp, types.int64
    return number(address, address, number, address, address, tile), generate


differ = cast("Callable[..., Any]", intrinsic(prefer_literal=True)(_emit_differ))
"""``differ(block, probes, words, most, counts, tile)``: lanes of a block of plain bits that lie within the
largest distance of one of some probes; where there is one, the distances of all are written to the address
`counts`, probe by probe. `tile`, how many probes, is a literal."""


class Probes(NamedTuple):
    """Prepared probes.

    `code` and `mask`: sliding words or tables, shape (Q, E); `valid`: smallest and largest number of valid
    bits over the rotations, shape (Q, 2); `stride`: entries from one word to the next; `rotations`: how many,
    the first at entry 0.
    """

    code: NDArray[np.uint64]
    mask: NDArray[np.uint64]
    valid: NDArray[np.int64]
    stride: int
    rotations: int


class References(NamedTuple):
    """Interleaved references.

    `blocks`: shape (B, words, 2, 8); `valid`: valid bits of each, shape (B, 8); `size`: references, the
    lanes past them being empty.
    """

    blocks: NDArray[np.uint64]
    valid: NDArray[np.int64]
    size: int


class Rule(NamedTuple):
    """What is looked for.

    `threshold`: largest dissimilarity; `margin`: added to it where references are proposed; `fewest` and
    `fewest_proposing`: bits that must be comparable where settled and where proposed; `bits_proposing`: bits
    of a code where proposed; `limit`: longest list of a probe; `tile`: rotations that are counted at once;
    `two_stage`: whether proposing looks at fewer bits than settling, and `turn_step`, at every how manieth
    rotation; `bounding`: whether the bound is tried;
    `vectors`: the vector kernels or their twins.
    """

    threshold: float
    margin: float
    fewest: int
    fewest_proposing: int
    bits_proposing: int
    limit: int
    tile: int
    turn_step: int
    two_stage: bool
    bounding: bool
    vectors: bool


class Kept(NamedTuple):
    """What is found: lists of shape (Q, K), `found` of each probe in use, and tallies of shape (Q,)."""

    rows: NDArray[np.int64]
    differing: NDArray[np.int32]
    compared: NDArray[np.int32]
    rotation: NDArray[np.int32]
    found: NDArray[np.int64]
    not_comparable: NDArray[np.int64]
    settled: NDArray[np.int64]


def _emit_popcount(_context: Any, _word: Any) -> Any:
    def generate(_ctx: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


popcount = cast("Callable[[Any], Any]", intrinsic(_emit_popcount))


def count_bits(word: Any) -> int:
    """Set bits of one uint64; compiled or not."""
    return int(word).bit_count()


def _compiled_count_bits(word: Any) -> Callable[[Any], Any] | None:
    def count(word: Any) -> Any:
        return popcount(word)

    return count if word == types.uint64 else None


cast("Any", overload(count_bits))(_compiled_count_bits)


@kernel
def plain_proposed(
    block: NDArray[np.uint64],
    code: NDArray[np.uint64],
    mask: NDArray[np.uint64],
    steps: tuple[int, int],
    bound: int,
    fewest: int,
) -> int:
    """Twin of `proposed`; `steps` are stride and rotations. Shapes (words, 2, 8) and twice (E,)."""
    lanes = 0
    for lane in range(LANES):
        for r in range(steps[1]):
            differing = 0
            compared = 0
            for w in range(len(block)):
                entry = w * steps[0] + r
                both = block[w, 1, lane] & mask[entry]
                differing += count_bits((block[w, 0, lane] ^ code[entry]) & both)
                compared += count_bits(both)
            if differing * ONE < bound * compared:
                lanes |= 1 << lane
            if compared >= fewest:
                lanes |= 1 << (lane + LANES)
    return lanes


@kernel
def plain_weigh(
    block: NDArray[np.uint64],
    lane: int,
    code: NDArray[np.uint64],
    mask: NDArray[np.uint64],
    stride: int,
    counts: NDArray[np.int64],
) -> None:
    """Twin of `weigh`: from the first entries of `code` and `mask` on."""
    for k in range(GROUP):
        counts[0, k] = 0
        counts[1, k] = 0
        for w in range(len(block)):
            both = block[w, 1, lane] & mask[w * stride + k]
            counts[0, k] += count_bits((block[w, 0, lane] ^ code[w * stride + k]) & both)
            counts[1, k] += count_bits(both)


@kernel
def plain_differ(
    block: NDArray[np.uint64], probes: NDArray[np.uint64], most: NDArray[np.int64], counts: NDArray[np.int64]
) -> int:
    """Twin of `differ`. Shapes (words, 8), (words, tile), (tile,) and (tile, 8)."""
    lanes = 0
    for q in range(len(most)):
        for lane in range(LANES):
            differing = 0
            for w in range(len(block)):
                differing += count_bits(block[w, lane] ^ probes[w, q])
            counts[q, lane] = differing
            if differing <= most[q]:
                lanes |= 1 << lane
    return lanes


@kernel
def count_lanes(lanes: int) -> int:
    """Set bits of eight."""
    return count_bits(np.uint64(lanes & 255))


@kernel
def bound_of(dissimilarity: float) -> int:
    """Smallest integer bound that keeps everything up to a dissimilarity: see `_within`."""
    return int(min(dissimilarity, 1.0) * ONE) + 2


class Place(NamedTuple):
    """Where the vector kernels read one probe: addresses and numbers only, which cost nothing to hand on.

    `code`, `mask`: addresses of its first entries; `words`: of a reference; `stride`: entries from one word
    to the next; `rotations`: how many; `fewest`, `most`: valid bits over the rotations.
    """

    code: int
    mask: int
    words: int
    stride: int
    rotations: int
    fewest: int
    most: int


@kernel
def place_of(probes: Probes, p: int, words: int) -> Place:
    """Where one probe lies."""
    offset = 8 * p * probes.code.shape[1]
    return Place(
        probes.code.ctypes.data + offset,
        probes.mask.ctypes.data + offset,
        words,
        probes.stride,
        probes.rotations,
        probes.valid[p, 0],
        probes.valid[p, 1],
    )


@kernel
def proposed(block: int, place: Place, bound: int, fewest: int, tile: int) -> Any:
    """`propose` over all rotations; the last tile is moved back so that none lies outside."""
    words, stride, rotations = place.words, place.stride, place.rotations
    lanes = 0
    start = 0
    while True:
        code, mask = place.code + 8 * start, place.mask + 8 * start
        if tile == 11:
            lanes |= propose(block, code, mask, words, stride, bound, fewest, 11)
        elif tile == 8:
            lanes |= propose(block, code, mask, words, stride, bound, fewest, 8)
        elif tile == 5:
            lanes |= propose(block, code, mask, words, stride, bound, fewest, 5)
        elif tile == 3:
            lanes |= propose(block, code, mask, words, stride, bound, fewest, 3)
        else:
            lanes |= propose(block, code, mask, words, stride, bound, fewest, 1)
        if start + tile >= rotations:
            return lanes
        start = min(start + tile, rotations - tile)


@kernel
def proposed_by_bound(block: int, place: Place, bound: int, valid: int, tile: int) -> Any:
    """`propose_by_bound` over all rotations."""
    words, stride, rotations, most = place.words, place.stride, place.rotations, place.most
    lanes = 0
    start = 0
    while True:
        code, mask = place.code + 8 * start, place.mask + 8 * start
        if tile == 11:
            lanes |= propose_by_bound(block, code, mask, words, stride, bound, valid, most, 11)
        elif tile == 8:
            lanes |= propose_by_bound(block, code, mask, words, stride, bound, valid, most, 8)
        elif tile == 5:
            lanes |= propose_by_bound(block, code, mask, words, stride, bound, valid, most, 5)
        elif tile == 3:
            lanes |= propose_by_bound(block, code, mask, words, stride, bound, valid, most, 3)
        else:
            lanes |= propose_by_bound(block, code, mask, words, stride, bound, valid, most, 1)
        if start + tile >= rotations:
            return lanes
        start = min(start + tile, rotations - tile)


@kernel
def nearer(differing: int, compared: int, than_differing: int, than_compared: int) -> bool:
    """Whether one fraction is smaller than another."""
    return differing * than_compared < than_differing * compared


@kernel
def best_rotation(
    counts: NDArray[np.int64], first: int, rotations: int, fewest: int, best: NDArray[np.int64]
) -> None:
    """Take over the smallest fraction of a group of rotations, ties the smallest turn, then the negative one.

    Args:
        counts: Differing and compared bits. Shape (2, GROUP).
        first: Rotation of the first.
        rotations: Rotations in all; those past them are not looked at.
        fewest: Bits that must be compared.
        best: Differing bits, compared bits (0 for none so far) and rotation. Shape (3,).
    """
    middle = rotations // 2
    for k in range(min(GROUP, rotations - first)):
        d, m, r = counts[0, k], counts[1, k], first + k
        if m < fewest:
            continue
        tied = d * best[1] == best[0] * m
        if (
            best[1] == 0
            or nearer(d, m, best[0], best[1])
            or (tied and abs(r - middle) < abs(best[2] - middle))
        ):
            best[0], best[1], best[2] = d, m, r


@kernel
def weighed(
    references: References,
    probes: Probes,
    pair: tuple[int, int],
    span: tuple[int, int],
    rule: Rule,
    counts: NDArray[np.int64],
) -> None:
    """Counts of one pair at some rotations.

    Args:
        references: References.
        probes: Probes.
        pair: Which probe, and row of the reference.
        span: First rotation, and how many: `LANES`, or any other number for `GROUP`.
        rule: The vector kernel or its twin.
        counts: Receives differing and compared bits. Shape (2, GROUP).
    """
    p, row = pair
    first, rotations = span
    words = references.blocks.shape[1]
    if not rule.vectors:
        block, lane = references.blocks[row // LANES], row % LANES
        plain_weigh(block, lane, probes.code[p, first:], probes.mask[p, first:], probes.stride, counts)
        return
    place = references.blocks.ctypes.data + 8 * (row // LANES * words * 2 * LANES + row % LANES)
    entry = 8 * (p * probes.code.shape[1] + first)
    code, mask = probes.code.ctypes.data + entry, probes.mask.ctypes.data + entry
    if rotations == LANES:
        weigh(place, code, mask, words, probes.stride, counts.ctypes.data, LANES)
    else:
        weigh(place, code, mask, words, probes.stride, counts.ctypes.data, GROUP)


@kernel
def settle(
    references: References,
    probes: Probes,
    pair: tuple[int, int],
    rule: Rule,
    counts: NDArray[np.int64],
    best: NDArray[np.int64],
) -> bool:
    """Exact counts of one pair at its best rotation; whether it lies within the threshold."""
    best[1] = 0
    for first in range(0, probes.rotations, GROUP):
        weighed(references, probes, pair, (first, GROUP), rule, counts)
        best_rotation(counts, first, probes.rotations, rule.fewest, best)
    return within(best, rule)


@kernel
def within(best: NDArray[np.int64], rule: Rule) -> bool:
    """Whether counts lie within the threshold."""
    return bool(best[1] > 0 and best[0] / best[1] <= rule.threshold)


@kernel
def promising(
    pair: tuple[int, int],
    proposing: tuple[Probes, References],
    settling: tuple[Probes, References],
    rule: Rule,
    best: NDArray[np.int64],
) -> bool:
    """Whether a proposed pair lies within the threshold at a rotation near one that stage one proposes.

    Most proposed pairs are strangers, which eight rotations tell with a quarter of the work of all.
    """
    thinned, whole = proposing[0], settling[0]
    seen, counts = np.zeros((2, GROUP), np.int64), np.zeros((2, GROUP), np.int64)
    bound = bound_of(rule.threshold + rule.margin)
    origin = whole.rotations // 2 - rule.turn_step * (thinned.rotations - 1) // 2
    beyond = 0
    for r in range(thinned.rotations):
        k = r % GROUP
        if k == 0:
            weighed(proposing[1], thinned, pair, (r, GROUP), rule, seen)
        near = origin + rule.turn_step * r
        if seen[0, k] * ONE >= bound * seen[1, k] or near + rule.turn_step < beyond:
            continue
        first = max(0, min(near - rule.turn_step, whole.rotations - LANES))
        beyond = first + LANES
        weighed(settling[1], whole, pair, (first, LANES), rule, counts)
        best[1] = 0
        best_rotation(counts, first, min(beyond, whole.rotations), rule.fewest, best)
        if best[1] == 0 or within(best, rule):
            return True
    return False


@kernel
def keep(p: int, row: int, best: NDArray[np.int64], limit: int, kept: Kept) -> None:
    """Put a reference into the list of a probe, sorted where its length is limited; rows come in order."""
    place = kept.found[p]
    if place == limit:
        place -= 1
        if not nearer(best[0], best[1], kept.differing[p, place], kept.compared[p, place]):
            return
    else:
        kept.found[p] += 1
    limited = limit < kept.rows.shape[1] + 1
    while (
        limited
        and place > 0
        and nearer(best[0], best[1], kept.differing[p, place - 1], kept.compared[p, place - 1])
    ):
        kept.rows[p, place] = kept.rows[p, place - 1]
        kept.differing[p, place] = kept.differing[p, place - 1]
        kept.compared[p, place] = kept.compared[p, place - 1]
        kept.rotation[p, place] = kept.rotation[p, place - 1]
        place -= 1
    kept.rows[p, place] = row
    kept.differing[p, place] = best[0]
    kept.compared[p, place] = best[1]
    kept.rotation[p, place] = best[2]


@kernel
def tightened(p: int, rule: Rule, kept: Kept) -> int:
    """Bound below which a reference is still worth settling."""
    largest = rule.threshold
    if kept.found[p] == rule.limit:
        last = rule.limit - 1
        largest = min(largest, kept.differing[p, last] / kept.compared[p, last])
    return bound_of(largest + rule.margin)


@kernel
def scan_codes(
    first: int,
    last: int,
    rule: Rule,
    proposing: tuple[Probes, References],
    settling: tuple[Probes, References],
    kept: Kept,
) -> None:
    """Compare all probes with the references of some blocks.

    Args:
        first: First block.
        last: One past the last block.
        rule: What is looked for.
        proposing: Probes and references that all pairs are compared with.
        settling: Those that proposed pairs are compared with in full; the same ones in an exact scan.
        kept: Receives what is found.
    """
    probes, references = proposing
    doubted = np.zeros(len(probes.code), np.int64)
    at_once = max(1, L2_BYTES // (references.blocks.shape[1] * 16 * LANES))
    for start in range(first, last, at_once):
        stop = min(start + at_once, last)
        for p in range(len(probes.code)):
            if rule.vectors:
                scan_blocks((first, start, stop), p, rule, proposing, settling, (doubted, kept))
            else:
                scan_blocks_plainly((start, stop), p, rule, proposing, settling, kept)


@kernel
def scan_blocks(
    span: tuple[int, int, int],
    p: int,
    rule: Rule,
    proposing: tuple[Probes, References],
    settling: tuple[Probes, References],
    found: tuple[NDArray[np.int64], Kept],
) -> None:
    """Compare one probe with some blocks.

    Args:
        span: First block of the scan, first and one past the last of these.
        p: Which probe.
        rule: What is looked for.
        proposing: As for `scan_codes`.
        settling: As for `scan_codes`.
        found: References of each probe that the bound did not reject, and what is kept.
    """
    origin, start, stop = span
    probes, references = proposing
    doubted, kept = found
    words, tile, fewest = references.blocks.shape[1], rule.tile, rule.fewest_proposing
    place = place_of(probes, p, words)
    blocks, valid = references.blocks.ctypes.data, references.valid.ctypes.data
    surely = fewest + rule.bits_proposing - place.fewest
    bound = tightened(p, rule, kept)
    doubts = doubted[p]
    for b in range(start, stop):
        alive = lanes_alive(b, references.size)
        block = blocks + b * words * 16 * LANES
        bounding = rule.bounding and worth_bounding(doubts, b - origin)
        if bounding and at_least(valid + b * 8 * LANES, surely) & alive == alive:
            lanes = alive & proposed_by_bound(block, place, bound, valid + b * 8 * LANES, tile)
            if lanes == 0:
                continue
            many = count_lanes(lanes)
            if rule.two_stage or many > FEW:
                many = LANES
                lanes &= proposed(block, place, bound, fewest, tile)
            doubts += many
        else:
            told = proposed(block, place, bound, fewest, tile)
            comparable = alive & (told >> LANES)
            if comparable != alive:
                kept.not_comparable[p] += count_lanes(alive) - count_lanes(comparable)
            lanes = told & comparable
        if lanes != 0:
            settle_lanes(b, lanes, p, rule, proposing, settling, kept)
            bound = tightened(p, rule, kept)
    doubted[p] = doubts


@kernel
def scan_blocks_plainly(
    span: tuple[int, int],
    p: int,
    rule: Rule,
    proposing: tuple[Probes, References],
    settling: tuple[Probes, References],
    kept: Kept,
) -> None:
    """Twin of `scan_blocks`, without the bound."""
    probes, references = proposing
    steps = (probes.stride, probes.rotations)
    bound = tightened(p, rule, kept)
    for b in range(span[0], span[1]):
        alive = lanes_alive(b, references.size)
        told = plain_proposed(
            references.blocks[b], probes.code[p], probes.mask[p], steps, bound, rule.fewest_proposing
        )
        comparable = alive & (told >> LANES)
        kept.not_comparable[p] += count_lanes(alive) - count_lanes(comparable)
        if told & comparable:
            settle_lanes(b, told & comparable, p, rule, proposing, settling, kept)
            bound = tightened(p, rule, kept)


@kernel
def lanes_alive(b: int, count: int) -> int:
    """Lanes of a block that hold a reference."""
    return 255 if (b + 1) * LANES <= count else (1 << (count - b * LANES)) - 1


@kernel
def settle_lanes(
    b: int,
    lanes: int,
    p: int,
    rule: Rule,
    proposing: tuple[Probes, References],
    settling: tuple[Probes, References],
    kept: Kept,
) -> None:
    """Compare the proposed references of a block in full, and keep those within the threshold."""
    counts, best = np.zeros((2, GROUP), np.int64), np.zeros(3, np.int64)
    for lane in range(LANES):
        if (lanes >> lane) & 1:
            row = b * LANES + lane
            if rule.two_stage and not promising((p, row), proposing, settling, rule, best):
                continue
            kept.settled[p] += 1
            if settle(settling[1], settling[0], (p, row), rule, counts, best):
                keep(p, row, best, rule.limit, kept)


@kernel
def worth_bounding(doubted: int, blocks: int) -> bool:
    """Whether the bound still rejects so many that looking again at the rest costs little."""
    return blocks < TRIAL or doubted * WORTHWHILE <= blocks * LANES


class BitRule(NamedTuple):
    """Longest list of a probe, and the vector kernel or its twin."""

    limit: int
    vectors: bool


class KeptBits(NamedTuple):
    """What is found among plain bits: each of shape (Q, K), the first `found` of each probe in use."""

    rows: NDArray[np.int64]
    differing: NDArray[np.int32]
    found: NDArray[np.int64]


@kernel
def keep_bits(p: int, row: int, differing: int, limit: int, kept: KeptBits) -> None:
    """As `keep`; the caller has seen that there is room or that the last must go."""
    place = kept.found[p]
    if place == limit:
        place -= 1
    else:
        kept.found[p] += 1
    limited = limit < kept.rows.shape[1] + 1
    while limited and place > 0 and differing < kept.differing[p, place - 1]:
        kept.rows[p, place] = kept.rows[p, place - 1]
        kept.differing[p, place] = kept.differing[p, place - 1]
        place -= 1
    kept.rows[p, place] = row
    kept.differing[p, place] = differing


@kernel
def scan_bits(
    blocks: NDArray[np.uint64],
    count: int,
    span: tuple[int, int],
    tiles: NDArray[np.uint64],
    most: NDArray[np.int64],
    rule: BitRule,
    kept: KeptBits,
) -> None:
    """Compare all probes with the plain bits of some blocks.

    Args:
        blocks: Interleaved references. Shape (B, words, 8).
        count: References; the lanes past them are empty.
        span: First block, and one past the last.
        tiles: Probes, some at a time. Shape (T, words, tile).
        most: Largest distance of each probe, negative where a tile holds none; changed here as lists fill.
            Shape (T, tile), tile 1, 4 or 16.
        rule: Longest list of a probe; the vector kernel or its twin.
        kept: Receives what is found.
    """
    words, tile = blocks.shape[1], tiles.shape[2]
    counts = np.zeros((tile, LANES), np.int64)
    at_once = max(1, L2_BYTES // (words * 8 * LANES))
    out = counts.ctypes.data
    for start in range(span[0], span[1], at_once):
        for t in range(len(tiles)):
            probes, largest = tiles[t].ctypes.data, most[t].ctypes.data
            for b in range(start, min(start + at_once, span[1])):
                block = blocks.ctypes.data + b * words * 8 * LANES
                if not rule.vectors:
                    lanes = plain_differ(blocks[b], tiles[t], most[t], counts)
                elif tile == 16:
                    lanes = differ(block, probes, words, largest, out, 16)
                elif tile == 4:
                    lanes = differ(block, probes, words, largest, out, 4)
                else:
                    lanes = differ(block, probes, words, largest, out, 1)
                if lanes != 0:
                    take_bits((b, lanes & lanes_alive(b, count)), t, counts, most, rule.limit, kept)


@kernel
def take_bits(
    near: tuple[int, int],
    t: int,
    counts: NDArray[np.int64],
    most: NDArray[np.int64],
    limit: int,
    kept: KeptBits,
) -> None:
    """Put the references of a block that lie within their probes' distances into the lists.

    Args:
        near: The block, and its lanes that lie within the distance of a probe.
        t: Tile of probes.
        counts: Distances of each probe of the tile. Shape (tile, 8).
        most: As for `scan_bits`.
        limit: Longest list.
        kept: Receives what is found.
    """
    b, lanes = near
    for lane in range(LANES):
        if not (lanes >> lane) & 1:
            continue
        for q in range(most.shape[1]):
            if counts[q, lane] <= most[t, q]:
                p = t * most.shape[1] + q
                keep_bits(p, b * LANES + lane, counts[q, lane], limit, kept)
                if kept.found[p] == limit:
                    most[t, q] = min(most[t, q], kept.differing[p, limit - 1] - 1)
