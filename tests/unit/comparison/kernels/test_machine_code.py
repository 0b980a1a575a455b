"""What the compiler makes of stage one for several processors, and that all of them give the same answers.

Numba reads the processor when it is imported, so each target has a process, and a cache, of its own.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from pathlib import Path

import llvmlite.binding
import numpy as np
import pytest
from tests.unit.comparison.strategies import gallery, population

from biocapil.comparison import pack, prepare_probe, similarity_matrix
from biocapil.comparison.kernels import cascade as kernel
from biocapil.comparison.packed import PackedTemplates

pytestmark = pytest.mark.skipif(
    platform.machine() not in {"x86_64", "AMD64"}, reason="names processors of the x86-64 family"
)

V2 = "+popcnt,+sse4.2,+sse4.1,+ssse3"
V3 = f"{V2},+avx,+avx2,+bmi,+bmi2,+fma"
V4_WITH_POPCOUNT = f"{V3},+avx512f,+avx512bw,+avx512cd,+avx512dq,+avx512vl,+avx512vpopcntdq,+avx512bitalg"

SHOW_MACHINE_CODE = """
from numba import njit, types
from biocapil.comparison.kernels.cascade import local_gate
words = types.Array(types.uint64, 2, "C", readonly=True)
windows = types.Array(types.int32, 2, "C", readonly=True)
floats = types.float32[::1]
compiled = njit(boundscheck=False)(local_gate.py_func)
compiled.compile((words, windows, words, types.int64[::1], floats, floats))
(code,) = compiled.inspect_asm().values()
print(code)
"""

RUN_STAGE_ONE = """
import json, sys
import numpy as np
from biocapil.comparison.kernels.cascade import GATE_MINUTIAE, local_gate
with np.load(sys.argv[1]) as saved:
    columns, windows, words, offsets = (saved[n] for n in ("columns", "windows", "words", "offsets"))
found = []
for first, last in zip(offsets[:-1], offsets[1:]):
    rows = words[first:last][:GATE_MINUTIAE]
    best, ratios = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.float32)
    gate = local_gate(columns, windows, rows, best, ratios, np.zeros(34, np.float32))
    found.append([float(gate), best.tolist(), (ratios * 4096).astype(int).tolist()])
print(json.dumps(found))
"""

RUN_SEARCH = """
import json, sys
import numpy as np
from biocapil.comparison.kernels.cascade import search_block
with np.load(sys.argv[1]) as saved:
    probe, windows, rows, words, offsets = (
        saved[n] for n in ("columns", "windows", "rows", "words", "offsets")
    )
for array in (probe, windows, rows, words, offsets):
    array.flags.writeable = False
similarities = np.zeros(len(offsets) - 1, np.float32)
passed = search_block(
    probe, windows, rows, words, offsets, similarities, 0, len(similarities), 0.0, 0.0
)
print(json.dumps([similarities.tolist(), passed]))
"""


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A fresh cache; returns a file with one probe and a gallery."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    probe, packed = prepare_probe(population()[5]), gallery()
    saved = tmp_path / "set.npz"
    np.savez(
        saved,
        columns=probe.columns,
        windows=probe.windows,
        rows=probe.rows,
        words=packed.words,
        offsets=packed.offsets,
    )
    return saved


def run_on(monkeypatch: pytest.MonkeyPatch, processor: str, features: str, script: str, saved: Path) -> str:
    """Output of a script in a process that compiles for another processor."""
    monkeypatch.setenv("NUMBA_CPU_NAME", processor)
    monkeypatch.setenv("NUMBA_CPU_FEATURES", features)
    command = [sys.executable, "-W", "error", "-c", script, str(saved)]
    return subprocess.run(command, check=True, timeout=120, capture_output=True, text=True).stdout  # noqa: S603 fixed command


def own_answers(packed: PackedTemplates) -> tuple[list[list[object]], list[float]]:
    """Stage one and similarities by this process."""
    probe = prepare_probe(population()[5])
    ws = kernel.new_workspace()
    votes = np.zeros(34, np.float32)
    gates: list[list[object]] = []
    for index in range(len(packed)):
        rows = packed.rows(index)[: kernel.GATE_MINUTIAE]
        gate = kernel.local_gate(probe.columns, probe.windows, rows, ws.columns, ws.ratios, votes)
        ratios = (ws.ratios[: len(rows)] * 4096).astype(int)
        gates.append([float(gate), ws.columns[: len(rows)].tolist(), ratios.tolist()])
    similarities = similarity_matrix(pack([population()[5]]), packed)[0].tolist()
    return gates, similarities


def test_with_avx512_stage_one_counts_bits_eight_words_at_a_time(
    monkeypatch: pytest.MonkeyPatch, target: Path
) -> None:
    code = run_on(monkeypatch, "znver4", V4_WITH_POPCOUNT, SHOW_MACHINE_CODE, target)

    counts = [line for line in code.splitlines() if "vpopcntq" in line]
    assert sum("zmm" in line for line in counts) >= 12


def test_with_avx2_stage_one_counts_bits_by_shuffling_bytes(
    monkeypatch: pytest.MonkeyPatch, target: Path
) -> None:
    code = run_on(monkeypatch, "x86-64-v3", V3, SHOW_MACHINE_CODE, target)

    shuffles = [line for line in code.splitlines() if "vpshufb" in line]
    assert sum("ymm" in line for line in shuffles) >= 12
    assert "vpopcnt" not in code
    assert "zmm" not in code


@pytest.mark.parametrize(("processor", "features"), [("x86-64-v2", V2), ("x86-64-v3", V3)])
def test_stage_one_gives_the_same_integers_on_other_processors(
    monkeypatch: pytest.MonkeyPatch, target: Path, processor: str, features: str
) -> None:
    if processor == "x86-64-v3" and not llvmlite.binding.get_host_cpu_features().get("avx2"):
        pytest.skip("this machine cannot run AVX2 code")
    gates, _ = own_answers(gallery())

    assert json.loads(run_on(monkeypatch, processor, features, RUN_STAGE_ONE, target)) == gates


def test_the_plainest_processor_gives_the_same_similarities(
    monkeypatch: pytest.MonkeyPatch, target: Path
) -> None:
    similarities, passed = json.loads(run_on(monkeypatch, "generic", "", RUN_SEARCH, target))

    assert similarities == pytest.approx(own_answers(gallery())[1], rel=1e-5)
    assert max(similarities) > 50
    assert passed == [24, 24]
