from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.comparison.strategies import OTHER_MODEL, finger

from biocapil.comparison import expected_information, most_informative_first, pack
from biocapil.errors import IncompatibleTemplates
from biocapil.template import FingerprintTemplate


def rated(seed: int, quality: int, *, minutiae: int = 30) -> FingerprintTemplate:
    return replace(finger(seed, minutiae=minutiae), qualities=np.full(minutiae, quality, np.uint8))


def test_information_is_the_sum_of_the_qualities_of_the_minutiae_that_are_kept() -> None:
    packed = pack([rated(1, 40), rated(2, 100, minutiae=60), finger(3, minutiae=0)])
    assert expected_information(packed).tolist() == [40 * 30, 3700, 0]


def test_few_good_minutiae_stand_before_many_poor_ones() -> None:
    assert most_informative_first(pack([rated(1, 20, minutiae=37), rated(2, 90, minutiae=20)])).tolist() == [
        1,
        0,
    ]


def test_ties_keep_their_order() -> None:
    assert most_informative_first(pack([rated(1, 50), rated(2, 60), rated(3, 50)])).tolist() == [1, 0, 2]


def test_the_poorer_of_both_sides_decides() -> None:
    probes = pack([rated(1, 90), rated(2, 50)])
    references = pack([rated(1, 20), rated(2, 80)])
    assert most_informative_first(probes).tolist() == [0, 1]
    assert most_informative_first(probes, references).tolist() == [1, 0]


def test_what_does_not_belong_together_is_refused() -> None:
    with pytest.raises(IncompatibleTemplates, match="other@2"):
        most_informative_first(pack([finger(1)]), pack([finger(1, model=OTHER_MODEL)]))
    with pytest.raises(ValueError, match="got 1 probes and 2 references"):
        most_informative_first(pack([finger(1)]), pack([finger(1), finger(2)]))
