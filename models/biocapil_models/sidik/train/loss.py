"""What the network is told about its answers.

Reference: Li et al., Generalized focal loss, NeurIPS 2020, equation 5 (position).
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

POSITION, DIRECTION, KIND, RIDGES = 0.5, 0.5, 0.15, 0.5
"""Weights of the four parts."""
NEAR = 0.25
"""Direction and kind are asked for where the marking Gaussian is above this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Parts of the loss, each a scalar tensor.

    Attributes:
        position: Quality focal loss of the position, a minutia.
        direction: Squared error of cos and sin, at minutiae.
        kind: Cross entropy of the kind, at minutiae.
        ridges: Squared error of the clean ridge field, a pixel within the contact.
    """

    position: Any
    direction: Any
    kind: Any
    ridges: Any

    @property
    def total(self) -> Any:
        """Weighted sum."""
        return (
            POSITION * self.position
            + DIRECTION * self.direction
            + KIND * self.kind
            + RIDGES * self.ridges
        )


def loss_of(answers: Any, ridges: Any, maps: Any, clean: Any, *, minutiae: int) -> Loss:
    """Compare answers with what is known.

    Args:
        answers: Position, cos, sin, kind before any sigmoid. Shape (batch, 4, height, width).
        ridges: Answered ridge field. Shape (batch, 1, height, width).
        maps: Known maps, as `answer_maps` draws them. Shape (batch, 4, height, width).
        clean: Known ridge field, 0 outside the contact. Shape (batch, 1, height, width).
        minutiae: Minutiae in the batch.
    """
    torch = importlib.import_module("torch")
    functional = importlib.import_module("torch.nn.functional")
    entropy = functional.binary_cross_entropy_with_logits
    known = maps[:, 0]
    missed = (known - torch.sigmoid(answers[:, 0])).abs() ** 2
    near = (known > NEAR).float() * known
    weight = near.sum().clamp(min=1)
    touched = (clean != 0).float()
    turned = ((answers[:, 1:3] - maps[:, 1:3]) ** 2).sum(1)
    return Loss(
        position=(missed * entropy(answers[:, 0], known, reduction="none")).sum() / max(1, minutiae),
        direction=(turned * near).sum() / weight,
        kind=(entropy(answers[:, 3], maps[:, 3], reduction="none") * near).sum() / weight,
        ridges=(((ridges - clean) ** 2) * touched).sum() / touched.sum().clamp(min=1),
    )
