"""Kernels: the three-stage cascade that turns two packed templates into a similarity score.

    stage 1  local_gate         best cylinder similarity of the best reference minutiae inside a window
                                of direction, voted into a histogram of relative rotation
    stage 2  consistency_gate   those local pairs weighed against each other: do their distances and
                                rotations agree (one power iteration of spectral matching)
    stage 3  refine             the same with all minutiae both ways, then a rigid fit from the most
                                consistent pairs, one-to-one pairing, a refit, a consensus about local
                                skin distortion, pairing again; the score weighs what that found with
                                weights that were learned (`similarity_of`)

Stages one and two only let pass or stop. Stage three sees the two templates in an order of their own,
so that the score is the same both ways. The twin in plain numpy is
`biocapil.comparison.reference.cascade`; the word layout stands in `biocapil.comparison.layout`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from biocapil.comparison.kernels.compilation import has_wide_vectors, kernel
from biocapil.comparison.layout import LAYERS, MASK_WORD, MAX_MINUTIAE, POSE_WORD, TURN, WORDS

# Numbers of the cascade, in packed units (10 µm, 1/256 turn) where not said otherwise, chosen on synthetic
# prints (docs/decisions/0003-comparison.md). They stand in this file because numba's cache does not
# see an edit in another; for the same reason all kernels of the cascade share it.

TURN_WINDOW = 52
"""Largest difference of direction between two minutiae that stage two may pair: 73 degrees."""

SMOOTHING = 8
"""Added to the union of two cylinders, so that a few shared bits do not look like certainty."""

GATE_MINUTIAE = 24
"""Minutiae of the reference, the best, that stages one and two look at."""

GATE_FLOOR = 0.2
"""Local similarity from which a pair of minutiae votes in the rotation histogram of stage one."""

STRONGEST = 20
"""Local pairs that stage two weighs against each other."""

CONSISTENT_UNITS2 = 3870.0
"""Squared misfit of two local pairs that may just count as consistent, at distance zero."""

CONSISTENT_GROWTH = 0.0025
"""How that grows with the squared distance between the pairs: skin stretches."""

CONSISTENT_TURN = 32.0
"""Difference of rotation between two local pairs that just counts as inconsistent."""

ALIGNMENTS = 2
"""Clusters of consistent pairs that stage three tries as alignment."""

PAIRING_UNITS2 = 7742.0
"""Squared distance at which two aligned minutiae just fail to pair, at the centre of the alignment."""

PAIRING_GROWTH = 0.004
"""How that grows with the squared distance from the centre."""

PAIRING_TURN = 24.0
"""Difference of direction at which two aligned minutiae just fail to pair."""

LOCAL_REACH2 = 186000.0
"""Squared reach of the consensus about local distortion."""

LOCAL_INERTIA = 0.3
"""Weight of "no distortion here" in that consensus."""

LOCAL_UNITS2 = 6606.0
"""Squared pairing distance after local distortion is taken out."""

LOCAL_TURN = 24.0
"""Pairing turn after local distortion is taken out."""

MISFIT_COST = 0.7
"""Share of a pair's weight that the worst accepted misfit costs."""

MARGIN = 100.0
"""Margin around a print's minutiae inside which the other print's minutiae count as overlapping."""

FEWEST_OVERLAPPING = 4
"""Overlap is never taken for smaller than this."""

MASS_WEIGHT = 1.81777
FRACTION_WEIGHT = 3.50279
CONSISTENCY_WEIGHT = 1.73079
MISFIT_WEIGHT = -0.08857
SPREAD_WEIGHT = 0.0091
SIZE_WEIGHT = -1.48963
SCORE_OFFSET = 4.57016
SCORE_UNIT = 0.25
"""What the terms of an alignment count in the score: learned on synthetic prints by
benchmarks/fit_finger_score.py (docs/decisions/0011-learned-score.md)."""

FRACTION_FLOOR = 0.02
"""Added to the matched fraction before its logarithm is taken, so that 0 is no cliff."""

TERMS = 13
(
    SIMILARITY,
    CONSISTENCY,
    MATCHED_MASS,
    MATCHED_FRACTION,
    MISFIT,
    SPREAD,
    OVERLAP_A,
    OVERLAP_B,
    COS,
    SIN,
    SHIFT_X,
    SHIFT_Y,
    PAIRS,
) = range(TERMS)

f32 = np.float32


Real = float | np.floating[Any]
"""A number that is float32 inside the kernels and may be a Python float outside."""


