import numpy as np

from biocapil.synthesis.pores import draw_pores


def stripes() -> np.ndarray:
    """Level ridges of ten rows' period, highest on rows 5, 15, 25, …, with small bumps along them."""
    rows, columns = np.mgrid[0:100, 0:100]
    return (-np.cos(rows * np.pi / 5) + 0.01 * np.sin(columns)).astype(np.float32)


def test_pores_lie_on_ridges_and_spare_valleys() -> None:
    pores = draw_pores(np.random.default_rng(1), stripes())
    on_ridges, in_valleys = pores[5::10].mean(), pores[0::10].mean()
    assert on_ridges > 0.01
    assert in_valleys < on_ridges / 20


def test_pores_differ_in_depth_and_never_exceed_their_limit() -> None:
    pores = draw_pores(np.random.default_rng(2), stripes())
    assert 0.3 < pores.max() <= 1.2
    assert pores.min() >= 0
    assert pores.dtype == np.float32


def test_a_skin_without_ridges_has_no_pores() -> None:
    assert not draw_pores(np.random.default_rng(3), np.full((30, 30), -1, np.float32)).any()
