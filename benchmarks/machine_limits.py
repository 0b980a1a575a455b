"""What this machine can do at most, measured in the same process as a race: reading memory, counting bits.

The kernels use vectors of eight words, written out, because a compiler may prefer narrower ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from biocapil.comparison.kernels.compilation import kernel
from kernel_race import race

LANES = 8
CHAINS = 8
"""Vectors under way at once, more than the latency of any instruction needs."""

READ_BYTES = 1 << 30
"""Larger than the caches."""

WORD = ir.IntType(64)
VECTOR = ir.VectorType(WORD, LANES)
Body = Callable[[Any, Any, list[Any]], list[Any]]
Step = Callable[[Any, Any, Any, list[Any]], list[Any]]


def limits(*, read_bytes: int = READ_BYTES, rounds: int = 5) -> dict[str, float]:
    """Limits of one core, by processor time.

    Args:
        read_bytes: Size of the memory that is read.
        rounds: Turns of each loop.

    Returns:
        `clock_ghz` from a chain of multiplications of three cycles each; `read_gb_s` from memory; in 10^9
        vectors of 512 bits a second `popcounts_g_s`, `simple_g_s` (xor and add in turn) and `masked_g_s`:
        words of codes with a mask compared at a turn, which takes two popcounts and four simple instructions.
    """
    memory = np.random.default_rng(0).integers(0, 1 << 63, read_bytes // 8, np.uint64)
    start = memory.ctypes.data
    vectors = read_bytes // (8 * LANES * CHAINS)
    steps = 4_000_000
    times = race(
        {
            "read": lambda: read_loop(start, vectors),
            "clock": lambda: clock_loop(steps),
            "popcounts": lambda: popcount_loop(start, steps),
            "simple": lambda: simple_loop(start, steps),
            "masked": lambda: masked_loop(start, steps),
        },
        rounds=rounds,
    )
    per_step = {name: steps / each.median_s() / 1e9 for name, each in times.items()}
    return {
        "clock_ghz": 3 * per_step["clock"],
        "read_gb_s": read_bytes / times["read"].median_s() / 1e9,
        "popcounts_g_s": CHAINS * per_step["popcounts"],
        "simple_g_s": 2 * CHAINS * per_step["simple"],
        "masked_g_s": CHAINS * per_step["masked"],
    }


def _loop(builder: Any, count: Any, chains: list[Any], body: Body) -> Any:
    """``for i in range(count)`` with some vectors carried along; the sum of them and of their lanes."""
    before = builder.block
    loop, after = builder.append_basic_block("loop"), builder.append_basic_block("after")
    builder.branch(loop)
    builder.position_at_end(loop)
    index = builder.phi(WORD)
    index.add_incoming(ir.Constant(WORD, 0), before)
    carried = [builder.phi(VECTOR) for _ in chains]
    for phi, value in zip(carried, chains, strict=True):
        phi.add_incoming(value, before)
    found = body(builder, index, carried)
    following = builder.add(index, ir.Constant(WORD, 1))
    index.add_incoming(following, builder.block)
    for phi, value in zip(carried, found, strict=True):
        phi.add_incoming(value, builder.block)
    builder.cbranch(builder.icmp_unsigned("<", following, count), loop, after)
    builder.position_at_end(after)
    total = found[0]
    for value in found[1:]:
        total = builder.add(total, value)
    words = [builder.extract_element(total, ir.Constant(ir.IntType(32), lane)) for lane in range(LANES)]
    for word in words[1:]:
        words[0] = builder.add(words[0], word)
    return words[0]


def _vector_at(builder: Any, address: Any, number: int) -> Any:
    place = builder.add(address, ir.Constant(WORD, 8 * LANES * number))
    return builder.load(builder.inttoptr(place, ir.PointerType(VECTOR)), align=8)


def _word_at(builder: Any, address: Any, number: int) -> Any:
    """One word in all lanes."""
    place = builder.add(address, ir.Constant(WORD, 8 * number))
    word = builder.load(builder.inttoptr(place, ir.PointerType(WORD)), align=8)
    undefined, narrow = ir.Constant(VECTOR, cast("Any", ir).Undefined), ir.IntType(32)
    first = builder.insert_element(undefined, word, ir.Constant(narrow, 0))
    return builder.shuffle_vector(first, undefined, ir.Constant(ir.VectorType(narrow, LANES), [0] * LANES))


def _count(builder: Any, vector: Any) -> Any:
    function = cast("Any", cgutils).get_or_insert_function(
        builder.module, ir.FunctionType(VECTOR, [VECTOR]), "llvm.ctpop.v8i64"
    )
    return builder.call(function, [vector])


def _read(b: Any, address: Any, index: Any, carried: list[Any]) -> list[Any]:
    place = b.add(address, b.mul(index, ir.Constant(WORD, 8 * LANES * CHAINS)))
    return [b.xor(so_far, _vector_at(b, place, k)) for k, so_far in enumerate(carried)]


def _popcounts(b: Any, _address: Any, _index: Any, carried: list[Any]) -> list[Any]:
    return [_count(b, so_far) for so_far in carried]


def _simple(b: Any, address: Any, _index: Any, carried: list[Any]) -> list[Any]:
    words = [_word_at(b, address, k) for k in range(CHAINS // 2)]
    found = [b.xor(so_far, words[k // 2]) for k, so_far in enumerate(carried)]
    return [b.add(so_far, words[k // 2]) for k, so_far in enumerate(found)]


def _masked(b: Any, address: Any, index: Any, carried: list[Any]) -> list[Any]:
    near = b.and_(index, ir.Constant(WORD, 15))
    place = b.add(address, b.mul(near, ir.Constant(WORD, 16 * LANES)))
    code, mask = _vector_at(b, place, 0), _vector_at(b, place, 1)
    found: list[Any] = []
    for k in range(0, len(carried), 2):
        both = b.and_(mask, _word_at(b, place, k + 1))
        other = b.and_(b.xor(code, _word_at(b, place, k)), both)
        found += [b.add(carried[k], _count(b, other)), b.add(carried[k + 1], _count(b, both))]
    return found


def _emitted(step: Step, chains: int) -> Callable[..., Any]:
    """A loop of such steps as a function of an address and a number of steps, for compiled code."""

    def emit(_context: Any, _address: Any, _steps: Any) -> Any:
        def generate(_ctx: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            address, steps = arguments

            def body(b: Any, index: Any, carried: list[Any]) -> list[Any]:
                return step(b, address, index, carried)

            return _loop(builder, steps, [_vector_at(builder, address, k) for k in range(chains)], body)

        return types.int64(types.uintp, types.int64), generate

    return cast("Callable[..., Any]", intrinsic(emit))


_reading = _emitted(_read, CHAINS)
_counting = _emitted(_popcounts, CHAINS)
_combining = _emitted(_simple, CHAINS)
_comparing = _emitted(_masked, 2 * CHAINS)


@kernel
def read_loop(address: int, steps: int) -> Any:
    """Read groups of vectors one after the other."""
    return _reading(address, steps)


@kernel
def popcount_loop(address: int, steps: int) -> Any:
    """Count bits of vectors in registers."""
    return _counting(address, steps)


@kernel
def simple_loop(address: int, steps: int) -> Any:
    """Combine vectors in registers, two instructions a chain and step."""
    return _combining(address, steps)


@kernel
def masked_loop(address: int, steps: int) -> Any:
    """Compare masked words that lie in the nearest cache, at as many turns as there are chains."""
    return _comparing(address, steps)


@kernel
def clock_loop(steps: int) -> Any:
    """A chain of multiplications, one a step: three cycles on the x86-64 processors that have AVX2."""
    found = np.uint64(3)
    for _ in range(steps):
        found *= found
    return found
