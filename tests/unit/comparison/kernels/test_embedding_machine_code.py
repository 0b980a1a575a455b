"""What the compiler makes of the tiles for several processors, and that all of them give the same answers.

Numba reads the processor when it is imported, so each target has a process, and a cache, of its own.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import llvmlite.binding
import numpy as np
import pytest
from tests.unit.comparison.embedding_sets import embeddings_of, mates_of, packed_rows, random_rows

from biocapil.comparison import EmbeddingPrecision, search_embeddings

pytestmark = pytest.mark.skipif(
    platform.machine() not in {"x86_64", "AMD64"}, reason="names processors of the x86-64 family"
)

V2 = "+popcnt,+sse4.2,+sse4.1,+ssse3"
V3 = f"{V2},+avx,+avx2,+bmi,+bmi2,+fma"
AVX_VNNI = f"{V3},+avxvnni"
AVX512 = f"{V3},+avx512f,+avx512bw,+avx512cd,+avx512dq,+avx512vl"
AVX512_BF16 = f"{AVX512},+avx512bf16"
F16C = f"{V3},+f16c"
AVX512_VNNI = f"{AVX512},+avx512vnni,+avx512vpopcntdq,+avx512bitalg"

SHOW_MACHINE_CODE = """
import sys
from numba import njit, types
from biocapil.comparison.kernels.embeddings import search_blocks
kinds = {"float32": ("float32", "float32", "float32"), "uint8": ("uint8", "int8", "int32"),
         "float16": ("int16", "float32", "float32"),
         "bfloat16": ("uint16", "float32", "float32"), "pairs": ("uint16", "uint16", "float32")}
gallery, probe, score = (getattr(types, name) for name in kinds[sys.argv[1]])
compiled = njit(boundscheck=False)(search_blocks.py_func)
compiled.compile((
    types.Array(gallery, 4, "C", readonly=True), probe[:, :, :, ::1], score[:, :, ::1], score[:, ::1],
    types.int64[:, ::1], types.int64, types.int64, types.int64, types.int64,
))
(code,) = compiled.inspect_asm().values()
print(code)
"""

SHOW_GATE = """
from numba import njit, types
from biocapil.comparison.kernels.sign_gate import gate_pairs
number, numbers = types.int64, types.int64[::1]
compiled = njit(boundscheck=False)(gate_pairs.py_func)
compiled.compile((
    types.Array(types.uint64, 4, "C", readonly=True), types.uint64[:, :, :, ::1], types.int64[:, ::1],
    number, number, types.int8[:, ::1], numbers, numbers, numbers, number, number, number, number, number,
))
(code,) = compiled.inspect_asm().values()
print(code)
"""

RUN_SEARCHES = """
import json, sys
import numpy as np
from biocapil.comparison import EmbeddingPrecision, pack_embedding_rows, search_embeddings
from biocapil.embedding import Embedding
with np.load(sys.argv[1]) as saved:
    references, rows = saved["references"], saved["probes"]
probes = [Embedding(values=row, model_id="made@1") for row in rows]
found = {}
for precision in EmbeddingPrecision:
    packed = pack_embedding_rows(references, model_id="made@1", precision=precision)
    for number in (1, len(probes)):
        for exact in (True, False):
            lists = search_embeddings(probes[:number], packed, threshold=0.5, exact=exact)
            found[f"{precision.value} {number} {exact}"] = [
                [[one.row, one.similarity] for one in own] for own in lists
            ]
