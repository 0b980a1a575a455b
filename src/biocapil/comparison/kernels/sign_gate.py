"""Kernel: which pairs of probe and reference may be alike, told from the signs of the reference.

    for a chunk of the gallery, whose signs stay in a near cache
        for a tile of eight probes
            for a block of 16 rows      tile_of_eight: the first words of 128 pairs in registers; what may
                                        pass is put on a list
            for each of the list        all words of one pair; what passes is put on another
            for each of that            weighed: the values of the probe where the signs are positive

A count of differing signs starts from one less than minus the most that may differ, so that it ends below
zero where a pair passes. What is put on a list is written in any case and the list then grows or does not: a
processor could not foresee a branch there. The layout stands in `biocapil.comparison.embedding_layout`, the
twin in plain numpy in `biocapil.comparison.reference.embeddings`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from biocapil.comparison.kernels.compilation import kernel

# Numbers of the layout, which a test holds to `embedding_layout`: numba's cache sees no edit in another file.

LANES = 16
TILE = 8
SIGNS = 64

CHUNK_BLOCKS = 64
"""Blocks that all tiles of probes pass over before the next."""

VECTOR, PLAIN = 0, 1
"""Which tiles a gate takes: vector instructions, or loops."""

TILES: int = PLAIN if os.environ.get("NUMBA_DISABLE_JIT", "0") != "0" else VECTOR
"""Tiles that can run in this process."""

I8, I16, I32, I64 = (ir.IntType(bits) for bits in (8, 16, 32, 64))
WORDS = ir.VectorType(I64, LANES)
"""The same word of sixteen rows."""

STEPS = ir.VectorType(I8, SIGNS)
"""Quantised values of a probe, as many as a word has signs."""

WORD_BYTES = 8
BLOCK_WORD_BYTES = LANES * WORD_BYTES

Value = Any
"""A value of LLVM's intermediate language."""


def loaded(builder: Any, address: Value, kind: Any, *, align: int = WORD_BYTES) -> Value:
    """What stands at an address."""
    return builder.load(builder.inttoptr(address, kind.as_pointer()), align=align)


def splat(builder: Any, word: Value) -> Value:
    """A word in all lanes."""
    nothing = ir.Constant(WORDS, None)
    first = builder.insert_element(nothing, word, I32(0))
    return builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(I32, LANES), [0] * LANES))


def declared(builder: Any, name: str, result: Any, arguments: list[Any]) -> Value:
    """An instruction of LLVM by its name."""
    kind = ir.FunctionType(result, arguments)
    return cast("Any", cgutils).get_or_insert_function(builder.module, kind, name)


def has(context: Any, feature: str) -> bool:
    """Whether the processor that numba compiles for has a feature."""
    _triple, _name, features = context.codegen().magic_tuple()
    return f"+{feature}" in features.split(",")


def looped(
    builder: Any, count: Value, begun: list[Value], body: Callable[[Value, list[Value]], list[Value]]
) -> list[Value]:
    """Values carried through `body(index, values)` for each index below a count of at least 1."""
    before = builder.block
    loop, after = builder.append_basic_block("word"), builder.append_basic_block("words")
    builder.branch(loop)
    builder.position_at_end(loop)
    index = builder.phi(I64)
    index.add_incoming(I64(0), before)
    carried = [builder.phi(value.type) for value in begun]
    for phi, value in zip(carried, begun, strict=True):
        phi.add_incoming(value, before)
    found = body(index, carried)
    following = builder.add(index, I64(1))
    index.add_incoming(following, builder.block)
    for phi, value in zip(carried, found, strict=True):
        phi.add_incoming(value, builder.block)
    builder.cbranch(builder.icmp_unsigned("<", following, count), loop, after)
    builder.position_at_end(after)
    return found


