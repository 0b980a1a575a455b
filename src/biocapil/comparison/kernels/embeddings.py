"""Kernels: inner products of many probes with many references, never written to memory.

    for a chunk of the gallery that stays in the second-level cache
        for a tile of eight probes
            for a group of three blocks, 48 rows                  tile_of_eight: 384 scores in registers
                is any of them above the bound of its probe?      seldom: only then are they stored,
                                                                  and the bound may rise

One probe alone reads the gallery once, block after block (`tile_of_one`). The layout stands in
`biocapil.comparison.embedding_layout`. The tiles are written as vector instructions of LLVM, so that
every processor gets code; for bytes the best of these is taken when the tile is compiled, by the features
of the processor that it is compiled for:

    AVX-512 VNNI, AVX-VNNI   vpdpbusd: four products of bytes and their sum in one instruction
    AVX2                     vpmaddwd on bytes widened to 16 bits (vpmaddubsw would saturate)
    others                   products in 32 bits

All are exact, so that integers are the same everywhere. 16-bit floats are widened to float32: float16 with
vcvtph2ps, else by shifts and one exact product, bfloat16 by shifts, or multiplied and added two at a time by
vdpbf16ps where that is faster. A score in float32 is one chain of multiply-adds over the dimensions in a
fixed order: the same bits in every tile and for any number of threads, the last of them different where a
processor cannot fuse the two or fuses them in pairs. `plain_tile` says the same in loops that a test forces;
the twin in plain numpy is `biocapil.comparison.reference.embeddings`.
"""

from __future__ import annotations

import math
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from biocapil.comparison.kernels.compilation import kernel

# Numbers of the layout. They stand here again because numba's cache does not see an edit in another file;
# a test holds them to `biocapil.comparison.embedding_layout`.

LANES = 16
GROUP = 3
TILE = 8

CHUNK_BYTES = 512 * 1024
"""Part of the gallery that all tiles of probes pass over before the next: half of a second-level cache."""

START, BOUND = 0, 1
"""Rows of the limits: what the score of a probe starts from, and what it must exceed."""

VECTOR, PLAIN = 0, 1
"""Which tiles a search takes: vector instructions, or the loops of `plain_tile`."""

TILES: int = PLAIN if os.environ.get("NUMBA_DISABLE_JIT", "0") != "0" else VECTOR
"""Tiles that can run in this process."""

I8, I16, I32, I64 = (ir.IntType(bits) for bits in (8, 16, 32, 64))
F16, F32 = ir.HalfType(), ir.FloatType()

Value = Any
"""A value of LLVM's intermediate language."""


class Brain(ir.Type):  # type: ignore[misc]  # llvmlite has no types
    """The type bfloat, which llvmlite lacks."""

    def __str__(self) -> str:
        return "bfloat"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Brain)

    def __hash__(self) -> int:
        return hash(Brain)


class Arithmetic(ABC):
    """How one word of a gallery block and the same word of a probe add to sixteen scores.

    Attributes:
        gallery_word: Bytes of one word of a block.
        probe_word: Bytes of one word of a probe.
        vector: Type that a gallery word is loaded as.
        scalar: Type that a probe word is loaded as.
        scores: Type of sixteen scores.
        shape: Probes and blocks whose sums are held in registers together.
        chains: Sums that one block and one probe alone are split into, so that additions need not wait
            for each other; 1 where the order of additions shows.
    """

    gallery_word = 64
    probe_word = 4
    vector = ir.VectorType(I32, LANES)
    scalar: ir.Type = I32
    scores = ir.VectorType(I32, LANES)
    shape = (TILE, GROUP)
    chains = 1

    def __init__(self, *, wide: bool) -> None:
        if not wide:
            self.shape = (4, 1)

    def prepared(self, _builder: Any, word: Value) -> Value:
        """A gallery word as `added` wants it; done once for all probes."""
        return word

    def of_probe(self, builder: Any, address: Value) -> Value:
        """A probe word as `added` wants it."""
        return loaded(builder, address, self.scalar)

    @abstractmethod
    def begun(self, builder: Any, start: Value) -> list[Value]:
        """Sums that start from a scalar."""

    @abstractmethod
    def added(self, builder: Any, sums: Sequence[Value], prepared: Value, probe: Value) -> list[Value]:
        """Sums with one word more; `probe` is a scalar."""

    def finished(self, _builder: Any, sums: Sequence[Value]) -> Value:
        """Sixteen scores."""
        return sums[0]


