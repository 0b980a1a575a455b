from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.comparison.strategies import (
    OTHER_MODEL,
    SEEDS,
    SIDE_UM,
    finger,
    impression,
    moved,
    template_of,
    template_pairs,
)

from biocapil.comparison import Explanation, compare, explain
from biocapil.comparison.kernels import cascade
from biocapil.comparison.layout import UNIT_UM
from biocapil.comparison.packed import pack_template
from biocapil.errors import IncompatibleTemplates
from biocapil.template import FingerprintTemplate


def lands_on(found: Explanation, places: np.ndarray) -> np.ndarray:
    """Where the documented equations put places of the reference."""
    c, s = math.cos(found.rotation_rad), math.sin(found.rotation_rad)
    x, y = places.astype(np.float64).T
    tx, ty = found.translation_um
    return np.stack([c * x + s * y + tx, -s * x + c * y + ty], axis=1)


def apart(first: float, second: float) -> float:
    return abs((first - second + math.pi) % (2 * math.pi) - math.pi)


def value(found: Explanation, name: str) -> float:
    return {term.name: term.value for term in found.terms}[name]


def weighed(found: Explanation, probe: FingerprintTemplate, reference: FingerprintTemplate) -> float:
    """The similarity that the terms of an explanation make."""
    if not found.pairs:
        return 0.0
    smaller = min(len(pack_template(probe)[0]), len(pack_template(reference)[0]))
    evidence = (
        cascade.MASS_WEIGHT * math.sqrt(value(found, "matched mass"))
        + cascade.FRACTION_WEIGHT * math.log(value(found, "matched fraction") + cascade.FRACTION_FLOOR)
        + cascade.CONSISTENCY_WEIGHT * math.sqrt(value(found, "consistency"))
        + cascade.MISFIT_WEIGHT * value(found, "misfit") / UNIT_UM
        + cascade.SPREAD_WEIGHT * value(found, "spread") / UNIT_UM
        + cascade.SIZE_WEIGHT * math.log(1 + smaller)
        + cascade.SCORE_OFFSET
    )
    return cascade.SCORE_UNIT * ((evidence + math.sqrt(evidence**2 + 4)) / 2) ** 2


@settings(max_examples=40)
@given(seed=SEEDS, turn=st.floats(-0.8, 0.8), smaller_probe=st.booleans())
def test_a_known_motion_is_found_whichever_print_comes_first(
    seed: int, turn: float, *, smaller_probe: bool
) -> None:
    reference = finger(seed)
    probe, (tx, ty) = moved(reference, turn_rad=turn, shift_um=(700.0, -400.0))
    if smaller_probe:  # the kernels put the smaller of the two first
        probe = template_of(probe.positions_um[:-3], probe.angles_rad[:-3], probe.qualities[:-3])
    else:
        reference = template_of(
            reference.positions_um[:-3], reference.angles_rad[:-3], reference.qualities[:-3]
        )

    found = explain(probe, reference)

    assert apart(found.rotation_rad, turn) < 0.003
    shared = min(len(probe), len(reference))
    left = lands_on(found, reference.positions_um[:shared]) - probe.positions_um[:shared]
    assert np.hypot(*left.T).max() < 30
    assert found.translation_um == pytest.approx((tx, ty), abs=60)
    assert len(found.pairs) >= 30
    assert all(pair.probe_index == pair.reference_index for pair in found.pairs)
    assert max(pair.distance_um for pair in found.pairs) < 30
    assert value(found, "misfit") < 30
    assert 2_000 < value(found, "spread") < 6_000
    assert max(pair.angle_difference_rad for pair in found.pairs) < 0.003


@settings(max_examples=100)
@given(template_pairs())
def test_the_numbers_satisfy_the_documented_equations(
    pair: tuple[FingerprintTemplate, FingerprintTemplate],
) -> None:
    probe, reference = pair

    found = explain(probe, reference)

    mass = value(found, "matched mass")
    assert found.similarity == compare(probe, reference)
    assert found.similarity == pytest.approx(weighed(found, probe, reference), rel=1e-4)
    assert sum(pair.weight for pair in found.pairs) == pytest.approx(mass, rel=1e-5)
    for paired in found.pairs:
        place = lands_on(found, reference.positions_um[[paired.reference_index]])[0]
        left = np.hypot(*(place - probe.positions_um[paired.probe_index]))
        turned = reference.angles_rad[paired.reference_index] + found.rotation_rad
        assert paired.distance_um == pytest.approx(left, abs=0.05)
        assert paired.angle_difference_rad == pytest.approx(
            apart(float(turned), float(probe.angles_rad[paired.probe_index])), abs=1e-4
        )


@settings(max_examples=100)
@given(template_pairs())
def test_pairs_are_one_to_one_and_stand_heaviest_first(
    pair: tuple[FingerprintTemplate, FingerprintTemplate],
) -> None:
    found = explain(*pair)

    weights = [paired.weight for paired in found.pairs]
    assert weights == sorted(weights, reverse=True)
    assert all(0 < weight <= 1 for weight in weights)
    assert len({paired.probe_index for paired in found.pairs}) == len(weights)
    assert len({paired.reference_index for paired in found.pairs}) == len(weights)


@settings(max_examples=60)
@given(SEEDS)
def test_told_the_other_way_round_it_is_the_same_story(seed: int) -> None:
    first, second = finger(seed), impression(finger(seed), seed)

    forth, back = explain(first, second), explain(second, first)

    assert forth.similarity == back.similarity
    assert forth.rotation_rad == pytest.approx(-back.rotation_rad, abs=1e-5)
    assert {(pair.probe_index, pair.reference_index) for pair in forth.pairs} == {
        (pair.reference_index, pair.probe_index) for pair in back.pairs
    }
    assert value(forth, "overlap in probe") == value(back, "overlap in reference")
    assert value(forth, "overlap in reference") == value(back, "overlap in probe")
    there = lands_on(forth, second.positions_um)
    assert lands_on(back, there) == pytest.approx(second.positions_um, abs=5)


def test_prints_of_different_height_are_put_on_each_other() -> None:
    tall = finger(3)
    cut = FingerprintTemplate(
        positions_um=tall.positions_um,
        angles_rad=tall.angles_rad,
        kinds=tall.kinds,
        qualities=tall.qualities,
        extent_um=(SIDE_UM, SIDE_UM - 10_000),
        model_id=tall.model_id,
    )

    for found in (explain(tall, cut), explain(cut, tall)):
        assert found.translation_um == pytest.approx((0, 0), abs=15)
        assert found.rotation_rad == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("minutiae", [0, 1])
def test_where_nothing_can_be_aligned_there_are_no_pairs_and_no_score(minutiae: int) -> None:
    found = explain(finger(1, minutiae=minutiae), finger(2))

    assert (found.similarity, found.rotation_rad, found.pairs) == (0.0, 0.0, ())
    assert [term.value for term in found.terms] == [0.0] * 7


def test_every_term_says_what_it_means() -> None:
    terms = explain(finger(1), finger(1)).terms

    assert [term.name for term in terms] == [
        "consistency",
        "matched mass",
        "matched fraction",
        "misfit",
        "spread",
        "overlap in probe",
        "overlap in reference",
    ]
    assert all(len(term.meaning) > 20 for term in terms)


def test_templates_of_two_models_are_never_explained() -> None:
    with pytest.raises(IncompatibleTemplates, match="probe was made by made@1, the reference by other@2"):
        explain(finger(1), finger(1, model=OTHER_MODEL))
