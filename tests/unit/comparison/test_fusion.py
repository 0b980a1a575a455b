from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil.comparison import fuse

SIMILARITIES = st.lists(st.floats(0, 1000), max_size=10)


def test_fingers_of_one_person_add_up() -> None:
    assert fuse([3.0, 0.0, 4.5]) == 7.5


def test_no_finger_gives_nothing() -> None:
    assert fuse([]) == 0.0
    assert isinstance(fuse([]), float)


@given(SIMILARITIES, st.floats(0, 1000))
def test_one_more_finger_never_takes_away(similarities: list[float], more: float) -> None:
    assert fuse([*similarities, more]) >= fuse(similarities) >= max(similarities, default=0.0)


@pytest.mark.parametrize("wrong", [-0.1, float("nan")])
def test_what_is_no_similarity_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match=f"at least 0, got {wrong}"):
        fuse([1.0, wrong])
