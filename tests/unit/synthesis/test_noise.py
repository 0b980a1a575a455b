import numpy as np
import pytest

from biocapil.synthesis.noise import smooth_noise, white_noise


def test_the_field_has_the_wanted_shape_and_deviation() -> None:
    field = smooth_noise(np.random.default_rng(1), (400, 300), correlation_px=4, deviation=2.5)
    assert field.shape == (400, 300)
    assert field.dtype == np.float32
    assert field.std() == pytest.approx(2.5, rel=0.05)


def test_places_nearer_than_the_correlation_are_alike_and_far_ones_are_not() -> None:
    field = smooth_noise(np.random.default_rng(2), (400, 400), correlation_px=10)
    near = np.corrcoef(field[:, :-2].ravel(), field[:, 2:].ravel())[0, 1]
    far = np.corrcoef(field[:, :-40].ravel(), field[:, 40:].ravel())[0, 1]
    assert near > 0.9
    assert abs(far) < 0.2


def test_the_same_generator_state_gives_the_same_field() -> None:
    first, second = (smooth_noise(np.random.default_rng(3), (50, 60), correlation_px=7.3) for _ in range(2))
    assert np.array_equal(first, second)


def test_a_field_smaller_than_its_correlation_is_still_whole() -> None:
    assert smooth_noise(np.random.default_rng(4), (1, 3), correlation_px=90).shape == (1, 3)


def test_white_noise_is_unit_and_independent() -> None:
    noise = white_noise(np.random.default_rng(5), (300, 300))
    assert noise.std() == pytest.approx(1, rel=0.02)
    assert abs(np.corrcoef(noise[:, :-1].ravel(), noise[:, 1:].ravel())[0, 1]) < 0.02
