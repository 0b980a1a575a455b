"""What the network is told about its answers.

Reference: Li et al., Generalized focal loss, NeurIPS 2020, equation 5 (position).
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

POSITION, DIRECTION = 0.5, 0.5
"""Weights of the two parts."""
NEAR = 0.25
"""The direction is asked for where the marking Gaussian is above this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Parts of the loss, each a scalar tensor.

    Attributes:
        position: Quality focal loss of the position, a minutia.
        direction: Squared error of cos and sin, at minutiae.
    """

    position: Any
    direction: Any

    @property
    def total(self) -> Any:
        """Weighted sum."""
        return POSITION * self.position + DIRECTION * self.direction


def loss_of(answers: Any, maps: Any, *, minutiae: int) -> Loss:
    """Compare answers with what is known.

    Args:
        answers: Position before its sigmoid, cos, sin. Shape (batch, 3, height, width).
        maps: Known maps, as `answer_maps` draws them. Shape (batch, 3, height, width).
        minutiae: Minutiae in the batch.
    """
    torch = importlib.import_module("torch")
    functional = importlib.import_module("torch.nn.functional")
    entropy = functional.binary_cross_entropy_with_logits
    known = maps[:, 0]
    missed = (known - torch.sigmoid(answers[:, 0])).abs() ** 2
    near = (known > NEAR).float() * known
    weight = near.sum().clamp(min=1)
    turned = ((answers[:, 1:3] - maps[:, 1:3]) ** 2).sum(1)
    return Loss(
        position=(missed * entropy(answers[:, 0], known, reduction="none")).sum() / max(1, minutiae),
        direction=(turned * near).sum() / weight,
    )
