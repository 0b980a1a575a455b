from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from biocapil.comparison import Explanation, PairedMinutiae, ScoreTerm


def test_an_explanation_cannot_be_changed() -> None:
    pair = PairedMinutiae(
        probe_index=1, reference_index=2, distance_um=3.0, angle_difference_rad=0.1, weight=0.9
    )
    term = ScoreTerm(name="matched mass", value=0.9, meaning="paired minutiae")
    whole = Explanation(
        similarity=1.0, rotation_rad=0.0, translation_um=(0.0, 0.0), pairs=(pair,), terms=(term,)
    )

    for part, name in ((pair, "weight"), (term, "value"), (whole, "similarity")):
        with pytest.raises(FrozenInstanceError):
            setattr(part, name, 2.0)
