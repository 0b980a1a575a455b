"""The loop that any of our networks learns in: losses in, averaged weights out."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil_models.rows.network import Network, folded_weights

LAST_RATE = 0.005
"""Learning rate at the end, in parts of the first."""
WEIGHT_DECAY = 1e-3
GRADIENT_LIMIT = 5.0
SMOOTHING = 0.98

Report = Callable[[int, tuple[float, float]], None]
"""Called with steps done and the two smoothed parts of the loss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPlan:
    """What a run depends on besides its samples.

    Attributes:
        seed: Same seed and samples, same weights on the same machine.
        steps: Number of steps.
        threads: Threads of PyTorch.
    """

    seed: int
    steps: int
    threads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How fast a network learns.

    Attributes:
        learning_rate: The first, after the rise.
        warm_up_steps: Steps of the rise.
        averaging: Share of the older weights in the running average that is delivered.
        report_every: Steps between two reports.
    """

    learning_rate: float
    warm_up_steps: int
    averaging: float
    report_every: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLoss:
    """Loss of one step: scalar tensors.

    Attributes:
        total: What is made smaller.
        parts: The two parts that are told.
    """

    total: Any
    parts: tuple[Any, Any]


def learn(
    network: Network,
    plan: TrainingPlan,
    schedule: Schedule,
    *,
    loss: Callable[[], StepLoss],
    on_progress: Report,
) -> dict[str, NDArray[np.float32]]:
    """Let a network learn.

    Args:
        network: The network with its first weights.
        plan: Length of the run.
        schedule: How fast.
        loss: Draws a batch and judges the network's answers, once a step.
        on_progress: Told now and then.

    Returns:
        Averaged weights, ready for the recipe.
    """
    torch = importlib.import_module("torch")
    average = _Average(network, schedule.averaging)
    values = list(network.parameters.values())
    optimiser = torch.optim.AdamW(values, schedule.learning_rate, weight_decay=WEIGHT_DECAY)
    smooth = np.zeros(2)
    for step in range(plan.steps):
        for group in optimiser.param_groups:
            group["lr"] = schedule.learning_rate * rate_at(step, plan.steps, schedule.warm_up_steps)
        now = loss()
        optimiser.zero_grad()
        now.total.backward()
        torch.nn.utils.clip_grad_norm_(values, GRADIENT_LIMIT)
        optimiser.step()
        average.follow(step)
        parts = np.array([float(part.detach()) for part in now.parts])
        smooth = parts if step == 0 else SMOOTHING * smooth + (1 - SMOOTHING) * parts
        if (step + 1) % schedule.report_every == 0 or step + 1 == plan.steps:
            on_progress(step + 1, (smooth[0], smooth[1]))
    return average.weights()


def rate_at(step: int, steps: int, warm_up_steps: int) -> float:
    """Share of the learning rate: a short rise, then half a cosine down to `LAST_RATE`."""
    fall = LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + math.cos(math.pi * step / steps))
    return min(1.0, (step + 1) / warm_up_steps) * fall


class _Average:
    """Running average of everything a network has learnt."""

    def __init__(self, network: Network, share: float) -> None:
        self._now = network
        self._share = share
        self._kept = {name: value.detach().clone() for name, value in self._all().items()}

    def _all(self) -> dict[str, Any]:
        return {**self._now.parameters, **self._now.statistics}

    def follow(self, step: int) -> None:
        share = min(self._share, (step + 1) / (step + 10))
        for name, value in self._all().items():
            self._kept[name].mul_(share).add_(value.detach(), alpha=1 - share)

    def weights(self) -> dict[str, NDArray[np.float32]]:
        arrays = {name: value.contiguous().numpy() for name, value in self._kept.items()}
        return folded_weights(self._now.rows, arrays, arrays)