class Floats(Arithmetic):
    """One float32 dimension a word: a multiply-add."""

    vector = ir.VectorType(F32, LANES)
    scalar = F32
    scores = ir.VectorType(F32, LANES)

    def begun(self, builder: Any, start: Value) -> list[Value]:
        """One vector of sums."""
        return [splat(builder, start, LANES)]

    def added(self, builder: Any, sums: Sequence[Value], prepared: Value, probe: Value) -> list[Value]:
        """Fused where the processor can."""
        return [multiplied_and_added(builder, prepared, splat(builder, probe, LANES), sums[0])]


class Halves(Floats):
    """One float16 dimension a word in the gallery, the same widened in the probe."""

    gallery_word = 32
    vector = ir.VectorType(I16, LANES)

    def prepared(self, builder: Any, word: Value) -> Value:
        """Widened by one instruction."""
        halves = builder.bitcast(word, ir.VectorType(F16, LANES))
        return builder.fpext(halves, self.scores)


class ShiftedHalves(Halves):
    """The same where no instruction widens: bits move to their places, a product mends the exponent."""

    def prepared(self, builder: Any, word: Value) -> Value:
        """Exact, also for the smallest numbers; there is no infinity in an embedding."""
        whole = ir.VectorType(I32, LANES)
        bits = builder.zext(word, whole)
        size = builder.shl(builder.and_(bits, constant(whole, 0x7FFF)), constant(whole, 13))
        sign = builder.shl(builder.and_(bits, constant(whole, 0x8000)), constant(whole, 16))
        bias = ir.Constant(self.scores, [2.0**112] * LANES)
        near = builder.bitcast(builder.fmul(builder.bitcast(size, self.scores), bias), whole)
        return builder.bitcast(builder.or_(near, sign), self.scores)


class UpperHalves(Floats):
    """Two bfloat16 dimensions a word, the first in its lower half; the same two widened in the probe."""

    probe_word = 8
    vector = ir.VectorType(I32, LANES)

    def of_probe(self, builder: Any, address: Value) -> Value:
        """Both dimensions, loaded apart: a load puts one into all lanes at no cost, a shuffle would cost."""
        return [loaded(builder, beyond(builder, address, 4 * part), F32) for part in range(2)]

    def prepared(self, builder: Any, word: Value) -> Value:
        """Both dimensions as float32."""
        first = builder.shl(word, constant(self.vector, 16))
        second = builder.and_(word, constant(self.vector, 0xFFFF0000))
        return [builder.bitcast(part, self.scores) for part in (first, second)]

    def added(self, builder: Any, sums: Sequence[Value], prepared: Value, probe: Value) -> list[Value]:
        """Two multiply-adds, the second dimension first, as vdpbf16ps does."""
        total = sums[0]
        for part in (1, 0):
            total = multiplied_and_added(builder, prepared[part], splat(builder, probe[part], LANES), total)
        return [total]


class DotUpperHalves(Floats):
    """vdpbf16ps: the same from two bfloat16 dimensions of the probe, in one instruction."""

    vector = ir.VectorType(Brain(), 2 * LANES)
    scalar: ir.Type = I32

    def added(self, builder: Any, sums: Sequence[Value], prepared: Value, probe: Value) -> list[Value]:
        """One instruction."""
        name = "llvm.x86.avx512bf16.dpbf16ps.512"
        dot = declared(builder, name, self.scores, [self.scores, self.vector, self.vector])
        own = builder.bitcast(splat(builder, probe, LANES), self.vector)
        return [builder.call(dot, [sums[0], prepared, own])]


class Bytes(Arithmetic):
    """Four dimensions a word, unsigned in the gallery and signed in the probe: products in 32 bits."""

    chains = 4

    def begun(self, builder: Any, start: Value) -> list[Value]:
        """One vector of sums."""
        return [splat(builder, start, LANES)]

    def added(self, builder: Any, sums: Sequence[Value], prepared: Value, probe: Value) -> list[Value]:
        """Dimension by dimension, taken out of the words by shifts."""
        total = sums[0]
        for part in range(4):
            shift = constant(self.vector, 8 * part)
            gallery = builder.and_(builder.lshr(prepared, shift), constant(self.vector, 255))
            left = builder.shl(probe, I32(24 - 8 * part))
            own = splat(builder, builder.ashr(left, I32(24)), LANES)
            total = builder.add(total, builder.mul(gallery, own))
        return [total]