print(json.dumps(found))
"""


def run(script: str, argument: str, tmp_path: Path, **environment: str) -> str:
    """Output of a script in a process with another environment and an empty cache."""
    done = subprocess.run(  # noqa: S603 fixed command
        [sys.executable, "-W", "error", "-c", script, argument],
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache"), **environment},
        check=True, timeout=300, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


def code_for(dtype: str, processor: str, features: str, tmp_path: Path) -> list[str]:
    """Lines of machine code of a search for a processor."""
    code = run(SHOW_MACHINE_CODE, dtype, tmp_path, NUMBA_CPU_NAME=processor, NUMBA_CPU_FEATURES=features)
    return code.splitlines()


def using(lines: list[str], instruction: str, registers: str) -> int:
    """How many lines use an instruction on registers of a kind."""
    return sum(bool(re.search(rf"\t{instruction}\w*\t.*{registers}", line)) for line in lines)


def test_with_avx512_vnni_bytes_are_multiplied_sixteen_lanes_at_a_time(tmp_path: Path) -> None:
    lines = code_for("uint8", "znver4", AVX512_VNNI, tmp_path)

    assert using(lines, "vpdpbusd", "zmm") >= 24
    assert not using(lines, "vpmaddwd", "mm")


def test_with_avx_vnni_bytes_are_multiplied_eight_lanes_at_a_time(tmp_path: Path) -> None:
    lines = code_for("uint8", "x86-64-v3", AVX_VNNI, tmp_path)

    assert using(lines, "vpdpbusd", "ymm") >= 8
    assert not using(lines, "vpdpbusd", "zmm")


@pytest.mark.parametrize("features", [V3, AVX512])
def test_without_vnni_bytes_are_multiplied_as_words(tmp_path: Path, features: str) -> None:
    lines = code_for("uint8", "x86-64-v3", features, tmp_path)

    assert using(lines, "vpmaddwd", "ymm") >= 8
    assert not using(lines, "vpmaddubsw", "mm")
    assert not using(lines, "vpdpbusd", "mm")


@pytest.mark.parametrize(
    ("processor", "features", "registers"),
    [("znver4", AVX512_VNNI, "zmm"), ("x86-64-v3", V3, "ymm")],
)
def test_floats_are_multiplied_and_added_in_one_instruction(
    tmp_path: Path, processor: str, features: str, registers: str
) -> None:
    lines = code_for("float32", processor, features, tmp_path)

    assert using(lines, "vfmadd", registers) >= 8
    assert not using(lines, "vmulps", registers)


def test_signs_are_counted_with_vpopcntq_or_by_shuffling_bytes(tmp_path: Path) -> None:
    wide, narrow = (
        run(SHOW_GATE, "", tmp_path, NUMBA_CPU_NAME=name, NUMBA_CPU_FEATURES=features).splitlines()
        for name, features in (("znver4", AVX512_VNNI), ("x86-64-v3", V3))
    )

    assert using(wide, "vpopcntq", "zmm") >= 16
    assert using(wide, "vpdpbusd", "zmm") >= 1
    assert using(narrow, "vpshufb", "ymm") >= 8


def test_with_avx512_bf16_pairs_of_bfloat16_are_multiplied_and_added_in_one_instruction(
    tmp_path: Path,
) -> None:
    lines = code_for("pairs", "znver4", AVX512_BF16, tmp_path)

    assert using(lines, "vdpbf16ps", "zmm") >= 24
    assert not using(lines, "vfmadd", "zmm")


@pytest.mark.parametrize(("features", "registers"), [(AVX512, "zmm"), (V3, "ymm")])
def test_without_it_bfloat16_is_widened_by_shifts(tmp_path: Path, features: str, registers: str) -> None:
    lines = code_for("bfloat16", "x86-64-v3", features, tmp_path)

    assert using(lines, "vfmadd", registers) >= 16
    assert using(lines, "vpslld", registers) >= 1
    assert not using(lines, "vdpbf16ps", "mm")


@pytest.mark.parametrize(("features", "registers"), [(AVX512, "zmm"), (F16C, "ymm")])
def test_float16_is_widened_in_one_instruction(tmp_path: Path, features: str, registers: str) -> None:
    lines = code_for("float16", "x86-64-v3", features, tmp_path)

    assert using(lines, "vcvtph2ps", registers) >= 1
    assert using(lines, "vfmadd", registers) >= 8


def test_without_such_an_instruction_float16_is_widened_by_shifts_and_not_by_calls(tmp_path: Path) -> None:
    lines = code_for("float16", "x86-64-v3", V3, tmp_path)

    assert not using(lines, "vcvtph2ps", "mm")
    assert not any("extendhf" in line for line in lines)
    assert using(lines, "vfmadd", "ymm") >= 8


@pytest.fixture
def saved(tmp_path: Path) -> tuple[Path, dict[str, list[list[list[float]]]]]:
    """File with probes and references, and what this process finds."""
    references = random_rows(1, 120, 140)
    probes = mates_of(references[::9], 2, noise=0.8)
    np.savez(tmp_path / "set.npz", references=references, probes=probes)
    found = {}
    for precision in EmbeddingPrecision:
        packed = packed_rows(references, precision)
        for number in (1, len(probes)):
            for exact in (True, False):
                lists = search_embeddings(embeddings_of(probes[:number]), packed, threshold=0.5, exact=exact)
                found[f"{precision.value} {number} {exact}"] = [
                    [[one.row, one.similarity] for one in own] for own in lists
                ]
    return tmp_path / "set.npz", found


def require_same(
    found: dict[str, list[list[list[float]]]], expected: dict[str, list[list[list[float]]]]
) -> None:
    """Rows alike, bytes to the last bit, floats up to rounding."""
    assert found.keys() == expected.keys()
    for name, lists in expected.items():
        if name.startswith("int8"):
            assert found[name] == lists
        for own, others in zip(found[name], lists, strict=True):
            assert [row for row, _ in own] == [row for row, _ in others]
            assert [alike for _, alike in own] == pytest.approx([alike for _, alike in others], abs=2e-6)
    assert sum(map(len, expected["int8 14 True"])) >= 14


@pytest.mark.parametrize(
    ("processor", "features", "needs"),
    [
        ("generic", "", None),
        ("x86-64-v2", V2, None),
        ("x86-64-v3", V3, "avx2"),
        ("x86-64-v3", F16C, "f16c"),
        ("x86-64-v3", AVX_VNNI, "avxvnni"),
        ("x86-64-v4", AVX512, "avx512bw"),
        ("znver4", AVX512_BF16, "avx512bf16"),
        ("znver4", AVX512_VNNI, "avx512vnni"),
    ],
)
def test_other_processors_find_the_same(
    saved: tuple[Path, dict[str, list[list[list[float]]]]],
    tmp_path: Path,
    processor: str,
    features: str,
    needs: str | None,
) -> None:
    if needs and not llvmlite.binding.get_host_cpu_features().get(needs):
        pytest.skip(f"this machine cannot run {needs} code")
    path, expected = saved
    output = run(RUN_SEARCHES, str(path), tmp_path, NUMBA_CPU_NAME=processor, NUMBA_CPU_FEATURES=features)

    require_same(json.loads(output), expected)


def test_without_the_compiler_the_loops_find_the_same(
    saved: tuple[Path, dict[str, list[list[list[float]]]]], tmp_path: Path
) -> None:
    path, expected = saved

    require_same(json.loads(run(RUN_SEARCHES, str(path), tmp_path, NUMBA_DISABLE_JIT="1")), expected)
