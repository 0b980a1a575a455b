import numpy as np
import pytest

from biocapil.quality.network import Layer, run_network


def test_hidden_units_are_tangents_and_outputs_are_linear() -> None:
    first = Layer(weights=np.array([[1, 0], [0, 2]], np.float32), bias=np.array([0, 1], np.float32))
    last = Layer(weights=np.array([[3], [5]], np.float32), bias=np.array([7], np.float32))
    inputs = np.array([[0.5, -0.25], [0, 0]], np.float32)
    expected = [[3 * np.tanh(0.5) + 5 * np.tanh(0.5) + 7], [5 * np.tanh(1) + 7]]
    np.testing.assert_allclose(run_network((first, last), inputs), expected, rtol=1e-6)
    np.testing.assert_allclose(run_network((first, last), inputs[0]), expected[0], rtol=1e-6)


def test_a_bias_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(3, 2\) do not fit a bias of shape \(3,\)"):
        Layer(weights=np.zeros((3, 2), np.float32), bias=np.zeros(3, np.float32))
