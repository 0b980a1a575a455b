"""The training loop: batches in, averaged weights out."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil_models.pelangi.train.batches import by_size, draw_batch
from biocapil_models.pelangi.train.eyes import KnownEye
from biocapil_models.pelangi.train.loss import OVERLAP, loss_of
from biocapil_models.pelangi.train.network import Network, folded_weights

LEARNING_RATE = 4e-3
LAST_RATE = 0.005
"""Learning rate at the end, in parts of the first."""
WEIGHT_DECAY = 1e-3
WARM_UP_STEPS = 60
GRADIENT_LIMIT = 5.0
AVERAGING = 0.99
"""Share of the older weights in the running average that is delivered."""
REPORT_EVERY = 100
SMOOTHING = 0.98

Report = Callable[[int, tuple[float, float]], None]
"""Called with steps done and the smoothed parts of the loss: entropy, missing overlap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPlan:
    """What a run depends on besides its eyes.

    Attributes:
        seed: Same seed and eyes, same weights on the same machine.
        steps: Number of steps.
        threads: Threads of PyTorch.
    """

    seed: int
    steps: int
    threads: int


def train(
    eyes: Sequence[KnownEye], plan: TrainingPlan, *, on_progress: Report
) -> dict[str, NDArray[np.float32]]:
    """Train the network.

    Args:
        eyes: What batches are drawn from.
        plan: Seed and length of the run.
        on_progress: Told now and then.

    Returns:
        Averaged weights, ready for the recipe.

    Raises:
        ImportError: PyTorch is not installed.
        ValueError: There are fewer eyes of one size than a batch takes.
    """
    groups = by_size(eyes)
    if not groups:
        raise ValueError(f"eyes must fill one batch of one size, got {len(eyes)} eyes")
    torch = importlib.import_module("torch")
    torch.set_num_threads(plan.threads)
    network = Network(plan.seed)
    average = _Average(network)
    optimiser = torch.optim.AdamW(list(network.parameters.values()), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    rng = np.random.default_rng((plan.seed, len(eyes)))
    smooth = np.zeros(2)
    for step in range(plan.steps):
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * rate_at(step, plan.steps)
        batch = draw_batch(rng, groups)
        images = torch.from_numpy(batch.pixels).to(memory_format=torch.channels_last)
        entropy, missing = loss_of(network.answer(images), torch.from_numpy(batch.maps))
        optimiser.zero_grad()
        (entropy + OVERLAP * missing).backward()
        torch.nn.utils.clip_grad_norm_(list(network.parameters.values()), GRADIENT_LIMIT)
        optimiser.step()
        average.follow(step)
        parts = np.array([float(part.detach()) for part in (entropy, missing)])
        smooth = parts if step == 0 else SMOOTHING * smooth + (1 - SMOOTHING) * parts
        if (step + 1) % REPORT_EVERY == 0 or step + 1 == plan.steps:
            on_progress(step + 1, (smooth[0], smooth[1]))
    return average.weights()


def rate_at(step: int, steps: int) -> float:
    """Share of the learning rate: a short rise, then half a cosine down to `LAST_RATE`."""
    fall = LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + math.cos(math.pi * step / steps))
    return min(1.0, (step + 1) / WARM_UP_STEPS) * fall


class _Average:
    """Running average of everything a network has learnt."""

    def __init__(self, network: Network) -> None:
        self._now = network
        self._kept = {name: value.detach().clone() for name, value in self._all().items()}

    def _all(self) -> dict[str, Any]:
        return {**self._now.parameters, **self._now.statistics}

    def follow(self, step: int) -> None:
        share = min(AVERAGING, (step + 1) / (step + 10))
        for name, value in self._all().items():
            self._kept[name].mul_(share).add_(value.detach(), alpha=1 - share)

    def weights(self) -> dict[str, NDArray[np.float32]]:
        arrays = {name: value.contiguous().numpy() for name, value in self._kept.items()}
        return folded_weights(arrays, arrays)
