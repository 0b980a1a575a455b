"""`LabelledScores`: similarity scores of one set of samples, with the truth about every pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.vocabulary import ModelId

DTYPES = {
    "similarities": np.float32,
    "mated": np.bool_,
    "first_subject": np.int32,
    "second_subject": np.int32,
    "sizes": np.int16,
    "first_instance": np.int16,
    "second_instance": np.int16,
}
"""Type of each array of `LabelledScores`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LabelledScores:
    """Compared pairs of one set; pairs of which a side gave no template are not among them.

    Attributes:
        dataset: Name of the set; may be empty.
        model_id: Model that made the templates.
        similarities: Similarity of each pair, 0 and more. Shape (P,), float32; all arrays are read-only.
        mated: Whether both sides come from one source. Shape (P,), bool.
        first_subject: Number of the person of one side, from 0. Shape (P,), int32.
        second_subject: Number of the person of the other side. Shape (P,), int32.
        sizes: Minutiae that the smaller template brings into the comparison. Shape (P,), int16.
        first_instance: Number of the finger of one side, the same number for the same finger name.
            Shape (P,), int16.
        second_instance: Number of the finger of the other side. Shape (P,), int16.
    """

    dataset: str
    model_id: ModelId
    similarities: NDArray[np.float32]
    mated: NDArray[np.bool_]
    first_subject: NDArray[np.int32]
    second_subject: NDArray[np.int32]
    sizes: NDArray[np.int16]
    first_instance: NDArray[np.int16]
    second_instance: NDArray[np.int16]

    def __post_init__(self) -> None:
        shape = self.similarities.shape
        if len(shape) != 1:
            raise ValueError(f"similarities must have the shape (P,), got {shape}")
        for name, dtype in DTYPES.items():
            values = getattr(self, name)
            if values.shape != shape or values.dtype != dtype:
                raise ValueError(
                    f"{name} must be {np.dtype(dtype)} of shape {shape}, got {values.dtype} {values.shape}"
                )
            view = values.view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)
        if not (np.isfinite(self.similarities) & (self.similarities >= 0)).all():
            raise ValueError("similarities must be finite and at least 0")
        for name in ("first_subject", "second_subject", "sizes"):
            if (getattr(self, name) < 0).any():
                raise ValueError(f"{name} must be at least 0, got {getattr(self, name).min()}")
        if (self.mated & (self.first_subject != self.second_subject)).any():
            raise ValueError("a mated pair must have the same person on both sides")

    @property
    def subjects(self) -> int:
        """How many persons the pairs speak of."""
        return len(np.union1d(self.first_subject, self.second_subject))

    @property
    def nonmated(self) -> NDArray[np.bool_]:
        """Pairs of the same finger of different persons. Shape (P,), bool."""
        others = self.first_subject != self.second_subject
        same_finger = self.first_instance == self.second_instance
        return np.asarray(others & same_finger, dtype=np.bool_)

    def __repr__(self) -> str:
        mated, nonmated = int(self.mated.sum()), int(self.nonmated.sum())
        return f"LabelledScores({self.dataset!r}, {mated} mated, {nonmated} non-mated pairs)"
