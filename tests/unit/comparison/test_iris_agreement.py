from __future__ import annotations

import numpy as np
import pytest
from tests.unit.comparison.code_strategies import SMALL, code_of, noisy

from biocapil.comparison.iris_agreement import iris_agreement
from biocapil.comparison.iris_references import IrisReferences, iris_probes
from biocapil.comparison.packed_codes import pack_codes


def test_a_turned_code_agrees_everywhere() -> None:
    code = code_of(np.random.default_rng(1), SMALL)
    found = iris_agreement(code, code.turned(2), turns=3)
    assert found is not None
    assert (found.turn, found.differing_bits) == (2, 0)
    assert found.compared.shape == (SMALL.column_bits, SMALL.columns)
    assert found.agrees[found.compared].all()
    assert found.compared.sum() == found.compared_bits == code.valid_bits


def test_counts_and_similarity_are_those_of_a_search() -> None:
    rng = np.random.default_rng(2)
    code = code_of(rng, SMALL)
    probe = noisy(code, rng, flipped=0.2, turn=1)
    found = iris_agreement(probe, code, turns=3)
    assert found is not None
    assert (~found.agrees & found.compared).sum() == found.differing_bits
    searched = IrisReferences(packed=pack_codes([code]), turns=3).scan(iris_probes([probe]), 0, 1)
    assert found.similarity == pytest.approx(float(searched.similarities[0]))


def test_codes_without_common_bits_have_no_agreement() -> None:
    rng = np.random.default_rng(3)
    assert iris_agreement(code_of(rng, SMALL, valid=0.0), code_of(rng, SMALL), turns=1) is None
