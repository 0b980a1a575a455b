"""`Calibration`: what similarity means as evidence and as an error rate, for one model and one comparator."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration.root_scale import SIZE_BANDS, band_of, scaled_roots
from biocapil.calibration.table import CalibrationTable
from biocapil.error_rate import Interval
from biocapil.errors import IncompatibleTemplates
from biocapil.expected_rate import ExpectedRate
from biocapil.vocabulary import Modality, ModelId


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedSet:
    """One set that a calibration was fitted on.

    Attributes:
        dataset: Name of the set; may be empty.
        subjects: Persons in it.
        mated: Mated pairs.
        nonmated: Non-mated pairs.
    """

    dataset: str
    subjects: int
    mated: int
    nonmated: int

    def __post_init__(self) -> None:
        for name in ("subjects", "mated", "nonmated"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must be at least 0, got {getattr(self, name)!r}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration:
    """Score to log-likelihood ratio and to false match rate, both monotone.

    Attributes:
        calibration_id: Name with digits of the content's checksum; decisions carry it.
        model_id: Model whose templates it speaks of.
        comparator: Version of the comparison whose scores it speaks of.
        modality: Modality.
        units: Unit of each size band on the root scale. Length of `SIZE_BANDS`.
        table: The curve.
        dependence: Correlation of the evidence of two fingers of the same two persons, 0 to 1.
        fitted_on: The sets.
    """

    calibration_id: str
    model_id: ModelId
    comparator: str
    modality: Modality
    units: tuple[float, ...]
    table: CalibrationTable
    dependence: float
    fitted_on: tuple[FittedSet, ...]

    def __post_init__(self) -> None:
        if len(self.units) != len(SIZE_BANDS) or not all(0 < unit < 10 for unit in self.units):
            raise ValueError(
                f"units must be {len(SIZE_BANDS)} numbers between 0 and 10, one a size band, "
                f"got {self.units!r}"
            )
        if not 0 <= self.dependence <= 1:
            raise ValueError(f"dependence must lie in [0, 1], got {self.dependence!r}")

    def evidence(self, similarities: NDArray[np.floating], sizes: NDArray[np.integer]) -> NDArray[np.float64]:
        """Log-likelihood ratio of each pair, in nats: above 0 speaks for one finger, below for two.

        Args:
            similarities: Similarity scores, 0 and more. Shape (P,).
            sizes: Minutiae that the smaller template brings into each comparison. Shape (P,).

        Returns:
            Shape (P,), float64. Similarities beyond the table's end have the evidence of its end.

        Raises:
            ValueError: The shapes differ, or a similarity or size is below 0 or no number.
        """
        return np.interp(self.roots(similarities, sizes), self.table.roots, self.table.llr)

    def false_match_rate(self, similarity: float, size: int) -> ExpectedRate:
        """Share of non-mated pairs of this size that are at least this much alike.

        Args:
            similarity: Similarity score, 0 and more.
            size: Minutiae that the smaller template brings into the comparison.

        Raises:
            ValueError: The similarity or the size is below 0 or no number.
        """
        root = self.roots(np.array([similarity]), np.array([size]))
        low, value, high = (
            float(self.table.log_rate(column, root)[0])
            for column in (self.table.fmr_low, self.table.fmr, self.table.fmr_high)
        )
        return ExpectedRate(
            value=value,
            interval=Interval(low=min(low, value), high=max(high, value)),
            extrapolated=bool(root[0] > self.table.measured_to),
        )

    def roots(self, similarities: NDArray[np.floating], sizes: NDArray[np.integer]) -> NDArray[np.float64]:
        """Place of each pair on the table's scale. Shape (P,), float64.

        Raises:
            ValueError: The shapes differ, or a similarity or size is below 0 or no number.
        """
        if similarities.shape != sizes.shape:
            raise ValueError(
                f"similarities and sizes must share a shape, got {similarities.shape} and {sizes.shape}"
            )
        if not ((similarities >= 0) & (sizes >= 0)).all():
            raise ValueError("similarities and sizes must be numbers of at least 0")
        return scaled_roots(similarities, sizes, np.asarray(self.units))

    def similarity_at_rate(self, fmr: float, size: int) -> float:
        """Least similarity of templates of a size with a false match rate this low; inf where none is."""
        root = float(self.table.roots_at(np.array([fmr]), self.table.fmr)[0])
        return (root * self.units[int(band_of(np.array([size]))[0])]) ** 2

    def similarity_at(self, llr: float) -> float:
        """Least similarity of two templates of full size that is this much evidence; inf where none is."""
        if llr > self.table.llr[-1]:
            return math.inf
        reaching = int(np.argmax(self.table.llr >= llr))
        before = max(reaching - 1, 0)
        steps = slice(before, reaching + 1)
        root = float(np.interp(llr, self.table.llr[steps], self.table.roots[steps]))
        return (root * self.units[-1]) ** 2

    def least_similarity(self, llr: float) -> float:
        """Similarity below which templates of no size give so much evidence; inf where none can."""
        reaching = np.flatnonzero(self.table.llr >= llr)
        if not reaching.size:
            return math.inf
        place = max(int(reaching[0]) - 1, 0)
        return float(self.table.roots[place] * min(self.units)) ** 2

    def require(self, model_id: ModelId, comparator: str) -> None:
        """Refuse templates or scores that this calibration says nothing about.

        Raises:
            IncompatibleTemplates: Another model or another version of the comparison.
        """
        if model_id != self.model_id:
            raise IncompatibleTemplates(
                f"calibration {self.calibration_id} speaks of templates of {self.model_id}, these were made "
                f"by {model_id}: make one for them with `biocapil calibrate`"
            )
        if comparator != self.comparator:
            raise IncompatibleTemplates(
                f"calibration {self.calibration_id} was fitted to scores of {self.comparator}, these come "
                f"from {comparator}: fit it anew with `biocapil calibrate`"
            )

    def __repr__(self) -> str:
        return f"Calibration({self.calibration_id!r})"