def _emit_popcount(_context: Any, _word: Any) -> Any:
    def generate(_ctx: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


popcount = cast("Callable[[Any], Any]", intrinsic(_emit_popcount))
"""Number of set bits of one uint64; LLVM turns it into popcnt, vpopcntq or a byte shuffle."""


LANES = 8
"""Probe columns that stage one compares at a time; windows are a multiple of it."""

WORD = ir.IntType(64)
NUMBER = ir.IntType(32)
WORDS_OF_LANES = ir.VectorType(WORD, LANES)
NUMBERS_OF_LANES = ir.VectorType(NUMBER, LANES)
FLOATS_OF_LANES = ir.VectorType(ir.FloatType(), LANES)


def _emit_wide(_context: Any) -> Any:
    def generate(_ctx: Any, _builder: Any, _signature: Any, _arguments: Any) -> Any:
        return ir.Constant(ir.IntType(1), int(has_wide_vectors()))

    return types.boolean(), generate


wide = cast("Callable[[], Any]", intrinsic(_emit_wide))
"""Whether the processor that is compiled for gains from `most_similar_column`; a constant in machine code."""


def _columns_at(builder: Any, address: Any) -> Any:
    return builder.load(builder.inttoptr(address, ir.PointerType(WORDS_OF_LANES)), align=8)


def _in_all_lanes(builder: Any, word: Any) -> Any:
    undefined = ir.Constant(WORDS_OF_LANES, cast("Any", ir).Undefined)
    first = builder.insert_element(undefined, word, ir.Constant(NUMBER, 0))
    return builder.shuffle_vector(first, undefined, ir.Constant(NUMBERS_OF_LANES, [0] * LANES))


def _total_bits(builder: Any, words: list[Any]) -> Any:
    """Set bits of some vectors, summed lane by lane, as 32-bit numbers."""
    count = cast("Any", cgutils).get_or_insert_function(
        builder.module, ir.FunctionType(WORDS_OF_LANES, [WORDS_OF_LANES]), "llvm.ctpop.v8i64"
    )
    total = builder.call(count, [words[0]])
    for word in words[1:]:
        total = builder.add(total, builder.call(count, [word]))
    return builder.trunc(total, NUMBERS_OF_LANES)


def _keys(builder: Any, row: list[Any], first: Any, step: Any, index: Any) -> Any:
    """Similarity and column of eight probe columns against one row, as numbers that can be compared."""
    words = [
        _columns_at(builder, builder.add(first, builder.mul(step, ir.Constant(WORD, word))))
        for word in range(MASK_WORD + 1)
    ]
    mask = builder.and_(words[MASK_WORD], row[MASK_WORD])
    pairs = list(zip(words[:LAYERS], row[:LAYERS], strict=True))
    both = _total_bits(builder, [builder.and_(a, b) for a, b in pairs])
    union = _total_bits(builder, [builder.and_(builder.or_(a, b), mask) for a, b in pairs])
    scale = ir.Constant(FLOATS_OF_LANES, [4096.0] * LANES)
    smoothed = builder.add(union, ir.Constant(NUMBERS_OF_LANES, [SMOOTHING] * LANES))
    ratio = builder.fdiv(
        builder.fmul(builder.sitofp(both, FLOATS_OF_LANES), scale), builder.sitofp(smoothed, FLOATS_OF_LANES)
    )
    steps = builder.shl(builder.fptosi(ratio, NUMBERS_OF_LANES), ir.Constant(NUMBERS_OF_LANES, [8] * LANES))
    undefined = ir.Constant(NUMBERS_OF_LANES, cast("Any", ir).Undefined)
    base = builder.insert_element(undefined, builder.trunc(index, NUMBER), ir.Constant(NUMBER, 0))
    base = builder.shuffle_vector(base, undefined, ir.Constant(NUMBERS_OF_LANES, [0] * LANES))
    return builder.or_(steps, builder.add(base, ir.Constant(NUMBERS_OF_LANES, list(range(LANES)))))


def _emit_most_similar_column(_context: Any, _columns: Any, _step: Any, _count: Any, _row: Any) -> Any:
    def generate(_ctx: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        columns, step, count, place = arguments
        row: list[Any] = []
        for word in range(MASK_WORD + 1):
            at = builder.add(place, ir.Constant(WORD, 8 * word))
            loaded = builder.load(builder.inttoptr(at, ir.PointerType(WORD)), align=8)
            row.append(_in_all_lanes(builder, loaded))
        before = builder.block
        head = builder.append_basic_block("columns")
        body = builder.append_basic_block("compared")
        after = builder.append_basic_block("strongest")
        builder.branch(head)
        builder.position_at_end(head)
        index, best = builder.phi(WORD), builder.phi(NUMBERS_OF_LANES)
        index.add_incoming(ir.Constant(WORD, 0), before)
        best.add_incoming(ir.Constant(NUMBERS_OF_LANES, [0] * LANES), before)
        builder.cbranch(builder.icmp_signed("<", index, count), body, after)
        builder.position_at_end(body)
        first = builder.add(columns, builder.mul(index, ir.Constant(WORD, 8)))
        keys = _keys(builder, row, first, step, index)
        larger = builder.select(builder.icmp_signed(">", keys, best), keys, best)
        index.add_incoming(builder.add(index, ir.Constant(WORD, LANES)), builder.block)
        best.add_incoming(larger, builder.block)
        builder.branch(head)
        builder.position_at_end(after)
        largest = cast("Any", cgutils).get_or_insert_function(
            builder.module, ir.FunctionType(NUMBER, [NUMBERS_OF_LANES]), "llvm.vector.reduce.smax.v8i32"
        )
        return builder.call(largest, [best])

    address, number = types.uintp, types.int64
    return types.int32(address, number, number, address), generate


most_similar_column = cast("Callable[..., Any]", intrinsic(_emit_most_similar_column))
"""``most_similar_column(columns, step, count, row)``: the loop of `local_gate` over the columns of a window,
eight at a time, with the same result.

`columns` is the address of the first column in the first word, `step` the bytes from one word to the next,
`count` a multiple of `LANES`, `row` the address of a packed minutia.
"""


def _emit_fetch_ahead(_context: Any, _address: Any) -> Any:
    def generate(_ctx: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        byte = ir.PointerType(ir.IntType(8))
        function = cast("Any", cgutils).get_or_insert_function(
            builder.module, ir.FunctionType(ir.VoidType(), [byte, NUMBER, NUMBER, NUMBER]), "llvm.prefetch.p0"
        )
        read, near, data = (ir.Constant(NUMBER, value) for value in (0, 3, 1))
        builder.call(function, [builder.inttoptr(arguments[0], byte), read, near, data])
        return ir.Constant(WORD, 0)

    return types.int64(types.uintp), generate


fetch_ahead = cast("Callable[[int], int]", intrinsic(_emit_fetch_ahead))
"""``fetch_ahead(address)`` asks for a cache line; one that is not there does no harm."""


class Pose(NamedTuple):
    """Unpacked pose words of one template. Each of shape (MAX_MINUTIAE,)."""

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    turn: NDArray[np.int32]


class Workspace(NamedTuple):
    """Arrays that one thread reuses for every pair; no kernel below allocates."""

    a: Pose
    b: Pose
    moved: Pose
    strength: NDArray[np.float32]
    support: NDArray[np.float32]
    agreement: NDArray[np.float32]
    rotation: NDArray[np.float32]
    chosen: NDArray[np.int32]
    pairs: NDArray[np.int32]
    pair_weight: NDArray[np.float32]
    best_pairs: NDArray[np.int32]
    best_weight: NDArray[np.float32]
    scratch: NDArray[np.float32]
    offers: NDArray[np.float32]
    offered: NDArray[np.int32]
    taken: NDArray[np.int32]
    terms: NDArray[np.float32]
    columns: NDArray[np.int64]
    ratios: NDArray[np.float32]


@kernel
def new_workspace() -> Workspace:
    """Allocate the arrays of one thread."""
    n = MAX_MINUTIAE
    return Workspace(
        Pose(np.empty(n, f32), np.empty(n, f32), np.empty(n, np.int32)),
        Pose(np.empty(n, f32), np.empty(n, f32), np.empty(n, np.int32)),
        Pose(np.empty(n, f32), np.empty(n, f32), np.empty(n, np.int32)),
        np.empty(STRONGEST, f32),
        np.empty(STRONGEST, f32),
        np.empty((STRONGEST, STRONGEST), f32),
        np.empty((3, STRONGEST), f32),
        np.empty((3, STRONGEST), np.int32),
        np.empty((2, n), np.int32),
        np.empty(n, f32),
        np.empty((2, n), np.int32),
        np.empty(n, f32),
        np.empty(n, f32),
        np.empty(n * 8, f32),
        np.empty((2, n * 8), np.int32),
        np.empty((2, n), np.int32),
        np.empty(TERMS, f32),
        np.empty(n, np.int64),
        np.empty(n, f32),
    )


@kernel
def turn_between(a: int, b: int) -> int:
    """Smallest difference of two directions in 1/256 turns, 0 to 128."""
    return abs(((a - b + 128) & 255) - 128)


@kernel
def most_similar_column_plainly(
    probe: NDArray[np.uint64], first: int, count: int, row: NDArray[np.uint64]
) -> Any:
    """Twin of `most_similar_column` that leaves the vectors to the compiler.

    Returns:
        Similarity times 4096 in the bits from 8 on, and the column, counted from the first, in those below.
    """
    c0, c1, c2, c3, c4, c5 = row[0], row[1], row[2], row[3], row[4], row[5]
    mask = row[MASK_WORD]
    p0 = probe[0, first : first + count]
    p1 = probe[1, first : first + count]
    p2 = probe[2, first : first + count]
    p3 = probe[3, first : first + count]
    p4 = probe[4, first : first + count]
    p5 = probe[5, first : first + count]
    p6 = probe[MASK_WORD, first : first + count]
    best = np.int32(0)
    for i in range(count):
        m = p6[i] & mask
        both = np.int32(
            popcount(p0[i] & c0)
            + popcount(p1[i] & c1)
            + popcount(p2[i] & c2)
            + popcount(p3[i] & c3)
            + popcount(p4[i] & c4)
            + popcount(p5[i] & c5)
        )
        union = np.int32(
            popcount((p0[i] | c0) & m)
            + popcount((p1[i] | c1) & m)
            + popcount((p2[i] | c2) & m)
            + popcount((p3[i] | c3) & m)
            + popcount((p4[i] | c4) & m)
            + popcount((p5[i] | c5) & m)
        )
        ratio = np.int32(f32(both) * f32(4096.0) / f32(np.int32(union + SMOOTHING)))
        best = max(best, np.int32(np.int32(ratio << np.int32(8)) | np.int32(i)))
    return best


@kernel
def local_gate(
    probe: NDArray[np.uint64],
    windows: NDArray[np.int32],
    rows: NDArray[np.uint64],
    columns: NDArray[np.int64],
    ratios: NDArray[np.float32],
    votes: NDArray[np.float32],
) -> Real:
    """Stage one: how strongly local similarities agree on one relative rotation.

    Args:
        probe: Probe words in columns, sorted by direction, three times over. Shape (8, K).
        windows: For each direction the first probe column to look at and how many. Shape (2, 256).
        rows: Packed minutiae of the reference. Shape (n, 8).
        columns: Receives the most similar probe column of each row. Shape (n,) or longer.
        ratios: Receives its similarity, 0 to 1. Shape (n,) or longer.
        votes: Scratch of shape (34,).

    Returns:
        Largest sum of two neighbouring bins of the rotation histogram.
    """
    votes[:] = 0.0
    for j in range(len(rows)):
        turn = np.int64((rows[j, POSE_WORD] >> np.uint64(32)) & np.uint64(255))
        first = windows[0, turn]
        count = windows[1, turn]
        if wide():
            place = probe.ctypes.data + 8 * first
            best = most_similar_column(place, 8 * probe.shape[1], count, rows.ctypes.data + 8 * WORDS * j)
        else:
            best = most_similar_column_plainly(probe, first, count, rows[j])
        columns[j] = first + (best & 255)
        ratios[j] = f32(best >> 8) * f32(1.0 / 4096.0)
        over = max(f32(0.0), ratios[j] - f32(GATE_FLOOR))  # a branch would be guessed wrong often
        other = np.int64((probe[POSE_WORD, columns[j]] >> np.uint64(32)) & np.uint64(255))
        votes[1 + (((turn - other) & 255) >> 3)] += over * over
    votes[0] = votes[32]
    votes[33] = votes[1]
    gate = f32(0)
    for k in range(1, 33):
        gate = max(gate, votes[k] + max(votes[k - 1], votes[k + 1]))
    return gate


@kernel
def unpack(word: np.uint64, pose: Pose, i: int) -> None:
    """One pose word to coordinates."""
    pose.x[i] = f32(word & np.uint64(0xFFFF))
    pose.y[i] = f32((word >> np.uint64(16)) & np.uint64(0xFFFF))
    pose.turn[i] = np.int32((word >> np.uint64(32)) & np.uint64(255))


@kernel
def unpack_all(rows: NDArray[np.uint64], pose: Pose) -> None:
    """The pose words of a template to coordinates."""
    for i in range(len(rows)):
        unpack(rows[i, POSE_WORD], pose, i)


@kernel
def consistency_gate(probe: NDArray[np.uint64], rows: NDArray[np.uint64], ws: Workspace) -> Real:
    """Stage two: mutual support of the local pairs that stage one left in the workspace."""
    count = 0
    for j in range(len(rows)):
        if ws.ratios[j] > 0.0:
            count = insert_pair(ws.ratios[j], j, j, count, ws)
    for p in range(count):
        unpack(probe[POSE_WORD, ws.columns[ws.chosen[0, p]]], ws.a, p)
        unpack(rows[ws.chosen[1, p], POSE_WORD], ws.b, p)
        ws.chosen[0, p] = p
        ws.chosen[1, p] = p
    return consistency(count, ws)


@kernel
def insert_pair(strength: Real, i: int, j: int, count: int, ws: Workspace) -> int:
    """Keep a local pair if it is among the strongest; returns how many are kept."""
    if count == STRONGEST and strength <= ws.strength[count - 1]:
        return count
    place = count if count < STRONGEST else STRONGEST - 1
    while place > 0 and ws.strength[place - 1] < strength:
        ws.strength[place] = ws.strength[place - 1]
        ws.chosen[0, place] = ws.chosen[0, place - 1]
        ws.chosen[1, place] = ws.chosen[1, place - 1]
        place -= 1
    ws.strength[place] = strength
    ws.chosen[0, place] = i
    ws.chosen[1, place] = j
    return min(count + 1, STRONGEST)


@kernel
def precedes(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> bool:
    """Order of two templates that does not depend on which is the probe: size, then words."""
    if len(a) != len(b):
        return len(a) < len(b)
    for i in range(len(a)):
        for word in range(POSE_WORD, -1, -1):
            if a[i, word] != b[i, word]:
                return bool(a[i, word] < b[i, word])
    return True


@kernel
def choose_strongest(a: NDArray[np.uint64], b: NDArray[np.uint64], ws: Workspace) -> int:
    """Strongest local pairs: each minutia of a with its most similar one of b inside the window."""
    count = 0
    for i in range(len(a)):
        best = -1
        strength = f32(0.0)
        for j in range(len(b)):
            if turn_between(ws.a.turn[i], ws.b.turn[j]) <= TURN_WINDOW:
                m = a[i, MASK_WORD] & b[j, MASK_WORD]
                both = 0
                union = 0
                for layer in range(LAYERS):
                    both += popcount(a[i, layer] & b[j, layer])
                    union += popcount((a[i, layer] | b[j, layer]) & m)
                similarity = f32(both) / f32(union + SMOOTHING)
                if similarity > strength:
                    strength = similarity
                    best = j
        if best >= 0:
            count = insert_pair(strength, i, best, count, ws)
    return count


@kernel
def consistency(count: int, ws: Workspace) -> Real:
    """Mutual support of the chosen pairs; also fills agreement, support and rotation."""
    for p in range(count):
        turn = (ws.b.turn[ws.chosen[1, p]] - ws.a.turn[ws.chosen[0, p]]) & 255
        ws.chosen[2, p] = turn
        ws.rotation[0, p] = f32(math.cos(turn * (2.0 * math.pi / TURN)))
        ws.rotation[1, p] = f32(math.sin(turn * (2.0 * math.pi / TURN)))
        ws.support[p] = 0.0
        ws.agreement[p, p] = 0.0
    for p in range(count):
        for q in range(p):
            w = f32(agreement_of(p, q, ws))
            ws.agreement[p, q] = w
            ws.agreement[q, p] = w
            ws.support[p] += w * ws.strength[q]
            ws.support[q] += w * ws.strength[p]
    total = f32(0.0)
    for p in range(count):
        total += ws.strength[p] * ws.support[p]
    return f32(math.sqrt(total))


@kernel
def agreement_of(p: int, q: int, ws: Workspace) -> Real:
    """How well two local pairs fit one rigid motion, 0 to 1."""
    turn = f32(turn_between(ws.chosen[2, p], ws.chosen[2, q])) * f32(1.0 / CONSISTENT_TURN)
    if turn >= f32(1.0):
        return f32(0.0)
    ap, bp, aq, bq = ws.chosen[0, p], ws.chosen[1, p], ws.chosen[0, q], ws.chosen[1, q]
    ax = ws.a.x[aq] - ws.a.x[ap]
    ay = ws.a.y[aq] - ws.a.y[ap]
    bx = ws.b.x[bq] - ws.b.x[bp]
    by = ws.b.y[bq] - ws.b.y[bp]
    apart_a = ax * ax + ay * ay
    apart_b = bx * bx + by * by
    if apart_a == f32(0.0) or apart_b == f32(0.0):  # the same minutia twice supports nothing
        return f32(0.0)
    c = ws.rotation[0, p] + ws.rotation[0, q]
    s = ws.rotation[1, p] + ws.rotation[1, q]
    norm = f32(1.0) / f32(math.sqrt(c * c + s * s))
    c *= norm
    s *= norm
    ex = c * ax - s * ay - bx
    ey = s * ax + c * ay - by
    misfit = (ex * ex + ey * ey) / (f32(CONSISTENT_UNITS2) + f32(CONSISTENT_GROWTH) * apart_b)
    return f32(max(f32(0.0), f32(1.0) - misfit) * (f32(1.0) - turn))


@kernel
def fit_cluster(anchor: int, count: int, ws: Workspace, motion: NDArray[np.float32]) -> None:
    """Rigid motion of b onto a from one pair and all that agree with it.

    Args:
        anchor: Index of the pair.
        count: Number of chosen pairs.
        ws: Workspace after `consistency`.
        motion: Receives cos, sin, centre in a (x, y), centre in b (x, y). Shape (6,).
    """
    motion[:] = 0.0
    total = f32(0.0)
    for q in range(count):
        w = ws.strength[q] * (f32(1.0) if q == anchor else ws.agreement[anchor, q])
        motion[0] += w * ws.rotation[0, q]
        motion[1] += w * ws.rotation[1, q]
        motion[2] += w * ws.a.x[ws.chosen[0, q]]
        motion[3] += w * ws.a.y[ws.chosen[0, q]]
        motion[4] += w * ws.b.x[ws.chosen[1, q]]
        motion[5] += w * ws.b.y[ws.chosen[1, q]]
        total += w
    norm = f32(1.0) / f32(math.sqrt(motion[0] * motion[0] + motion[1] * motion[1] + f32(1e-6)))
    motion[:2] *= norm
    motion[2:] /= total


@kernel
def fit_pairs(pairs: int, ws: Workspace, motion: NDArray[np.float32]) -> None:
    """Rigid motion of b onto a by weighted least squares over the pairs."""
    total = f32(0.0)
    centre = motion[2:]
    centre[:] = 0.0
    for k in range(pairs):
        w = ws.pair_weight[k]
        i, j = ws.pairs[0, k], ws.pairs[1, k]
        total += w
        centre[0] += w * ws.a.x[i]
        centre[1] += w * ws.a.y[i]
        centre[2] += w * ws.b.x[j]
        centre[3] += w * ws.b.y[j]
    centre /= total
    c = f32(0.0)
    s = f32(0.0)
    for k in range(pairs):
        w = ws.pair_weight[k]
        ax = ws.a.x[ws.pairs[0, k]] - centre[0]
        ay = ws.a.y[ws.pairs[0, k]] - centre[1]
        bx = ws.b.x[ws.pairs[1, k]] - centre[2]
        by = ws.b.y[ws.pairs[1, k]] - centre[3]
        c += w * (bx * ax + by * ay)
        s += w * (by * ax - bx * ay)
    if c * c + s * s > f32(1.0):
        norm = f32(1.0) / f32(math.sqrt(c * c + s * s))
        motion[0] = c * norm
        motion[1] = s * norm


@kernel
def move(size_b: int, ws: Workspace, motion: NDArray[np.float32]) -> None:
    """Place the minutiae of b in the frame of a."""
    turn = np.int32(np.rint(math.atan2(motion[1], motion[0]) * (TURN / (2.0 * math.pi))))
    for j in range(size_b):
        dx = ws.b.x[j] - motion[4]
        dy = ws.b.y[j] - motion[5]
        ws.moved.x[j] = motion[0] * dx + motion[1] * dy + motion[2]
        ws.moved.y[j] = motion[0] * dy - motion[1] * dx + motion[3]
        ws.moved.turn[j] = (ws.b.turn[j] - turn) & 255


@kernel
def take_out_distortion(size_b: int, pairs: int, ws: Workspace) -> None:
    """Shift each minutia of b by what the pairs around it say; a pair has no say about itself."""
    shift_x = ws.offers
    shift_y = ws.scratch
    for j in range(size_b):
        sum_x = f32(0.0)
        sum_y = f32(0.0)
        total = f32(LOCAL_INERTIA)
        for k in range(pairs):
            i, other = ws.pairs[0, k], ws.pairs[1, k]
            if other == j:
                continue
            dx = ws.moved.x[other] - ws.moved.x[j]
            dy = ws.moved.y[other] - ws.moved.y[j]
            near = f32(1.0) - (dx * dx + dy * dy) * f32(1.0 / LOCAL_REACH2)
            if near <= f32(0.0):
                continue
            w = ws.pair_weight[k] * near * near
            sum_x += w * (ws.a.x[i] - ws.moved.x[other])
            sum_y += w * (ws.a.y[i] - ws.moved.y[other])
            total += w
        shift_x[j] = sum_x / total
        shift_y[j] = sum_y / total
    for j in range(size_b):
        ws.moved.x[j] += shift_x[j]
        ws.moved.y[j] += shift_y[j]


@kernel
def pair_up(
    size_a: int,
    size_b: int,
    ws: Workspace,
    motion: NDArray[np.float32],
    reach2: float,
    growth: float,
    turn: float,
) -> int:
    """One-to-one pairing of a with the moved b, smallest misfit first."""
    offers = 0
    limit = len(ws.offers)
    for j in range(size_b):
        dx = ws.moved.x[j] - motion[2]
        dy = ws.moved.y[j] - motion[3]
        allowed2 = f32(reach2) + f32(growth) * (dx * dx + dy * dy)
        for i in range(size_a):
            ex = ws.a.x[i] - ws.moved.x[j]
            ey = ws.a.y[i] - ws.moved.y[j]
            ws.scratch[i] = ex * ex + ey * ey
        for i in range(size_a):
            if ws.scratch[i] >= allowed2:
                continue
            off = f32(turn_between(ws.a.turn[i], ws.moved.turn[j])) * f32(1.0 / turn)
            misfit = ws.scratch[i] / allowed2 + off * off
            if misfit < f32(1.0) and offers < limit:
                place = offers
                while place > 0 and ws.offers[place - 1] > misfit:
                    ws.offers[place] = ws.offers[place - 1]
                    ws.offered[0, place] = ws.offered[0, place - 1]
                    ws.offered[1, place] = ws.offered[1, place - 1]
                    place -= 1
                ws.offers[place] = misfit
                ws.offered[0, place] = i
                ws.offered[1, place] = j
                offers += 1
    ws.taken[0, :size_a] = 0
    ws.taken[1, :size_b] = 0
    pairs = 0
    for k in range(offers):
        i, j = ws.offered[0, k], ws.offered[1, k]
        if ws.taken[0, i] == 0 and ws.taken[1, j] == 0:
            ws.taken[0, i] = 1
            ws.taken[1, j] = 1
            ws.pairs[0, pairs] = i
            ws.pairs[1, pairs] = j
            ws.pair_weight[pairs] = f32(1.0) - ws.offers[k]
            pairs += 1
    return pairs


@kernel
def count_inside(pose: Pose, size: int, other: Pose, other_size: int) -> int:
    """Minutiae of one print inside the box around the other's, widened by the margin."""
    left = right = other.x[0]
    low = high = other.y[0]
    for j in range(1, other_size):
        left = min(left, other.x[j])
        right = max(right, other.x[j])
        low = min(low, other.y[j])
        high = max(high, other.y[j])
    inside = 0
    for i in range(size):
        if left - MARGIN < pose.x[i] < right + MARGIN and low - MARGIN < pose.y[i] < high + MARGIN:
            inside += 1
    return inside


@kernel
def align(size_a: int, size_b: int, ws: Workspace, motion: NDArray[np.float32]) -> int:
    """Stage three for one start: pair, refit, pair, take out distortion, pair; returns the pairs."""
    move(size_b, ws, motion)
    pairs = pair_up(size_a, size_b, ws, motion, PAIRING_UNITS2, PAIRING_GROWTH, PAIRING_TURN)
    if pairs < 2:
        return 0
    fit_pairs(pairs, ws, motion)
    move(size_b, ws, motion)
    pairs = pair_up(size_a, size_b, ws, motion, PAIRING_UNITS2, PAIRING_GROWTH, PAIRING_TURN)
    if pairs < 2:
        return 0
    take_out_distortion(size_b, pairs, ws)
    return pair_up(size_a, size_b, ws, motion, LOCAL_UNITS2, 0.0, LOCAL_TURN)


@kernel
def keep_if_better(pairs: int, size_a: int, size_b: int, ws: Workspace, motion: NDArray[np.float32]) -> None:
    """Weigh one alignment and keep it, where its matched mass x fraction squared beats what is kept."""
    mass = f32(0.0)
    for k in range(pairs):
        mass += f32(1.0) - (f32(1.0) - ws.pair_weight[k]) * f32(MISFIT_COST)
    overlap_a = count_inside(ws.a, size_a, ws.moved, size_b)
    overlap_b = count_inside(ws.moved, size_b, ws.a, size_a)
    fraction = mass / f32(math.sqrt(max(overlap_a, FEWEST_OVERLAPPING) * max(overlap_b, FEWEST_OVERLAPPING)))
    terms = ws.terms
    kept = terms[MATCHED_MASS] * terms[MATCHED_FRACTION] * terms[MATCHED_FRACTION]
    if mass * fraction * fraction <= kept:
        return
    terms[MATCHED_MASS] = mass
    terms[MATCHED_FRACTION] = fraction
    terms[OVERLAP_A] = overlap_a
    terms[OVERLAP_B] = overlap_b
    terms[COS] = motion[0]
    terms[SIN] = motion[1]
    terms[SHIFT_X] = motion[2] - motion[0] * motion[4] - motion[1] * motion[5]
    terms[SHIFT_Y] = motion[3] + motion[1] * motion[4] - motion[0] * motion[5]
    for k in range(pairs):
        ws.best_pairs[0, k] = ws.pairs[0, k]
        ws.best_pairs[1, k] = ws.pairs[1, k]
        ws.best_weight[k] = f32(1.0) - (f32(1.0) - ws.pair_weight[k]) * f32(MISFIT_COST)
    terms[PAIRS] = pairs
    measure_pairs(pairs, ws)


@kernel
def measure_pairs(pairs: int, ws: Workspace) -> None:
    """How far the pairs still lie apart, and over how much skin they spread, both as a length.

    Places are whole numbers, so that sums of float64 are exact and depend on no order.
    """
    apart2 = f32(0.0)
    x = 0.0
    y = 0.0
    xx = 0.0
    yy = 0.0
    xy = 0.0
    for k in range(pairs):
        i, j = ws.pairs[0, k], ws.pairs[1, k]
        ex = ws.a.x[i] - ws.moved.x[j]
        ey = ws.a.y[i] - ws.moved.y[j]
        apart2 += ex * ex + ey * ey
        px = np.float64(ws.a.x[i])
        py = np.float64(ws.a.y[i])
        x += px
        y += py
        xx += px * px
        yy += py * py
        xy += px * py
    across = pairs * xx - x * x
    down = pairs * yy - y * y
    slant = pairs * xy - x * y
    ws.terms[MISFIT] = f32(math.sqrt(apart2 / f32(pairs)))
    ws.terms[SPREAD] = f32(math.sqrt(math.sqrt(max(0.0, across * down - slant * slant))) / pairs)


@kernel
def similarity_of(terms: NDArray[np.float32], size: int) -> Real:
    """The score: learned evidence for one finger, bent so that it stays above 0 and nowhere jumps.

    Args:
        terms: Terms of the kept alignment. Shape (TERMS,).
        size: Minutiae of the smaller template.

    Returns:
        0 where nothing was aligned. Its square root rises by the root of `SCORE_UNIT` a nat of evidence.
    """
    if terms[PAIRS] == f32(0.0):
        return f32(0.0)
    evidence = (
        f32(MASS_WEIGHT) * f32(math.sqrt(terms[MATCHED_MASS]))
        + f32(FRACTION_WEIGHT) * f32(math.log(terms[MATCHED_FRACTION] + f32(FRACTION_FLOOR)))
        + f32(CONSISTENCY_WEIGHT) * f32(math.sqrt(terms[CONSISTENCY]))
        + f32(MISFIT_WEIGHT) * terms[MISFIT]
        + f32(SPREAD_WEIGHT) * terms[SPREAD]
        + f32(SIZE_WEIGHT) * f32(math.log(f32(1 + size)))
        + f32(SCORE_OFFSET)
    )
    bend = f32(math.sqrt(evidence * evidence + f32(4.0)))
    flat = f32(2.0) / (bend - evidence)  # the same number, without a difference of two large ones
    root = f32(0.5) * (bend + evidence) if evidence > f32(0.0) else flat
    return f32(f32(SCORE_UNIT) * root * root)


@kernel
def next_anchor(count: int, ws: Workspace, motion_index: int) -> int:
    """Most supported pair that no earlier alignment agreed with, or -1."""
    best = -1
    for p in range(count):
        if ws.rotation[2, p] == 0.0 and (
            best < 0 or ws.strength[p] * ws.support[p] > ws.strength[best] * ws.support[best]
        ):
            best = p
    if best < 0 or (motion_index > 0 and ws.support[best] <= 0.0):
        return -1
    for p in range(count):
        if p == best or ws.agreement[best, p] > 0.0:
            ws.rotation[2, p] = 1.0
    return best


@kernel
def refine(a: NDArray[np.uint64], b: NDArray[np.uint64], ws: Workspace) -> Real:
    """Stage three for two templates in canonical order.

    Args:
        a: Packed minutiae of the template that comes first. Shape (n, 8).
        b: Packed minutiae of the other. Shape (m, 8).
        ws: Workspace; its terms and best pairs hold the details afterwards.

    Returns:
        Similarity, 0 or more.
    """
    ws.terms[:] = 0.0
    ws.terms[COS] = 1.0
    size_a, size_b = len(a), len(b)
    unpack_all(a, ws.a)
    unpack_all(b, ws.b)
    count = choose_strongest(a, b, ws)
    ws.terms[CONSISTENCY] = consistency(count, ws)
    ws.rotation[2, :] = 0.0
    motion = np.empty(6, f32)
    for attempt in range(ALIGNMENTS):
        anchor = next_anchor(count, ws, attempt)
        if anchor < 0:
            break
        fit_cluster(anchor, count, ws, motion)
        pairs = align(size_a, size_b, ws, motion)
        if pairs >= 2:
            keep_if_better(pairs, size_a, size_b, ws, motion)
    ws.terms[SIMILARITY] = similarity_of(ws.terms, min(size_a, size_b))
    return f32(ws.terms[SIMILARITY])


@kernel
def refine_either_way(a: NDArray[np.uint64], b: NDArray[np.uint64], ws: Workspace) -> Real:
    """`refine` with the two put into canonical order first."""
    if precedes(a, b):
        return refine(a, b, ws)
    return refine(b, a, ws)


@kernel
def search_block(
    probe: NDArray[np.uint64],
    windows: NDArray[np.int32],
    probe_rows: NDArray[np.uint64],
    words: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    similarities: NDArray[np.float32],
    first: int,
    last: int,
    gate_one: float,
    gate_two: float,
) -> tuple[int, int]:
    """Cascade of one probe against the references `first` to `last`.

    Args:
        probe: Probe words in columns, see `local_gate`. Shape (8, K).
        windows: See `local_gate`. Shape (2, 256).
        probe_rows: Packed minutiae of the probe. Shape (n, 8).
        words: Packed minutiae of the gallery. Shape (total, 8).
        offsets: Rows of each reference. Shape (N + 1,).
        similarities: Receives one score a reference; 0 where a gate stopped it. Shape (N,).
        first: First reference.
        last: One past the last reference.
        gate_one: Gate of stage one; negative skips stages one and two.
        gate_two: Gate of stage two.

    Returns:
        How many references passed stage one, and stage two.
    """
    ws = new_workspace()
    votes = np.zeros(34, f32)
    passed_one = 0
    passed_two = 0
    for g in range(first, last):
        rows = words[offsets[g] : offsets[g + 1]]
        similarities[g] = 0.0
        if gate_one >= 0.0:
            following = words.ctypes.data + 8 * WORDS * offsets[g + 1]
            for j in range(GATE_MINUTIAE):
                fetch_ahead(following + 8 * WORDS * j)
            foremost = rows[:GATE_MINUTIAE]
            if local_gate(probe, windows, foremost, ws.columns, ws.ratios, votes) < gate_one:
                continue
            passed_one += 1
            if consistency_gate(probe, foremost, ws) < gate_two:
                continue
            passed_two += 1
        similarities[g] = refine_either_way(probe_rows, rows, ws)
    return passed_one, passed_two


@kernel
def compare_rows(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> Real:
    """Similarity of two packed templates, without gates."""
    return refine_either_way(a, b, new_workspace())


@kernel
def explain_rows(
    probe: NDArray[np.uint64],
    reference: NDArray[np.uint64],
    pairs: NDArray[np.int32],
    weights: NDArray[np.float32],
) -> tuple[NDArray[np.float32], int]:
    """Terms and pairs of one comparison, told from the probe's side.

    Args:
        probe: Packed minutiae. Shape (n, 8).
        reference: Packed minutiae. Shape (m, 8).
        pairs: Receives row in the probe and row in the reference of each pair. Shape (2, 37).
        weights: Receives the weight of each pair. Shape (37,).

    Returns:
        The terms, with the motion that brings the reference onto the probe, and the number of pairs.
    """
    ws = new_workspace()
    swapped = not precedes(probe, reference)
    if swapped:
        refine(reference, probe, ws)
    else:
        refine(probe, reference, ws)
    terms = ws.terms.copy()
    count = int(terms[PAIRS])
    first, second = (1, 0) if swapped else (0, 1)
    for k in range(count):
        pairs[0, k] = ws.best_pairs[first, k]
        pairs[1, k] = ws.best_pairs[second, k]
        weights[k] = ws.best_weight[k]
    if swapped:
        terms[OVERLAP_A], terms[OVERLAP_B] = terms[OVERLAP_B], terms[OVERLAP_A]
        x, y = terms[SHIFT_X], terms[SHIFT_Y]
        terms[SIN] = -terms[SIN]
        terms[SHIFT_X] = -terms[COS] * x - terms[SIN] * y
        terms[SHIFT_Y] = terms[SIN] * x - terms[COS] * y
    return terms[:PAIRS], count


@kernel
def terms_of_pairs(
    words: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    pairs: NDArray[np.int64],
    terms: NDArray[np.float32],
) -> None:
    """Terms of many comparisons: what a score is learned from.

    Args:
        words: Packed minutiae. Shape (total, 8).
        offsets: Rows of each template. Shape (N + 1,).
        pairs: Two templates each. Shape (2, P).
        terms: Receives the terms, told from the side that canonical order puts first. Shape (P, TERMS).
    """
    ws = new_workspace()
    for k in range(len(terms)):
        a = words[offsets[pairs[0, k]] : offsets[pairs[0, k] + 1]]
        b = words[offsets[pairs[1, k]] : offsets[pairs[1, k] + 1]]
        refine_either_way(a, b, ws)
        terms[k] = ws.terms
