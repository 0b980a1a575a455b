"""The compiled cascade is held to its plain twin, step by step.

Both round to float32 after every operation and add in the same order, so nothing may differ but the last
bits of cosines, roots and arc tangents, which come from different libraries.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from tests.unit.comparison.strategies import finger, population, template_pairs

from biocapil.comparison import pack, prepare_probe
from biocapil.comparison.kernels import cascade as kernel
from biocapil.comparison.layout import MAX_MINUTIAE
from biocapil.comparison.packed import pack_template
from biocapil.comparison.reference import cascade as twin
from biocapil.comparison.reference.alignment import Motion, align, contributions, moved, pair_up
from biocapil.comparison.reference.local_pairs import Poses
from biocapil.template import FingerprintTemplate

TOLERANCE = 1e-5

Pair = tuple[FingerprintTemplate, FingerprintTemplate]


def rows_of(*templates: FingerprintTemplate) -> list[np.ndarray]:
    return [pack_template(template)[0] for template in templates]


def gate(pair: Pair) -> tuple[float, float, np.ndarray, np.ndarray]:
    """Gates one and two, columns and ratios by the kernels."""
    probe = prepare_probe(pair[0])
    foremost = rows_of(pair[1])[0][: kernel.GATE_MINUTIAE]
    ws = kernel.new_workspace()
    one = kernel.local_gate(
        probe.columns, probe.windows, foremost, ws.columns, ws.ratios, np.zeros(34, np.float32)
    )
    two = kernel.consistency_gate(probe.columns, foremost, ws)
    return one, two, ws.columns[: len(foremost)], ws.ratios[: len(foremost)]


def explained(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Terms, pairs and weights by the kernels."""
    pairs, weights = np.zeros((2, MAX_MINUTIAE), np.int32), np.zeros(MAX_MINUTIAE, np.float32)
    terms, count = kernel.explain_rows(a, b, pairs, weights)
    return terms, pairs[:, :count], weights[:count]


@settings(max_examples=150)
@given(template_pairs())
def test_the_gates_equal_their_twins(pair: Pair) -> None:
    probe = prepare_probe(pair[0])
    foremost = rows_of(pair[1])[0][: kernel.GATE_MINUTIAE]

    one, two, columns, ratios = gate(pair)
    said_one, said_columns, said_ratios = twin.local_gate(probe.columns, probe.windows, foremost)
    said_two = twin.consistency_gate(probe.columns, foremost, said_columns, said_ratios)

    assert columns.tolist() == said_columns.tolist()
    assert ratios.tolist() == said_ratios.tolist()
    assert one == said_one
    assert two == pytest.approx(said_two, rel=TOLERANCE)


@settings(max_examples=300)
@given(template_pairs())
def test_the_similarity_equals_that_of_the_twin(pair: Pair) -> None:
    a, b = rows_of(*pair)

    assert kernel.compare_rows(a, b) == pytest.approx(twin.compare_rows(a, b), rel=TOLERANCE)


@settings(max_examples=150)
@given(template_pairs())
def test_the_alignment_equals_that_of_the_twin(pair: Pair) -> None:
    a, b = rows_of(*pair)
    if not twin.precedes(a, b):
        a, b = b, a

    terms, pairs, weights = explained(a, b)
    said, consistency = twin.refine(a, b)

    assert terms[kernel.CONSISTENCY] == pytest.approx(consistency, rel=TOLERANCE)
    assert terms[kernel.MISFIT] == pytest.approx(said.misfit, rel=1e-3, abs=0.01)
    assert terms[kernel.SPREAD] == pytest.approx(said.spread, rel=1e-3, abs=0.1)
    assert terms[kernel.MATCHED_MASS] == pytest.approx(said.matched_mass, rel=TOLERANCE)
    assert terms[kernel.MATCHED_FRACTION] == pytest.approx(said.matched_fraction, rel=TOLERANCE)
    assert terms[[kernel.OVERLAP_A, kernel.OVERLAP_B]].tolist() == [said.overlap_a, said.overlap_b]
    assert pairs.tolist() == [said.pairing.i.tolist(), said.pairing.j.tolist()]
    assert weights == pytest.approx(contributions(said.pairing), rel=TOLERANCE, abs=TOLERANCE)
    motion = said.motion
    assert terms[[kernel.COS, kernel.SIN]] == pytest.approx([motion.cosine, motion.sine], abs=TOLERANCE)
    shift = (
        motion.ax - motion.cosine * motion.bx - motion.sine * motion.by,
        motion.ay + motion.sine * motion.bx - motion.cosine * motion.by,
    )
    assert terms[[kernel.SHIFT_X, kernel.SHIFT_Y]] == pytest.approx(shift, abs=0.01)