def counted(
    builder: Any, words: Value, block: Value, tile: Value, begun: list[Value], width: int
) -> list[Value]:
    """Sixteen counts of differing signs for each of some probes, from their starts on.

    Args:
        builder: Of the code.
        words: How many.
        block: Address of the block.
        tile: Address of the first of these probes in its tile.
        begun: Start of each probe.
        width: Probes of the tile.
    """
    count = declared(builder, "llvm.ctpop.v16i64", WORDS, [WORDS])

    def body(index: Value, sums: list[Value]) -> list[Value]:
        references = loaded(builder, builder.add(block, builder.mul(index, I64(BLOCK_WORD_BYTES))), WORDS)
        own = builder.add(tile, builder.mul(index, I64(width * WORD_BYTES)))
        found: list[Value] = []
        for one, so_far in enumerate(sums):
            word = splat(builder, loaded(builder, builder.add(own, I64(WORD_BYTES * one)), I64))
            found.append(builder.add(so_far, builder.call(count, [builder.xor(references, word)])))
        return found

    return looped(builder, words, [splat(builder, start) for start in begun], body)


def listed(builder: Any, counts: list[Value], first: Value, listing: Value, number: Value) -> Value:
    """Put the probes that have a count below zero on a list, see `plain_tile`; its new length.

    Every probe is written and stays where the list then grows: a processor could not foresee a branch here.
    """
    for one, count in enumerate(counts):
        rows = builder.zext(
            builder.bitcast(builder.icmp_signed("<", count, ir.Constant(WORDS, None)), I16), I64
        )
        entry = builder.or_(builder.add(first, I64(one)), builder.shl(rows, I64(16)))
        place = builder.add(listing, builder.mul(number, I64(WORD_BYTES)))
        builder.store(entry, builder.inttoptr(place, I64.as_pointer()), align=WORD_BYTES)
        number = builder.add(number, builder.zext(builder.icmp_unsigned("!=", rows, I64(0)), I64))
    return number


def addresses(
    context: Any, builder: Any, signature: Any, arguments: Any, places: tuple[int, ...]
) -> list[Value]:
    """Where the data of some array arguments begin."""
    arrays = [
        context.make_array(signature.args[place])(context, builder, arguments[place]) for place in places
    ]
    return [builder.ptrtoint(array.data, I64) for array in arrays]


def words_a_row(context: Any, builder: Any, signature: Any, arguments: Any) -> Value:
    """Words of a row, told by the first argument."""
    gallery = context.make_array(signature.args[0])(context, builder, arguments[0])
    return builder.extract_value(gallery.shape, 1)


