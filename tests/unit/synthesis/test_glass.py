import numpy as np

from biocapil.synthesis.glass import Glass
from biocapil.synthesis.skin import Contact


def finger(rows: int = 20, columns: int = 10) -> tuple[np.ndarray, Contact]:
    """A tile that touches everywhere but at its outermost pixels."""
    touch = np.zeros((rows, columns), np.float32)
    touch[1:-1, 1:-1] = 1
    return np.full((rows, columns), 0.5, np.float32), Contact(depth=touch, touch=touch, grain=touch)


def test_a_finger_lies_where_its_tile_is_put() -> None:
    glass = Glass((60, 80))
    assert glass.lay_down(*finger(), (30, 25)) == (31, 26, 8, 18)
    assert glass.ridge[26, 31] == 0.5
    assert glass.contact.touch[26, 31] == glass.contact.depth[26, 31] == 1
    assert np.count_nonzero(glass.contact.touch) == np.count_nonzero(glass.ridge) == 8 * 18


def test_what_lies_beyond_the_border_is_lost() -> None:
    glass = Glass((60, 80))
    assert glass.lay_down(*finger(), (-4, 50)) == (0, 51, 5, 9)
    assert glass.lay_down(*finger(), (200, 0)) is None
    assert glass.lay_down(*finger(), (79, 0)) is None


def test_fingers_that_meet_keep_the_stronger_touch() -> None:
    glass = Glass((60, 80))
    ridge, contact = finger()
    glass.lay_down(ridge, contact, (10, 10))
    glass.lay_down(ridge * 2, contact, (14, 10))
    assert glass.ridge[20, 12] == 0.5
    assert glass.ridge[20, 17] == 1
