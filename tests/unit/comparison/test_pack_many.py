from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.comparison.strategies import MODEL, finger, template_of, templates

from biocapil.comparison import PackedTemplates, pack
from biocapil.comparison.pack_many import pack_minutiae
from biocapil.template import FingerprintTemplate


def packed_at_once(some: Sequence[FingerprintTemplate]) -> PackedTemplates:
    """The same templates by the other way."""
    return pack_minutiae(
        np.concatenate([each.positions_um for each in some]),
        np.concatenate([each.angles_rad for each in some]),
        np.concatenate([each.kinds for each in some]),
        np.concatenate([each.qualities for each in some]),
        np.cumsum([0] + [len(each) for each in some]),
        heights_um=np.array([each.extent_um[1] for each in some]),
        model_id=MODEL,
    )


def assert_same(some: Sequence[FingerprintTemplate]) -> None:
    one_by_one, at_once = pack(some), packed_at_once(some)
    assert (at_once.offsets == one_by_one.offsets).all()
    assert (at_once.words == one_by_one.words).all()


@settings(max_examples=60)
@given(st.lists(templates(), min_size=1, max_size=5))
def test_at_once_equals_one_by_one(some: list[FingerprintTemplate]) -> None:
    assert_same(some)


def test_templates_of_any_size_stand_beside_each_other() -> None:
    assert_same([finger(seed, minutiae=size) for seed, size in enumerate([90, 0, 1, 2, 37, 38, 0, 60])])


def test_many_templates_of_real_size_are_the_same_to_the_bit() -> None:
    assert_same([finger(seed, minutiae=30 + seed % 40) for seed in range(200)])


def test_a_minutia_without_bits_is_left_out() -> None:
    lonely = template_of(np.array([[0.0, 0.0], [90_000.0, 0.0]]), np.zeros(2))

    assert packed_at_once([lonely, finger(1)]).sizes().tolist() == pack([lonely, finger(1)]).sizes().tolist()
    assert packed_at_once([lonely]).sizes().tolist() == [0]


def test_arrays_that_do_not_fit_are_refused() -> None:
    one = finger(1)
    arrays = (one.positions_um, one.angles_rad, one.kinds, one.qualities)

    with pytest.raises(ValueError, match="as many as the last offset"):
        pack_minutiae(*arrays, np.array([0, 3]), heights_um=np.array([9.0]), model_id=MODEL)
    with pytest.raises(ValueError, match="one a template"):
        pack_minutiae(*arrays, np.array([0, len(one)]), heights_um=np.array([9.0, 9.0]), model_id=MODEL)
