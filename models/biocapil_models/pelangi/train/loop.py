"""Training of Pelangi: batches of eyes in, averaged weights out."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from biocapil_models.pelangi.train.batches import by_size, draw_batch
from biocapil_models.pelangi.train.eyes import KnownEye
from biocapil_models.pelangi.train.loss import OVERLAP, loss_of
from biocapil_models.pelangi.train.network import first_network
from biocapil_models.rows.training import Report, Schedule, StepLoss, TrainingPlan, learn

SCHEDULE = Schedule(learning_rate=4e-3, warm_up_steps=60, averaging=0.99, report_every=100)


def train(
    eyes: Sequence[KnownEye], plan: TrainingPlan, *, on_progress: Report
) -> dict[str, NDArray[np.float32]]:
    """Train the network.

    Args:
        eyes: What batches are drawn from.
        plan: Seed and length of the run.
        on_progress: Told now and then: entropy and missing overlap.

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
    network = first_network(plan.seed)
    rng = np.random.default_rng((plan.seed, len(eyes)))

    def loss() -> StepLoss:
        batch = draw_batch(rng, groups)
        images = torch.from_numpy(batch.pixels).to(memory_format=torch.channels_last)
        entropy, missing = loss_of(network.answer(images), torch.from_numpy(batch.maps))
        return StepLoss(total=entropy + OVERLAP * missing, parts=(entropy, missing))

    return learn(network, plan, SCHEDULE, loss=loss, on_progress=on_progress)