def _emitter_of(width: int) -> Callable[..., Any]:
    """Type and code of a tile of so many probes, as numba asks for them."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        gallery, probes, starts, listing = addresses(context, builder, signature, arguments, (0, 2, 4, 6))
        _, block, _, tile, _, words, _, number, entry = arguments
        row = words_a_row(context, builder, signature, arguments)
        block = builder.add(gallery, builder.mul(block, builder.mul(row, I64(BLOCK_WORD_BYTES))))
        own = builder.add(probes, builder.mul(tile, builder.mul(row, I64(width * WORD_BYTES))))
        begin = builder.add(starts, builder.mul(tile, I64(width * WORD_BYTES)))
        at_once = TILE if has(context, "avx512vpopcntdq") else 2
        for first in range(0, width, at_once):
            some = range(first, min(first + at_once, width))
            begun = [loaded(builder, builder.add(begin, I64(WORD_BYTES * one)), I64) for one in some]
            beside = builder.add(own, I64(WORD_BYTES * first))
            counts = counted(builder, words, block, beside, begun, width)
            number = listed(builder, counts, builder.add(entry, I64(first)), listing, number)
        return number

    def emit(
        _context: Any, gallery: Any, _block: Any, own: Any, _tile: Any, starts: Any, _words: Any,
        listing: Any, _number: Any, _entry: Any,
    ) -> Any:  # fmt: skip
        whole = types.int64
        return whole(gallery, whole, own, whole, starts, whole, listing, whole, whole), generate

    return emit


tile_of_eight = cast("Callable[..., int]", intrinsic(_emitter_of(TILE)))
"""Eight probes with one block; arguments as those of `plain_tile`."""

tile_of_one = cast("Callable[..., int]", intrinsic(_emitter_of(1)))
"""One probe with one block."""


def _emit_popcount(_context: Any, _word: Any) -> Any:
    def generate(_ctx: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


popcount = cast("Callable[[Any], int]", intrinsic(_emit_popcount))
"""Set bits of a word."""


def _emit_lowest(_context: Any, _bits: Any) -> Any:
    def generate(_ctx: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), generate


lowest_bit = cast("Callable[[Any], int]", intrinsic(_emit_lowest))
"""Place of the lowest set bit of a number that is not 0."""


def _emit_weighed(_context: Any, gallery: Any, _block: Any, _lane: Any, steps: Any, _probe: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        at, values = addresses(context, builder, signature, arguments, (0, 3))
        _, block, lane, _, probe = arguments
        row = words_a_row(context, builder, signature, arguments)
        block = builder.add(at, builder.mul(block, builder.mul(row, I64(BLOCK_WORD_BYTES))))
        block = builder.add(block, builder.mul(lane, I64(WORD_BYTES)))
        own = builder.add(values, builder.mul(probe, builder.mul(row, I64(SIGNS))))
        dotted = has(context, "avx512vnni") and has(context, "avx512bw")
        sums = ir.VectorType(I32, SIGNS // 4)

        def body(index: Value, so_far: list[Value]) -> list[Value]:
            signs = loaded(builder, builder.add(block, builder.mul(index, I64(BLOCK_WORD_BYTES))), I64)
            some = loaded(builder, builder.add(own, builder.mul(index, I64(SIGNS))), STEPS, align=1)
            positive = builder.bitcast(signs, ir.VectorType(ir.IntType(1), SIGNS))
            kept = builder.select(positive, some, ir.Constant(STEPS, None))
            if dotted:
                ones = ir.Constant(sums, [0x01010101] * sums.count)
                dot = declared(builder, "llvm.x86.avx512.vpdpbusd.512", sums, [sums] * 3)
                return [builder.call(dot, [so_far[0], ones, builder.bitcast(kept, sums)])]
            total = so_far[0]
            for part in range(4):
                lanes = ir.Constant(ir.VectorType(I32, sums.count), list(range(part, SIGNS, 4)))
                quarter = builder.shuffle_vector(kept, kept, lanes)
                total = builder.add(total, builder.sext(quarter, sums))
            return [total]

        (total,) = looped(builder, row, [ir.Constant(sums, None)], body)
        added = declared(builder, "llvm.vector.reduce.add.v16i32", I32, [sums])
        return builder.sext(builder.call(added, [total]), I64)

    whole = types.int64
    return whole(gallery, whole, whole, steps, whole), generate


weighed = cast("Callable[..., int]", intrinsic(_emit_weighed))
"""Values of a probe added up where the signs of a row are positive; arguments as of `plain_weighed`."""


@kernel
def bits_of(word: Any) -> int:
    """Set bits of a word, counted one by one."""
    rest = np.uint64(word)
    count = 0
    while rest != np.uint64(0):
        rest &= rest - np.uint64(1)
        count += 1
    return count


@kernel
def plain_tile(
    gallery: NDArray[np.uint64],
    block: int,
    probes: NDArray[np.uint64],
    tile: int,
    starts: NDArray[np.int64],
    words: int,
    listing: NDArray[np.int64],
    number: int,
    entry: int,
) -> int:
    """Put the probes of a tile on a list that may pass with a row of a block, in loops.

    Args:
        gallery: Sign bits in blocks. Shape (B, words, 16, 1).
        block: Which block.
        probes: Tiles. Shape (T, words, 8 or 1, 1).
        tile: Which tile.
        starts: Minus the most signs that may differ, less one. Shape (T, 8 or 1).
        words: How many words are looked at, from the first.
        listing: Receives the probes, and 65536 x which rows may pass, lowest bit first. Shape (at least
            number + 8,).
        number: Length of the list so far.
        entry: What stands on the list for the first probe of the tile; the others count on.

    Returns:
        Its length now.
    """
    for probe in range(probes.shape[2]):
        rows = 0
        for lane in range(LANES):
            count = starts[tile, probe]
            for word in range(words):
                count += bits_of(gallery[block, word, lane, 0] ^ probes[tile, word, probe, 0])
            if count < 0:
                rows |= 1 << lane
        listing[number] = entry + probe + (rows << 16)
        number += 1 if rows != 0 else 0
    return number


@kernel
def plain_weighed(
    gallery: NDArray[np.uint64], block: int, lane: int, steps: NDArray[np.int8], probe: int
) -> int:
    """Sum of the values of a probe where the signs of a row are positive, in loops.

    Args:
        gallery: See `plain_tile`.
        block: Block of the row.
        lane: Its lane.
        steps: Quantised probes, filled up to whole words of signs. Shape (P, 64 x words).
        probe: Which probe.
    """
    total = 0
    for place in range(steps.shape[1]):
        word = gallery[block, place // SIGNS, lane, 0]
        if (word >> np.uint64(place % SIGNS)) & np.uint64(1):
            total += int(steps[probe, place])
    return total


@kernel
def gate_pairs(
    gallery: NDArray[np.uint64],
    probes: NDArray[np.uint64],
    starts: NDArray[np.int64],
    words: int,
    most: int,
    steps: NDArray[np.int8],
    least: NDArray[np.int64],
    found_probes: NDArray[np.int64],
    found_rows: NDArray[np.int64],
    first: int,
    last: int,
    count: int,
    after: int,
    way: int,
) -> int:
    """All pairs that may be alike among the blocks `first` to `last`.

    Args:
        gallery: See `plain_tile`.
        probes: See `plain_tile`.
        starts: See `plain_tile`; lanes that are left over in the last tile start from 0.
        words: Words that are looked at first.
        most: Most signs that may differ in all words.
        steps: See `plain_weighed`.
        least: Smallest weighed sum of each probe that passes. Shape (P,).
        found_probes: Receives the probe of each pair. Shape (room,).
        found_rows: Receives the row of each pair. Shape (room,).
        first: First block.
        last: One past the last block.
        count: Rows of the gallery; what lies beyond fills up the last group.
        after: Only rows above this number plus that of the probe count.
        way: VECTOR or PLAIN.

    Returns:
        How many pairs there are, also where there is not room for all.
    """
    width = probes.shape[2]
    listing = np.empty(TILE * (CHUNK_BLOCKS + 1), np.int64)
    passing = np.empty(TILE * LANES * CHUNK_BLOCKS + 1, np.int64)
    pairs = 0
    for chunk in range(first, last, CHUNK_BLOCKS):
        for tile in range(len(probes)):
            number = 0
            for near in range(min(CHUNK_BLOCKS, last - chunk)):
                block, entry = chunk + near, near * TILE
                if way == PLAIN:
                    number = plain_tile(gallery, block, probes, tile, starts, words, listing, number, entry)
                elif width == TILE:
                    number = tile_of_eight(
                        gallery, block, probes, tile, starts, words, listing, number, entry
                    )
                else:
                    number = tile_of_one(gallery, block, probes, tile, starts, words, listing, number, entry)
            place, passed = 0, 0
            while place < number:
                entry = int(listing[place])
                block, own, rows = chunk + (entry & 0xFFFF) // TILE, entry % TILE, entry >> 16
                lane = bits_of((rows & -rows) - 1) if way == PLAIN else lowest_bit(rows)
                differing = 0
                for word in range(gallery.shape[1]):
                    other = gallery[block, word, lane, 0] ^ probes[tile, word, own, 0]
                    differing += bits_of(other) if way == PLAIN else popcount(other)
                passing[passed] = (block * LANES + lane) * TILE + own
                passed += 1 if differing <= most else 0
                listing[place] = (entry & 0xFFFF) + ((rows & (rows - 1)) << 16)
                place += 1 if rows & (rows - 1) == 0 else 0
            for place in range(passed):
                row, probe = passing[place] // TILE, tile * width + passing[place] % TILE
                if way == PLAIN:
                    total = plain_weighed(gallery, row // LANES, row % LANES, steps, probe)
                else:
                    total = weighed(gallery, row // LANES, row % LANES, steps, probe)
                if total >= least[probe] and row < count and row > after + probe:
                    if pairs < len(found_rows):
                        found_probes[pairs] = probe
                        found_rows[pairs] = row
                    pairs += 1
    return pairs