@settings(max_examples=60)
@given(template_pairs())
def test_the_order_of_two_templates_is_total_and_equals_that_of_the_twin(pair: Pair) -> None:
    a, b = rows_of(*pair)

    assert kernel.precedes(a, b) == twin.precedes(a, b)
    assert kernel.precedes(a, b) != kernel.precedes(b, a) or np.array_equal(a, b)


def test_the_order_looks_at_every_word_from_the_pose_down() -> None:
    rows = rows_of(finger(1))[0]
    for word in range(8):
        larger = rows.copy()
        larger[-1, word] += np.uint64(1)

        assert kernel.precedes(rows, larger)
        assert not kernel.precedes(larger, rows)


@pytest.mark.parametrize(("gate_one", "gate_two"), [(-1.0, -1.0), (0.0, 0.0), (0.16, 1.45), (0.16, 1e9)])
def test_a_block_is_the_twins_cascade_reference_by_reference(gate_one: float, gate_two: float) -> None:
    probe = prepare_probe(population()[4])
    packed = pack([*population(), finger(1, minutiae=0), finger(2, minutiae=255)])
    similarities = np.full(len(packed), np.nan, np.float32)

    passed = kernel.search_block(
        probe.columns,
        probe.windows,
        probe.rows,
        packed.words,
        packed.offsets,
        similarities,
        2,
        len(packed),
        gate_one,
        gate_two,
    )

    expected, counts = [], [0, 0]
    for index in range(2, len(packed)):
        rows = packed.rows(index)
        foremost = rows[: kernel.GATE_MINUTIAE]
        one, columns, ratios = twin.local_gate(probe.columns, probe.windows, foremost)
        open_one = gate_one < 0 or one >= gate_one
        open_two = gate_one < 0 or twin.consistency_gate(probe.columns, foremost, columns, ratios) >= gate_two
        counts[0] += open_one and gate_one >= 0
        counts[1] += open_one and open_two and gate_one >= 0
        expected.append(twin.compare_rows(probe.rows, rows) if open_one and open_two else 0.0)
    assert np.isnan(similarities[:2]).all()
    assert similarities[2:] == pytest.approx(expected, rel=TOLERANCE)
    assert passed == tuple(counts)


def test_two_pairs_that_fit_only_far_from_the_centre_are_given_up_after_the_refit() -> None:
    ws = kernel.new_workspace()
    for pose, places in ((ws.a, [0, 2000]), (ws.b, [500, 1500])):
        pose.x[:2], pose.y[:2], pose.turn[:2] = places, 0, 0
    motion = np.array([1, 0, 20_000, 0, 20_000, 0], np.float32)

    assert kernel.align(2, 2, ws, motion) == 0
    a, b = (Poses(pose.x[:2], pose.y[:2], pose.turn[:2].astype(np.int64)) for pose in (ws.a, ws.b))
    far = Motion(*np.array([1, 0, 20_000, 0, 20_000, 0], np.float32))
    assert len(pair_up(a, moved(b, far), far).i) == 2
    assert align(a, b, far) is None


@pytest.mark.parametrize(("a", "b", "apart"), [(0, 255, 1), (0, 128, 128), (250, 6, 12), (7, 7, 0)])
def test_directions_differ_by_the_smaller_turn(a: int, b: int, apart: int) -> None:
    assert kernel.turn_between(a, b) == kernel.turn_between(b, a) == apart
    assert twin.turn_between(np.array([a]), np.array([b])).tolist() == [apart]
