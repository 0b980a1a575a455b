"""What the network is told about its answers.

Reference: Milletari, Navab, Ahmadi, V-Net, 3DV 2016, section 3 (Dice).
"""

from __future__ import annotations

import importlib
from typing import Any

OVERLAP = 0.5
"""Weight of the overlap beside the entropy."""
SMALL = 20.0
"""Pixels added above and below, so that an empty map is no division by zero."""


def loss_of(answers: Any, maps: Any) -> tuple[Any, Any]:
    """Compare answers with what is known.

    Args:
        answers: Maps before their sigmoid. Shape (batch, 4, height, width).
        maps: Known shares. Same shape.

    Returns:
        Mean cross-entropy, and one less the mean Dice overlap: two scalar tensors.
    """
    torch = importlib.import_module("torch")
    functional = importlib.import_module("torch.nn.functional")
    entropy = functional.binary_cross_entropy_with_logits(answers, maps)
    shares = torch.sigmoid(answers)
    common = (shares * maps).sum((2, 3))
    overlap = (2 * common + SMALL) / (shares.sum((2, 3)) + maps.sum((2, 3)) + SMALL)
    return entropy, 1 - overlap.mean()
