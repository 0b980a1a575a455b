"""The command line of a training, and the record that stands beside a trained model."""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import platform
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from biocapil_models.rows.training import Report, TrainingPlan

RECORD_FILE = "training.json"
REPORT_EVERY_SAMPLES = 1000
Sample = TypeVar("Sample")


def training_options(program: str, description: str, *, steps: int) -> argparse.ArgumentParser:
    """Options that every training has; the caller adds how many samples of what."""
    parser = argparse.ArgumentParser(
        prog=program, description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the model and its record")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same samples and first weights")
    parser.add_argument("--steps", type=int, default=steps, help="training steps")
    parser.add_argument("--workers", type=int, default=2, help="processes that render")
    parser.add_argument("--threads", type=int, default=1, help="threads that train")
    return parser


def counted(samples: Iterable[Sample], name: str) -> list[Sample]:
    """All samples, with a line now and then that calls them `name`."""
    kept: list[Sample] = []
    for each in samples:
        kept.append(each)
        if len(kept) % REPORT_EVERY_SAMPLES == 0:
            sys.stderr.write(f"{len(kept):,} {name} rendered\n")
    return kept


def digest(arrays: Iterable[NDArray[np.generic]]) -> str:
    """SHA-256 of all arrays in their order: whether two runs saw the same samples."""
    total = hashlib.sha256()
    for array in arrays:
        total.update(array.tobytes())
    return total.hexdigest()


class TrainingRecord:
    """What is written down of one training, from its first second on."""

    def __init__(self, plan: TrainingPlan, part_names: tuple[str, str]) -> None:
        self._plan = plan
        self._names = part_names
        self._started = self._rendered = time.perf_counter()
        self._losses: list[dict[str, object]] = []

    def rendered(self) -> None:
        """Samples are made; what follows is training."""
        self._rendered = time.perf_counter()

    @property
    def report(self) -> Report:
        """Keeps the losses and tells them."""
        return self._report

    def _report(self, step: int, parts: tuple[float, float]) -> None:
        self._losses.append({"step": step, "parts": tuple(round(part, 4) for part in parts)})
        left = (time.perf_counter() - self._rendered) / step * (self._plan.steps - step)
        words = " ".join(f"{name} {part:.4f}" for name, part in zip(self._names, parts, strict=True))
        sys.stderr.write(f"step {step:,} of {self._plan.steps:,}: {words}; {left / 60:.0f} min left\n")

    def write(
        self, folder: Path, file: str, graph: bytes, *, recipe: dict[str, int], samples: dict[str, Any]
    ) -> None:
        """Write the model and its record, and print the model's checksum.

        Args:
            folder: Made where it is missing.
            file: Name of the model's file.
            graph: Its bytes.
            recipe: What was rendered.
            samples: One entry: what the samples are called, with their count and digest.
        """
        trained = time.perf_counter()
        record = {
            "schema": 1,
            "recipe": recipe,
            "plan": {"seed": self._plan.seed, "steps": self._plan.steps, "threads": self._plan.threads},
            **samples,
            "model_sha256": hashlib.sha256(graph).hexdigest(),
            "minutes": {
                "rendering": round((self._rendered - self._started) / 60, 1),
                "training": round((trained - self._rendered) / 60, 1),
            },
            "machine": {
                "processor": platform.machine(),
                "python": platform.python_version(),
                "torch": importlib.import_module("torch").__version__,
            },
            "losses": self._losses,
        }
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(graph)
        (folder / RECORD_FILE).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        sys.stdout.write(f"{record['model_sha256']}  {file}\n")
