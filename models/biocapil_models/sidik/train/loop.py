"""Training of Sidik: crops in, averaged weights out."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from biocapil_models.rows.network import Network
from biocapil_models.rows.training import Report, Schedule, StepLoss, TrainingPlan, learn
from biocapil_models.sidik.train.crops import Crop, cut_crop
from biocapil_models.sidik.train.loss import loss_of
from biocapil_models.sidik.train.network import first_network
from biocapil_models.sidik.train.prints import LabelledPrint

CROPS_A_STEP = 4
SCHEDULE = Schedule(learning_rate=3e-3, warm_up_steps=200, averaging=0.998, report_every=250)


def train(
    prints: Sequence[LabelledPrint], plan: TrainingPlan, *, on_progress: Report
) -> dict[str, NDArray[np.float32]]:
    """Train the network.

    Args:
        prints: What crops are cut from.
        plan: Seed and length of the run.
        on_progress: Told now and then: position and direction.

    Returns:
        Averaged weights, ready for the recipe.

    Raises:
        ImportError: PyTorch is not installed.
    """
    torch = importlib.import_module("torch")
    torch.set_num_threads(plan.threads)
    network = first_network(plan.seed)
    rng = np.random.default_rng((plan.seed, len(prints)))

    def loss() -> StepLoss:
        crops = [cut_crop(rng, prints[int(rng.integers(len(prints)))]) for _ in range(CROPS_A_STEP)]
        return _loss(network, crops)

    return learn(network, plan, SCHEDULE, loss=loss, on_progress=on_progress)


def _loss(network: Network, crops: Sequence[Crop]) -> StepLoss:
    torch = importlib.import_module("torch")
    images = torch.from_numpy(np.stack([crop.pixels for crop in crops])[:, None])
    answers = network.answer(images.to(memory_format=torch.channels_last))
    maps = torch.from_numpy(np.stack([crop.maps for crop in crops]))
    found = loss_of(answers, maps, minutiae=sum(crop.count for crop in crops))
    return StepLoss(total=found.total, parts=(found.position, found.direction))
