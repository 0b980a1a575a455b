"""The training loop: crops in, averaged weights out."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil_models.sidik.train.crops import Crop, cut_crop
from biocapil_models.sidik.train.loss import Loss, loss_of
from biocapil_models.sidik.train.network import Network, folded_weights
from biocapil_models.sidik.train.prints import LabelledPrint

CROPS_A_STEP = 4
LEARNING_RATE = 3e-3
LAST_RATE = 0.005
"""Learning rate at the end, in parts of the first."""
WEIGHT_DECAY = 1e-3
WARM_UP_STEPS = 200
GRADIENT_LIMIT = 5.0
AVERAGING = 0.998
"""Share of the older weights in the running average that is delivered."""
REPORT_EVERY = 250
SMOOTHING = 0.98

Report = Callable[[int, tuple[float, float]], None]
"""Called with steps done and the smoothed parts of the loss: position, direction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPlan:
    """What a run depends on besides its prints.

    Attributes:
        seed: Same seed and prints, same weights on the same machine.
        steps: Number of steps.
        threads: Threads of PyTorch.
    """

    seed: int
    steps: int
    threads: int


def train(
    prints: Sequence[LabelledPrint], plan: TrainingPlan, *, on_progress: Report
) -> dict[str, NDArray[np.float32]]:
    """Train the network.

    Args:
        prints: What crops are cut from.
        plan: Seed and length of the run.
        on_progress: Told now and then.

    Returns:
        Averaged weights, ready for the recipe.

    Raises:
        ImportError: PyTorch is not installed.
    """
    torch = importlib.import_module("torch")
    torch.set_num_threads(plan.threads)
    network = Network(plan.seed)
    average = _Average(network)
    optimiser = torch.optim.AdamW(list(network.parameters.values()), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    rng = np.random.default_rng((plan.seed, len(prints)))
    smooth = np.zeros(2)
    for step in range(plan.steps):
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * rate_at(step, plan.steps)
        loss = _loss(
            network, [cut_crop(rng, prints[int(rng.integers(len(prints)))]) for _ in range(CROPS_A_STEP)]
        )
        optimiser.zero_grad()
        loss.total.backward()
        torch.nn.utils.clip_grad_norm_(list(network.parameters.values()), GRADIENT_LIMIT)
        optimiser.step()
        average.follow(step)
        parts = np.array([float(part.detach()) for part in (loss.position, loss.direction)])
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


def _loss(network: Network, crops: Sequence[Crop]) -> Loss:
    torch = importlib.import_module("torch")
    images = torch.from_numpy(np.stack([crop.pixels for crop in crops])[:, None])
    answers = network.answer(images.to(memory_format=torch.channels_last))
    maps = torch.from_numpy(np.stack([crop.maps for crop in crops]))
    return loss_of(answers, maps, minutiae=sum(crop.count for crop in crops))
