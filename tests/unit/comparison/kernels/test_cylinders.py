from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from biocapil.comparison.kernels import cylinders as kernel
from biocapil.comparison.layout import BIT_THRESHOLD, LAYERS, MASK_WORD
from biocapil.comparison.reference import cylinders as twin

ROUNDING = 1e-9
"""A bit may differ only where the contribution is this close to the threshold: sums run in another order."""

Floats = NDArray[np.float64]


def both(points: Floats, angles: Floats, *, rows: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Words by the kernel and by its twin."""
    count = len(angles) if rows is None else rows
    words = np.full((count, 8), 0xABCD, np.uint64)
    kernel.build_cylinders(points, angles, words)
    assert (words[:, 7] == 0xABCD).all()
    words[:, 7] = 0
    return words, twin.build_cylinders(points, angles, rows=count)


def bits(words: np.ndarray) -> np.ndarray:
    """Bits of words. Shape (n, 7, 64)."""
    return (words[:, : MASK_WORD + 1, None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1) == 1


def assert_equal_but_for_rounding(points: Floats, angles: Floats) -> None:
    made, said = (bits(words) for words in both(points, angles))
    contributions, _ = twin.contributions(points, angles)
    on_threshold = np.abs(contributions - BIT_THRESHOLD) < ROUNDING
    assert (made[:, MASK_WORD] == said[:, MASK_WORD]).all()
    assert ((made == said)[:, :LAYERS] | on_threshold).all()
    assert np.count_nonzero(on_threshold) <= on_threshold.size / 100


@st.composite
def scattered(draw: st.DrawFn) -> tuple[Floats, Floats]:
    count = draw(st.integers(0, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    spread = draw(st.sampled_from([500.0, 5_000.0, 20_000.0]))
    return rng.uniform(0, spread, (count, 2)), rng.uniform(0, 2 * np.pi, count)


@st.composite
def regular(draw: st.DrawFn) -> tuple[Floats, Floats]:
    """Points of a coarse grid: many in line with others, many in one place."""
    places = draw(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=25))
    turns = draw(st.lists(st.integers(0, 255), min_size=len(places), max_size=len(places)))
    points = np.array(places, np.float64).reshape(-1, 2) * 1730.0 + 11.0
    return points, np.array(turns, np.float64) * (2 * np.pi / 256)


@settings(max_examples=60)
@given(scattered())
def test_the_kernel_equals_its_twin_on_scattered_minutiae(drawn: tuple[Floats, Floats]) -> None:
    assert_equal_but_for_rounding(*drawn)


@settings(max_examples=60)
@given(regular())
def test_the_kernel_equals_its_twin_where_places_repeat_or_stand_in_line(
    drawn: tuple[Floats, Floats],
) -> None:
    assert_equal_but_for_rounding(*drawn)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_the_kernel_equals_its_twin_on_a_handful(count: int) -> None:
    points = np.array([[4000.0, 4000.0], [5000.0, 4100.0], [4500.0, 5200.0]])[:count]

    assert_equal_but_for_rounding(points, np.array([0.1, 2.0, 4.0])[:count])


@pytest.mark.parametrize("direction", [(1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (3.0, -1.0)])
def test_minutiae_on_one_line_have_no_hull_and_full_circles(direction: tuple[float, float]) -> None:
    points = 20_000 + np.outer(np.arange(8) * 700.0, direction)

    made, said = both(points, np.linspace(0, 6, 8))

    assert (made == said).all()
    assert len(set(made[:, MASK_WORD].tolist())) == 1


def test_minutiae_in_one_place_are_no_hull() -> None:
    made, said = both(np.full((5, 2), 3000.0), np.linspace(0, 6, 5))

    assert (made == said).all()
    assert made[:, MASK_WORD].all()


def test_cells_far_outside_the_hull_are_invalid() -> None:
    corner = np.array([[0.0, 0.0], [9_000.0, 0.0], [0.0, 9_000.0], [9_000.0, 9_000.0], [4_500.0, 4_500.0]])

    valid = bits(both(corner, np.zeros(5))[0])[:, MASK_WORD].sum(axis=1)

    assert valid[4] == valid.max()
    assert (valid[:4] < valid[4] * 2 / 3).all()


def test_only_the_first_rows_are_written_and_all_minutiae_shape_them() -> None:
    rng = np.random.default_rng(5)
    points, angles = rng.uniform(0, 9_000, (30, 2)), rng.uniform(0, 6, 30)

    few, said = both(points, angles, rows=7)

    assert few.shape == (7, 8)
    assert (few == said).all()
    assert (few == both(points, angles)[0][:7]).all()
    assert (few != both(points[:7], angles[:7])[0]).any()


def test_a_neighbour_sets_bits_near_its_place_and_its_relative_direction() -> None:
    ahead = np.array([[10_000.0, 10_000.0], [12_000.0, 10_000.0]])

    words = bits(both(ahead, np.array([0.0, 0.0]))[0])[0, :LAYERS]

    rows, _ = np.nonzero(words.any(axis=0).reshape(8, 8))
    assert (rows >= 5).all()  # cells are counted along the minutia's own direction
    assert (words.any(axis=1) == [False, False, True, True, False, False]).all()  # layers around no turn


def test_turning_the_print_hardly_changes_the_bits() -> None:
    rng = np.random.default_rng(6)
    points, angles = rng.uniform(0, 12_000, (30, 2)), rng.uniform(0, 6, 30)
    c, s = np.cos(1.1), np.sin(1.1)
    turned = points @ np.array([[c, s], [-s, c]]) + 40_000

    before, after = both(points, angles)[0], both(turned, angles + 1.1)[0]

    assert (bits(before) != bits(after)).mean() < 0.001


WITHOUT_COMPILER = """
import numpy as np
from biocapil.comparison.kernels.cylinders import build_cylinders
from biocapil.comparison.reference import cylinders as twin
rng = np.random.default_rng(1)
points, angles = rng.uniform(0, 9_000, (7, 2)), rng.uniform(0, 6, 7)
words = np.zeros((7, 8), np.uint64)
assert not hasattr(build_cylinders, "py_func"), "still compiled"
build_cylinders(points, angles, words)
assert words[:, :6].any()
assert (words == twin.build_cylinders(points, angles, rows=7)).all()
"""


def test_the_kernel_equals_its_twin_without_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    # kernels.cascade has no such test: its popcount is an LLVM intrinsic, which Python alone cannot run
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")

    subprocess.run([sys.executable, "-W", "error", "-c", WITHOUT_COMPILER], check=True, timeout=60)  # noqa: S603 fixed command
