"""What the gates of the cascade cost in accuracy: mated pairs that would have matched and are lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCost:
    """Mated pairs at the threshold of zero false matches, with and without gates.

    Attributes:
        threshold: Lowest similarity without a false match in exact comparison.
        accepted: Mated pairs that match in exact comparison.
        lost: Those of them that no longer match when the gates stand in the way.
    """

    threshold: float
    accepted: int
    lost: int

    @property
    def lost_share(self) -> float:
        """Share of the accepted mated pairs that the gates lose, 0 to 1."""
        return self.lost / self.accepted if self.accepted else 0.0


def measure_gate_cost(
    exact: NDArray[np.float32], gated: NDArray[np.float32], *, threshold: float
) -> GateCost:
    """Count the mated pairs that gates lose.

    Args:
        exact: Similarities of mated pairs without gates. Shape (M,), float32.
        gated: The same pairs with gates. Shape (M,), float32.
        threshold: Smallest similarity that matches.
    """
    accepted = exact >= threshold
    lost = accepted & (gated < threshold)
    return GateCost(threshold=threshold, accepted=int(accepted.sum()), lost=int(lost.sum()))
