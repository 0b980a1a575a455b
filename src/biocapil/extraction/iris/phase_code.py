"""The phase code: signs of complex Gabor answers along the rings, and which of them can be trusted.

Reference: J. Daugman, How iris recognition works, 2004, doi:10.1109/TCSVT.2003.818350, section V; K. P.
Hollingsworth, K. W. Bowyer, P. J. Flynn, The best bits in an iris code, IEEE PAMI 31(6), 2009,
doi:10.1109/TPAMI.2008.185 (weak answers).
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from biocapil.extraction.iris.network_maps import opencv
from biocapil.extraction.iris_rule import IrisCodeRule, IrisRule
from biocapil.iris_code import IrisCode
from biocapil.iris_segmentation import UnwrappedIris
from biocapil.vocabulary import ModelId

FILL_SPREAD, FILL_REACH = 24.0, 64
"""Gaussian, in columns, by which gaps are filled from what lies beside them."""
RING_WEIGHT = 0.02
"""Weight of the ring's mean beside that."""
LEAST_COVER = 0.3
"""Places of a band that are covered more than this are filled."""
NOTHING = 1e-3


class PhaseCoder:
    """Filters of one size of code; it holds no state between irises."""

    def __init__(self, rule: IrisRule, code: IrisCodeRule) -> None:
        """Draw the filters."""
        self._rule, self._code = rule, code
        rows, columns = rule.unwrapped_rows, rule.unwrapped_columns
        edges = np.linspace(rule.inner * rows, rule.outer * rows, code.bands + 1)
        middles, spread = (edges[1:] + edges[:-1]) / 2, (edges[1] - edges[0]) / 2
        places = np.arange(rows) + 0.5
        bands = np.exp(-0.5 * ((places - middles[:, None]) / spread) ** 2)
        self._bands = bands.astype(np.float32)
        self._band_sums = self._bands.sum(axis=1, keepdims=True)
        self._chosen = np.arange(code.columns) * columns // code.columns
        self._filters = [_gabor(wave, code.spread * wave, columns) for wave in code.wavelengths]

    @cached_property
    def _fill(self) -> NDArray[np.float32]:
        kernel: NDArray[np.float32] = opencv().getGaussianKernel(2 * FILL_REACH + 1, FILL_SPREAD)
        return kernel.astype(np.float32).T

    def encode(self, iris: UnwrappedIris, *, model_id: ModelId) -> IrisCode:
        """Read the code of an iris.

        Args:
            iris: Unwrapped iris of the size that the rule names.
            model_id: Model that the code is of.

        Returns:
            The code; bits of column c stand band after band: real parts of the first wavelength, imaginary
            parts, then the next.
        """
        values, cover = self._ring_values(iris)
        spectrum = np.fft.fft(values, axis=1)
        bits: list[NDArray[np.bool_]] = []
        valid: list[NDArray[np.bool_]] = []
        for wave, gabor in zip(self._code.wavelengths, self._filters, strict=True):
            answer = np.fft.ifft(spectrum * gabor, axis=1)[:, self._chosen]
            covered = _around(cover, max(3, wave / 2))[:, self._chosen] > self._rule.min_cover
            for part in (answer.real, answer.imag):
                bits.append(part > 0)
                valid.append(covered & self._strong(np.abs(part), covered))
        return IrisCode.from_bits(
            np.ascontiguousarray(np.concatenate(bits).T),
            np.ascontiguousarray(np.concatenate(valid).T),
            model_id=model_id,
        )

    def _ring_values(self, iris: UnwrappedIris) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Mean grey of each band by angle, gaps filled, and the share of it that was seen."""
        mask = iris.mask.astype(np.float32)
        seen = self._bands @ mask
        values = (self._bands @ (iris.grey * mask)) / np.maximum(seen, NOTHING)
        cover = seen / self._band_sums
        weight = np.where(cover > LEAST_COVER, cover, 0).astype(np.float32)
        around = _wrapped_filter(values * weight, self._fill)
        ring = (values * weight).sum(1, keepdims=True) / np.maximum(weight.sum(1, keepdims=True), NOTHING)
        filling = (around + RING_WEIGHT * ring) / (_wrapped_filter(weight, self._fill) + RING_WEIGHT)
        return values * weight + filling * (1 - weight), cover

    def _strong(self, size: NDArray[np.float64], covered: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Answers of a filter that are not among its weakest."""
        sizes = size[covered]
        if not self._rule.weakest or not len(sizes):
            return covered
        place = int(self._rule.weakest * (len(sizes) - 1))
        strong: NDArray[np.bool_] = size > np.partition(sizes, place)[place]
        return strong


def _gabor(wavelength: float, spread: float, columns: int) -> NDArray[np.float32]:
    """Spectrum of a complex Gabor filter that does not see the mean."""
    frequency = 2 * np.pi * np.fft.fftfreq(columns)
    centre = 2 * np.pi / wavelength
    gain = np.exp(-0.5 * ((frequency - centre) * spread) ** 2)
    mean = np.exp(-0.5 * (centre * spread) ** 2)
    band: NDArray[np.float64] = gain - mean * np.exp(-0.5 * (frequency * spread) ** 2)
    return band.astype(np.float32)


def _around(cover: NDArray[np.float32], columns: float) -> NDArray[np.float32]:
    """Mean along each ring over an odd number of columns."""
    width = int(2 * columns) | 1
    return _wrapped_filter(cover, np.full((1, width), 1 / width, np.float32))


def _wrapped_filter(rings: NDArray[np.float32], kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """Correlation along rings that close."""
    reach = kernel.shape[1] // 2
    wide = np.concatenate([rings[:, -reach:], rings, rings[:, :reach]], axis=1)
    answer: NDArray[np.float32] = opencv().filter2D(wide, -1, kernel)[:, reach:-reach]
    return answer