class WideDotBytes(Bytes):
    """vpdpbusd on sixteen lanes."""

    def added(self, builder: Any, sums: Sequence[Value], prepared: Value, probe: Value) -> list[Value]:
        """One instruction."""
        dot = declared(builder, "llvm.x86.avx512.vpdpbusd.512", self.vector, [self.vector] * 3)
        return [builder.call(dot, [sums[0], prepared, splat(builder, probe, LANES)])]


class DotBytes(Bytes):
    """vpdpbusd on eight lanes, twice."""

    half = ir.VectorType(I32, LANES // 2)

    def prepared(self, builder: Any, word: Value) -> Value:
        """Both halves."""
        return [taken(builder, word, word, range(at, at + 8)) for at in (0, 8)]

    def begun(self, builder: Any, start: Value) -> list[Value]:
        """Two vectors of sums."""
        return [splat(builder, start, 8)] * 2

    def added(self, builder: Any, sums: Sequence[Value], prepared: Value, probe: Value) -> list[Value]:
        """One instruction a half."""
        dot = declared(builder, "llvm.x86.avx512.vpdpbusd.256", self.half, [self.half] * 3)
        own = splat(builder, probe, 8)
        return [builder.call(dot, [one, part, own]) for one, part in zip(sums, prepared, strict=True)]

    def finished(self, builder: Any, sums: Sequence[Value]) -> Value:
        """The halves side by side."""
        return taken(builder, sums[0], sums[1], range(LANES))


class WordBytes(Bytes):
    """vpmaddwd: bytes widened to sixteen bits, two products added at a time, two sums a lane."""

    quarter = ir.VectorType(I32, 8)
    shorts = ir.VectorType(I16, 16)

    def __init__(self, *, wide: bool) -> None:
        super().__init__(wide=wide)
        self.shape = (2, 1)

    def prepared(self, builder: Any, word: Value) -> Value:
        """Four lanes a vector, sixteen bits a dimension."""
        octets = builder.bitcast(word, ir.VectorType(I8, 64))
        parts = [taken(builder, octets, octets, range(at, at + 16)) for at in range(0, 64, 16)]
        return [builder.zext(part, self.shorts) for part in parts]

    def begun(self, builder: Any, start: Value) -> list[Value]:
        """The first sum of each lane starts, the second is zero."""
        both = builder.and_(splat(builder, start, 8), ir.Constant(self.quarter, [-1, 0] * 4))
        return [both] * 4

    def added(self, builder: Any, sums: Sequence[Value], prepared: Value, probe: Value) -> list[Value]:
        """The probe's four dimensions, widened, stand beside those of each lane."""
        add = declared(builder, "llvm.x86.avx2.pmadd.wd", self.quarter, [self.shorts] * 2)
        own = builder.sext(builder.bitcast(probe, ir.VectorType(I8, 4)), ir.VectorType(I16, 4))
        beside = taken(builder, own, own, [0, 1, 2, 3] * 4)
        return [
            builder.add(one, builder.call(add, [part, beside]))
            for one, part in zip(sums, prepared, strict=True)
        ]

    def finished(self, builder: Any, sums: Sequence[Value]) -> Value:
        """Both sums of each lane added."""
        halves: list[Value] = []
        for low, high in (sums[:2], sums[2:]):
            even, odd = (taken(builder, low, high, range(at, LANES, 2)) for at in (0, 1))
            halves.append(builder.add(even, odd))
        return taken(builder, halves[0], halves[1], range(LANES))


def arithmetic_for(gallery: Any, probes: Any, features: frozenset[str]) -> Arithmetic:
    """Best arithmetic for a gallery on a processor.

    Args:
        gallery: Numba type of the gallery's values: float32, int16 for float16, uint16 for bfloat16,
            or uint8.
        probes: That of the probes; for a gallery of bfloat16 float32, or uint16 where
            `compilation.multiplies_bfloat16_in_pairs`.
        features: What the processor has, as LLVM spells it.
    """
    wide = "avx512f" in features
    if gallery == types.float32:
        return Floats(wide=wide)
    if gallery == types.int16:
        return (Halves if "f16c" in features or wide else ShiftedHalves)(wide=wide)
    if gallery == types.uint16:
        return (DotUpperHalves if probes == types.uint16 else UpperHalves)(wide=wide)
    return _arithmetic_for_bytes(features)


def _arithmetic_for_bytes(features: frozenset[str]) -> Arithmetic:
    wide = "avx512f" in features
    if "avx512vnni" in features:
        return WideDotBytes(wide=wide)
    if "avxvnni" in features:
        return DotBytes(wide=wide)
    if "avx2" in features:
        return WordBytes(wide=wide)
    return Bytes(wide=wide)


def features_of(context: Any) -> frozenset[str]:
    """Features of the processor that numba compiles for."""
    _triple, _name, features = context.codegen().magic_tuple()
    return frozenset(word[1:] for word in features.split(",") if word.startswith("+"))


def multiplied_and_added(builder: Any, one: Value, other: Value, total: Value) -> Value:
    """One x other + total in sixteen lanes of float32."""
    kind = Floats.scores
    return builder.call(declared(builder, "llvm.fmuladd.v16f32", kind, [kind] * 3), [one, other, total])


def constant(kind: Any, number: int) -> Value:
    """The same whole number in all lanes."""
    return ir.Constant(kind, [number] * kind.count)


def declared(builder: Any, name: str, result: Any, arguments: Sequence[Any]) -> Value:
    """An instruction of LLVM by its name."""
    known = builder.module.globals
    return (
        known[name]
        if name in known
        else ir.Function(builder.module, ir.FunctionType(result, arguments), name)
    )


def taken(builder: Any, first: Value, second: Value, lanes: Sequence[int]) -> Value:
    """Lanes of two vectors, those of the second counted on from those of the first."""
    return builder.shuffle_vector(first, second, ir.Constant(ir.VectorType(I32, len(lanes)), list(lanes)))


def splat(builder: Any, scalar: Value, lanes: int) -> Value:
    """A scalar in all lanes."""
    nothing = ir.Constant(ir.VectorType(scalar.type, lanes), None)
    return taken(builder, builder.insert_element(nothing, scalar, I32(0)), nothing, [0] * lanes)


def loaded(builder: Any, address: Value, kind: Any) -> Value:
    """What stands at an address, which numpy aligns to the scalar only: more would fault."""
    scalar = getattr(kind, "element", kind)
    value = builder.load(builder.inttoptr(address, kind.as_pointer()))
    value.align = kind_bytes(scalar)
    return value


def stored(builder: Any, value: Value, address: Value) -> None:
    """Write to an address that numpy aligned to the scalar only."""
    kind = getattr(value.type, "element", value.type)
    builder.store(value, builder.inttoptr(address, value.type.as_pointer())).align = kind_bytes(kind)


def kind_bytes(kind: Any) -> int:
    """Bytes of a scalar."""
    if kind == Brain():
        return 2
    return 4 if kind is F32 else int(kind.width) // 8


def beyond(builder: Any, address: Value, offset: int) -> Value:
    """An address some bytes on."""
    return builder.add(address, I64(offset)) if offset else address


def looped(
    builder: Any, count: Value, begun: Sequence[Value], body: Callable[..., list[Value]]
) -> list[Value]:
    """Values carried through `body(index, values)` for each index below a count of at least 1."""
    before = builder.block
    inside = builder.append_basic_block("word")
    after = builder.append_basic_block("words")
    builder.branch(inside)
    builder.position_at_end(inside)
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
    builder.cbranch(builder.icmp_unsigned("<", following, count), inside, after)
    builder.position_at_end(after)
    return found


class Tile:
    """Writes the instructions of one tile: scores of some probes with some blocks, in registers."""

    def __init__(self, builder: Any, arithmetic: Arithmetic, *, probes: int, blocks: int) -> None:
        self.builder = builder
        self.arithmetic = arithmetic
        self.probes = probes
        self.blocks = blocks

    def written(
        self, words: Value, gallery: Value, probe: Value, limits: Value, scores: Value, lanes: Value
    ) -> Value:
        """All parts of the tile in turn; returns a bit for each probe and block with a score to look at.

        Args:
            words: Words of a row.
            gallery: Address of the first block.
            probe: Address of the tile of probes.
            limits: Address of starts, and after them bounds.
            scores: Address that receives sixteen scores for each set bit.
            lanes: Address that receives which of the sixteen exceed the bound, a bit each.
        """
        at_once, side_by_side = self.arithmetic.shape
        found = I64(0)
        for block in range(0, self.blocks, side_by_side):
            for first in range(0, self.probes, at_once):
                pairs = [
                    (one, other)
                    for one in range(first, min(first + at_once, self.probes))
                    for other in range(block, min(block + side_by_side, self.blocks))
                ]
                sums = self.summed(pairs, words, gallery, probe, limits)
                found = self.builder.or_(found, self.looked_at(pairs, sums, limits, scores, lanes))
        return found

    def summed(
        self, pairs: Sequence[tuple[int, int]], words: Value, gallery: Value, probe: Value, limits: Value
    ) -> list[Value]:
        """Sixteen scores for each pair of probe and block."""
        builder, how = self.builder, self.arithmetic
        chains = how.chains if len(pairs) == 1 else 1
        block_bytes = builder.mul(words, I64(how.gallery_word))
        bases = {block: builder.add(gallery, builder.mul(block_bytes, I64(block))) for _one, block in pairs}
        begun: list[list[Value]] = []
        for one, _block in pairs:
            start = loaded(builder, beyond(builder, limits, 4 * one), how.scores.element)
            begun.append(how.begun(builder, start))
        begun += [how.begun(builder, how.scores.element(0)) for _ in range(chains - 1)]
        width = len(begun[0])

        def body(step: Value, carried: list[Value]) -> list[Value]:
            sums: list[Value] = []
            for chain in range(chains):
                word = builder.add(builder.mul(step, I64(chains)), I64(chain))
                size = width * len(pairs)
                before = carried[chain * size : chain * size + size]
                sums += self.stepped(pairs, word, bases, probe, before)
            return sums

        steps = builder.udiv(words, I64(chains))
        flat = looped(builder, steps, [value for values in begun for value in values], body)
        together = [flat[k * width : k * width + width] for k in range(len(begun))]
        for more in together[len(pairs) :]:
            together[0] = [builder.add(one, other) for one, other in zip(together[0], more, strict=True)]
        return [how.finished(builder, sums) for sums in together[: len(pairs)]]

    def stepped(
        self,
        pairs: Sequence[tuple[int, int]],
        word: Value,
        bases: dict[int, Value],
        probe: Value,
        carried: Sequence[Value],
    ) -> list[Value]:
        """Sums of all pairs with one word more; each operand is loaded once."""
        builder, how = self.builder, self.arithmetic
        width = len(carried) // len(pairs)
        offset = builder.mul(word, I64(how.gallery_word))
        ready = {
            block: how.prepared(builder, loaded(builder, builder.add(base, offset), how.vector))
            for block, base in bases.items()
        }
        own = builder.add(probe, builder.mul(word, I64(how.probe_word * self.probes)))
        scalars = {one: how.of_probe(builder, beyond(builder, own, how.probe_word * one)) for one, _ in pairs}
        sums: list[Value] = []
        for k, (one, block) in enumerate(pairs):
            sums += how.added(builder, carried[k * width : k * width + width], ready[block], scalars[one])
        return sums

    def looked_at(
        self,
        pairs: Sequence[tuple[int, int]],
        sums: Sequence[Value],
        limits: Value,
        scores: Value,
        lanes: Value,
    ) -> Value:
        """Store the scores if any is above its bound; the bits of the pairs that have one."""
        builder, scalar = self.builder, self.arithmetic.scores.element
        above: list[Value] = []
        for (one, _block), score in zip(pairs, sums, strict=True):
            bound = loaded(builder, beyond(builder, limits, 4 * (self.probes + one)), scalar)
            against = splat(builder, bound, LANES)
            compare = builder.fcmp_ordered if scalar is F32 else builder.icmp_signed
            above.append(compare(">", score, against))
        anywhere = above[0]
        for more in above[1:]:
            anywhere = builder.or_(anywhere, more)
        any_bits = builder.bitcast(anywhere, I16)
        before = builder.block
        with builder.if_then(builder.icmp_unsigned("!=", any_bits, I16(0)), likely=False):
            bits = I64(0)
            for (one, block), score, which in zip(pairs, sums, above, strict=True):
                place = one * self.blocks + block
                own = builder.bitcast(which, I16)
                some = builder.zext(builder.icmp_unsigned("!=", own, I16(0)), I64)
                bits = builder.or_(bits, builder.shl(some, I64(place)))
                stored(builder, score, beyond(builder, scores, 64 * place))
                stored(builder, own, beyond(builder, lanes, 2 * place))
            inside = builder.block
        found = builder.phi(I64)
        found.add_incoming(I64(0), before)
        found.add_incoming(bits, inside)
        return found


def _generator_of(probes: int, blocks: int) -> Callable[..., Any]:
    """Code generator of a tile of so many probes and blocks."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        gallery_type, _block, probes_type, _tile, limits_type, scores_type, lanes_type = signature.args
        gallery_value, block, probes_value, tile, limits_value, scores_value, lanes_value = arguments
        arrays = {
            name: context.make_array(kind)(context, builder, value)
            for name, kind, value in (
                ("gallery", gallery_type, gallery_value),
                ("probes", probes_type, probes_value),
                ("limits", limits_type, limits_value),
                ("scores", scores_type, scores_value),
                ("lanes", lanes_type, lanes_value),
            )
        }
        at = {name: builder.ptrtoint(array.data, I64) for name, array in arrays.items()}
        how = arithmetic_for(gallery_type.dtype, probes_type.dtype, features_of(context))
        words = builder.extract_value(arrays["gallery"].shape, 1)
        row_bytes = builder.mul(words, I64(how.gallery_word))
        tile_bytes = builder.mul(words, I64(how.probe_word * probes))
        return Tile(builder, how, probes=probes, blocks=blocks).written(
            words,
            builder.add(at["gallery"], builder.mul(block, row_bytes)),
            builder.add(at["probes"], builder.mul(tile, tile_bytes)),
            builder.add(at["limits"], builder.mul(tile, I64(2 * 4 * probes))),
            at["scores"],
            at["lanes"],
        )

    return generate


def _emitter_of(probes: int, blocks: int) -> Callable[..., Any]:
    """Type and code of a tile, as numba asks for them."""

    def emit(
        _context: Any, gallery: Any, _block: Any, own: Any, _tile: Any, limits: Any, scores: Any, lanes: Any
    ) -> Any:
        signature = types.int64(gallery, types.int64, own, types.int64, limits, scores, lanes)
        return signature, _generator_of(probes, blocks)

    return emit


tile_of_eight = cast("Callable[..., int]", intrinsic(_emitter_of(TILE, GROUP)))
"""Scores of eight probes with three blocks; arguments as those of `plain_tile`."""

tile_of_one = cast("Callable[..., int]", intrinsic(_emitter_of(1, 1)))
"""Scores of one probe with one block."""


@kernel
def widened_half(bits: Any) -> float:
    """Value of a finite float16."""
    exponent = (int(bits) >> 10) & 31
    fraction = int(bits) & 1023
    size = math.ldexp(fraction, -24) if exponent == 0 else math.ldexp(1024 + fraction, exponent - 25)
    return -size if int(bits) & 0x8000 else size


@kernel
def widened_upper_half(bits: Any) -> float:
    """Value of a finite bfloat16."""
    exponent = (int(bits) >> 7) & 255
    fraction = int(bits) & 127
    size = math.ldexp(fraction, -133) if exponent == 0 else math.ldexp(128 + fraction, exponent - 134)
    return -size if int(bits) & 0x8000 else size


@kernel
def plain_tile(
    gallery: NDArray[Any],
    block: int,
    probes: NDArray[Any],
    tile: int,
    limits: NDArray[Any],
    scores: NDArray[Any],
    lanes: NDArray[np.uint16],
) -> int:
    """Scores of a tile of probes with as many blocks as one of the two tiles above takes, in loops.

    Args:
        gallery: Blocks. Shape (B, words, 16, parts).
        block: First block.
        probes: Tiles; float32 for a gallery of 16-bit floats. Shape (T, words, 8 or 1, parts).
        tile: Which tile.
        limits: Starts and bounds of each tile. Shape (T, 2, 8 or 1), float32 or int32.
        scores: Receives the scores of probe p and block b in row p x blocks + b. Shape (24, 16).
        lanes: Receives which of them exceed the bound, lowest bit first. Shape (24,).

    Returns:
        Bit p x blocks + b is set where that row was written, because a score exceeds its bound.
    """
    width = probes.shape[2]
    blocks = GROUP if width == TILE else 1
    found = 0
    for probe in range(width):
        for other in range(blocks):
            place = probe * blocks + other
            above = 0
            for lane in range(LANES):
                score = limits[tile, START, probe]
                for word in range(gallery.shape[1]):
                    for part in range(gallery.shape[3] - 1, -1, -1):
                        reference = gallery[block + other, word, lane, part]
                        own = probes[tile, word, probe, part]
                        if gallery.itemsize == 2:
                            if gallery.shape[3] == 2:
                                product = widened_upper_half(reference) * float(own)
                            else:
                                product = widened_half(reference) * float(own)
                            score = scores.dtype.type(score + scores.dtype.type(product))
                        else:
                            product = scores.dtype.type(reference) * scores.dtype.type(own)
                            score = scores.dtype.type(score + product)
                scores[place, lane] = score
                if score > limits[tile, BOUND, probe]:
                    above |= 1 << lane
            lanes[place] = above
            if above != 0:
                found |= 1 << place
    return found


@kernel
def blocks_a_chunk(gallery: NDArray[Any]) -> int:
    """Blocks that the second-level cache keeps while the tiles pass, in whole groups."""
    bytes_a_block = gallery.shape[1] * gallery.shape[2] * gallery.shape[3] * gallery.itemsize
    groups: int = CHUNK_BYTES // (bytes_a_block * GROUP)
    return max(1, groups) * GROUP


@kernel
def search_blocks(
    gallery: NDArray[Any],
    probes: NDArray[Any],
    limits: NDArray[Any],
    top_scores: NDArray[Any],
    top_rows: NDArray[np.int64],
    first: int,
    last: int,
    count: int,
    tiles: int,
) -> None:
    """The best references of each probe among the blocks `first` to `last`.

    Args:
        gallery: See `plain_tile`.
        probes: See `plain_tile`.
        limits: See `plain_tile`; the bounds rise to the last score of each full list.
        top_scores: Receives the scores, falling; the bound where there are fewer. Shape (P, k).
        top_rows: Receives their rows, ties rising; -1 where there are fewer. Shape (P, k).
        first: First block, the first of a group.
        last: One past the last block, which ends a group.
        count: Rows of the gallery; what lies beyond fills up the last group.
        tiles: VECTOR or PLAIN.
    """
    width = probes.shape[2]
    step = GROUP if width == TILE else 1
    kept = top_scores.shape[1]
    scores = np.empty((TILE * GROUP, LANES), limits.dtype)
    lanes = np.empty(TILE * GROUP, np.uint16)
    for probe in range(len(top_scores)):
        for place in range(kept):
            top_scores[probe, place] = limits[probe // width, BOUND, probe % width]
            top_rows[probe, place] = -1
    chunk_blocks = blocks_a_chunk(gallery)
    for chunk in range(first, last, chunk_blocks):
        for tile in range(len(probes)):
            for block in range(chunk, min(chunk + chunk_blocks, last), step):
                if tiles == PLAIN:
                    found = plain_tile(gallery, block, probes, tile, limits, scores, lanes)
                elif width == TILE:
                    found = tile_of_eight(gallery, block, probes, tile, limits, scores, lanes)
                else:
                    found = tile_of_one(gallery, block, probes, tile, limits, scores, lanes)
                while found != 0:
                    place = lowest_bit(found)
                    found &= found - 1
                    probe = tile * width + place // step
                    keep_best(
                        scores[place],
                        int(lanes[place]),
                        (block + place % step) * LANES,
                        count,
                        limits[tile, BOUND, place // step : place // step + 1],
                        top_scores[probe],
                        top_rows[probe],
                    )


@kernel
def lowest_bit(bits: int) -> int:
    """Place of the lowest set bit of a number that is not 0."""
    place = 0
    while (bits & 1) == 0:
        bits >>= 1
        place += 1
    return place


@kernel
def keep_best(
    scores: NDArray[Any],
    above: int,
    first_row: int,
    count: int,
    bound: NDArray[Any],
    top_scores: NDArray[Any],
    top_rows: NDArray[np.int64],
) -> None:
    """Put the scores of one block into the list of one probe; later rows stand behind equal ones."""
    last = len(top_scores) - 1
    while above != 0:
        lane = lowest_bit(above)
        above &= above - 1
        score = scores[lane]
        if score > bound[0] and first_row + lane < count:
            place = last
            while place > 0 and top_scores[place - 1] < score:
                top_scores[place] = top_scores[place - 1]
                top_rows[place] = top_rows[place - 1]
                place -= 1
            top_scores[place] = score
            top_rows[place] = first_row + lane
            bound[0] = top_scores[last]


@kernel
def collect_blocks(
    gallery: NDArray[Any],
    probes: NDArray[Any],
    limits: NDArray[Any],
    found_probes: NDArray[np.int64],
    found_rows: NDArray[np.int64],
    found_scores: NDArray[Any],
    first: int,
    last: int,
    count: int,
    after: int,
    tiles: int,
) -> int:
    """All references among the blocks `first` to `last` whose score exceeds the bound of a probe.

    Args:
        gallery: See `plain_tile`.
        probes: See `plain_tile`.
        limits: See `plain_tile`; left alone.
        found_probes: Receives the probe of each pair. Shape (room,).
        found_rows: Receives the row of each pair. Shape (room,).
        found_scores: Receives the score of each pair. Shape (room,).
        first: First block, the first of a group.
        last: One past the last block, which ends a group.
        count: Rows of the gallery.
        after: Only rows above this number plus that of the probe count.
        tiles: VECTOR or PLAIN.

    Returns:
        How many pairs there are, also where there is not room for all.
    """
    width = probes.shape[2]
    step = GROUP if width == TILE else 1
    scores = np.empty((TILE * GROUP, LANES), limits.dtype)
    lanes = np.empty(TILE * GROUP, np.uint16)
    pairs = 0
    chunk_blocks = blocks_a_chunk(gallery)
    for chunk in range(first, last, chunk_blocks):
        for tile in range(len(probes)):
            for block in range(chunk, min(chunk + chunk_blocks, last), step):
                if tiles == PLAIN:
                    found = plain_tile(gallery, block, probes, tile, limits, scores, lanes)
                elif width == TILE:
                    found = tile_of_eight(gallery, block, probes, tile, limits, scores, lanes)
                else:
                    found = tile_of_one(gallery, block, probes, tile, limits, scores, lanes)
                while found != 0:
                    place = lowest_bit(found)
                    found &= found - 1
                    probe = tile * width + place // step
                    above = int(lanes[place])
                    while above != 0:
                        lane = lowest_bit(above)
                        above &= above - 1
                        row = (block + place % step) * LANES + lane
                        if row < count and row > after + probe:
                            if pairs < len(found_rows):
                                found_probes[pairs] = probe
                                found_rows[pairs] = row
                                found_scores[pairs] = scores[place, lane]
                            pairs += 1
    return pairs


@kernel
def score_pairs(
    gallery: NDArray[Any],
    probes: NDArray[Any],
    limits: NDArray[Any],
    pair_probes: NDArray[np.int64],
    pair_rows: NDArray[np.int64],
    pair_scores: NDArray[Any],
    tiles: int,
) -> None:
    """Scores of chosen pairs, the same bits as in a search.

    Args:
        gallery: See `plain_tile`.
        probes: Tiles of one. Shape (P, words, 1, parts).
        limits: Starts, and bounds that every score exceeds. Shape (P, 2, 1).
        pair_probes: Probe of each pair. Shape (M,).
        pair_rows: Row of each pair. Shape (M,).
        pair_scores: Receives the scores. Shape (M,).
        tiles: VECTOR or PLAIN.
    """
    scores = np.empty((TILE * GROUP, LANES), limits.dtype)
    lanes = np.empty(TILE * GROUP, np.uint16)
    for pair in range(len(pair_rows)):
        block = pair_rows[pair] // LANES
        if tiles == PLAIN:
            plain_tile(gallery, block, probes, pair_probes[pair], limits, scores, lanes)
        else:
            tile_of_one(gallery, block, probes, pair_probes[pair], limits, scores, lanes)
        pair_scores[pair] = scores[0, pair_rows[pair] % LANES]
