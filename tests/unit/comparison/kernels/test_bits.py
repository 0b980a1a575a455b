"""What the compiler makes of the bit kernels for several processors, and that all of them count the same.

Numba reads the processor when it is imported, so each target has a process, and a cache, of its own.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import llvmlite.binding
import pytest

from biocapil.comparison.kernels import bits, compilation

x86 = pytest.mark.skipif(
    platform.machine() not in {"x86_64", "AMD64"}, reason="names processors of the x86-64 family"
)
V2 = "+popcnt,+sse4.2,+sse4.1,+ssse3"
V3 = f"{V2},+avx,+avx2,+bmi,+bmi2,+fma"
V4_WITH_POPCOUNT = f"{V3},+avx512f,+avx512bw,+avx512cd,+avx512dq,+avx512vl,+avx512vpopcntdq,+avx512bitalg"

SHOW_MACHINE_CODE = """
from numba import njit, types
from biocapil.comparison.kernels.bits import differ, propose, propose_by_bound, weigh

def plain(block, probes, words, most, counts):
    return differ(block, probes, words, most, counts, 16)

def masked(block, code, mask, words, stride, bound, fewest):
    return propose(block, code, mask, words, stride, bound, fewest, 8)

def bounded(block, code, mask, words, stride, bound, valid, probe_valid):
    return propose_by_bound(block, code, mask, words, stride, bound, valid, probe_valid, 8)

def settled(lane, code, mask, words, stride, counts):
    return weigh(lane, code, mask, words, stride, counts, 16)

a, n = types.uintp, types.int64
for function, arguments in (
    (plain, (a, a, n, a, a)), (masked, (a, a, a, n, n, n, n)),
    (bounded, (a, a, a, n, n, n, a, n)), (settled, (a, a, a, n, n, a)),
):
    compiled = njit(arguments)(function)
    (code,) = compiled.inspect_asm().values()
    print(f"== {function.__name__}")
    print(code)
"""

SEARCH = """
import json
import numpy as np
from biocapil.comparison import BitStrings, pack_bits, pack_codes, search_bits, search_codes, thin
from biocapil.comparison.kernels.compilation import has_wide_vectors
from biocapil.iris_code import IrisCode
rng = np.random.default_rng(5)
codes = [
    IrisCode.from_bits(rng.random((20, 32)) < 0.5, rng.random((20, 32)) < share, model_id="made@1")
    for share in rng.choice([0.9, 0.5, 0.1], 19)
]
packed = pack_codes(codes)
probes = [codes[0].turned(2), codes[7]]
asked = {"turns": 6, "limit": 5, "workers": 1}
found = [
    *search_codes(probes, packed, **asked),
    *search_codes(probes, packed, stage_one=thin(packed), margin=0.2, **asked),
]
strings = BitStrings(words=rng.integers(0, 2**63, (19, 3), np.uint64), bits=192, model_id="made@1")
found += search_bits(strings, pack_bits(strings), limit=3, workers=1)
print(json.dumps([has_wide_vectors(), [
    [answer.not_comparable, [[c.row, c.differing_bits, c.compared_bits, c.turn] for c in answer]]
    for answer in found
]]))
"""


def run(script: str, cache: Path, **environment: str) -> str:
    """Output of a script in a process with other settings of numba."""
    done = subprocess.run(  # noqa: S603 - this interpreter on a text above
        [sys.executable, "-W", "error", "-c", script],
        env={**os.environ, "NUMBA_CACHE_DIR": str(cache), **environment},
        check=True, timeout=120, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


def functions_of(code: str) -> dict[str, list[str]]:
    """Lines of machine code of each function."""
    parts = [part.partition("\n") for part in code.split("== ")[1:]]
    return {name: body.splitlines() for name, _, body in parts}


@x86
def test_with_avx512_bits_are_counted_eight_words_at_a_time_in_registers(tmp_path: Path) -> None:
    code = run(SHOW_MACHINE_CODE, tmp_path, NUMBA_CPU_NAME="znver4", NUMBA_CPU_FEATURES=V4_WITH_POPCOUNT)

    found = functions_of(code)
    least = {"plain": 16, "masked": 16, "bounded": 8, "settled": 4}
    for name, lines in found.items():
        counts = [line for line in lines if "vpopcntq" in line]
        assert sum("zmm" in line for line in counts) >= least[name], name
        assert not any("vpshufb" in line for line in lines), name
    spilled = [line for line in found["masked"] if "zmm" in line and "(%rsp)" in line]
    assert not spilled
    assert set(found) == set(least)


@x86
def test_with_avx2_bits_are_counted_by_shuffling_bytes(tmp_path: Path) -> None:
    code = run(SHOW_MACHINE_CODE, tmp_path, NUMBA_CPU_NAME="x86-64-v3", NUMBA_CPU_FEATURES=V3)

    for name, lines in functions_of(code).items():
        shuffles = [line for line in lines if "vpshufb" in line]
        assert sum("ymm" in line for line in shuffles) >= 8, name
    assert "vpopcnt" not in code
    assert "zmm" not in code


@x86
@pytest.mark.parametrize(
    ("processor", "features", "wide"),
    [("generic", "", False), ("x86-64-v2", V2, False), ("x86-64-v3", V3, True)],
)
def test_other_processors_find_the_same(tmp_path: Path, processor: str, features: str, *, wide: bool) -> None:
    if wide and not llvmlite.binding.get_host_cpu_features().get("avx2"):
        pytest.skip("this machine cannot run AVX2 code")
    own = json.loads(run(SEARCH, tmp_path / "own"))[1]
    other = run(SEARCH, tmp_path / "other", NUMBA_CPU_NAME=processor, NUMBA_CPU_FEATURES=features)

    assert json.loads(other) == [wide, own]
    assert sum(len(found) for _, found in own) > 60


def test_without_a_compiler_the_plain_kernels_find_the_same(tmp_path: Path) -> None:
    own = json.loads(run(SEARCH, tmp_path))[1]

    assert json.loads(run(SEARCH, tmp_path, NUMBA_DISABLE_JIT="1")) == [False, own]


def test_processors_that_are_not_x86_take_the_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    assert compilation.has_wide_vectors()


def test_a_bound_keeps_everything_up_to_its_dissimilarity() -> None:
    for compared in (1, 3, 7, 1000, 65_536):
        for differing in {0, compared // 3, compared // 2, compared}:
            bound = bits.bound_of(differing / compared)
            assert differing * bits.ONE < bound * compared


def test_the_bound_is_given_up_where_it_doubts_too_much() -> None:
    assert bits.worth_bounding(10_000, bits.TRIAL - 1)
    assert bits.worth_bounding(100, 100)
    assert not bits.worth_bounding(101, 100)
