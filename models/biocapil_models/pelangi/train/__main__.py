"""``python -m biocapil_models.pelangi.train``: from nothing to ``pelangi.onnx`` and its record."""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import platform
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from biocapil_models.pelangi.build import build_graph
from biocapil_models.pelangi.train.eyes import EyeRecipe, KnownEye, render_eyes
from biocapil_models.pelangi.train.loop import TrainingPlan, train

EYES, STEPS = 8000, 5500
MODEL_FILE, RECORD_FILE = "pelangi.onnx", "training.json"
REPORT_EVERY_EYES = 1000


def main(arguments: Sequence[str] | None = None) -> int:
    """Render, train, write the model and its record; the exit status is 0."""
    options = _options(arguments)
    recipe = EyeRecipe(seed=options.seed, eyes=options.eyes)
    plan = TrainingPlan(seed=options.seed, steps=options.steps, threads=options.threads)
    started = time.perf_counter()
    eyes = _counted(render_eyes(recipe, workers=options.workers))
    rendered = time.perf_counter()
    losses: list[tuple[int, tuple[float, ...]]] = []

    def report(step: int, parts: tuple[float, float]) -> None:
        losses.append((step, tuple(round(part, 4) for part in parts)))
        left = (time.perf_counter() - rendered) / step * (plan.steps - step)
        words = f"entropy {parts[0]:.4f} missing overlap {parts[1]:.4f}"
        sys.stderr.write(f"step {step:,} of {plan.steps:,}: {words}; {left / 60:.0f} min left\n")

    graph = build_graph(train(eyes, plan, on_progress=report))
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / MODEL_FILE).write_bytes(graph)
    record = {
        "schema": 1,
        "recipe": {"seed": recipe.seed, "eyes": recipe.eyes},
        "plan": {"seed": plan.seed, "steps": plan.steps, "threads": plan.threads},
        "eyes": {"count": len(eyes), "sha256": digest(eyes)},
        "model_sha256": hashlib.sha256(graph).hexdigest(),
        "minutes": {
            "rendering": round((rendered - started) / 60, 1),
            "training": round((time.perf_counter() - rendered) / 60, 1),
        },
        "machine": {
            "processor": platform.machine(),
            "python": platform.python_version(),
            "torch": importlib.import_module("torch").__version__,
        },
        "losses": [{"step": step, "parts": parts} for step, parts in losses],
    }
    (options.out / RECORD_FILE).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{record['model_sha256']}  {MODEL_FILE}\n")
    return 0


def digest(eyes: Iterable[KnownEye]) -> str:
    """SHA-256 of all grey values and maps: whether two runs saw the same eyes."""
    total = hashlib.sha256()
    for each in eyes:
        total.update(each.pixels.tobytes())
        total.update(each.maps.tobytes())
    return total.hexdigest()


def _counted(eyes: Iterable[KnownEye]) -> list[KnownEye]:
    """All eyes, with a line now and then."""
    kept: list[KnownEye] = []
    for each in eyes:
        kept.append(each)
        if len(kept) % REPORT_EVERY_EYES == 0:
            sys.stderr.write(f"{len(kept):,} eyes rendered\n")
    return kept


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m biocapil_models.pelangi.train",
        description="Train Pelangi on synthetic eyes: about 20 minutes on one core.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the model and its record")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same eyes and first weights")
    parser.add_argument("--eyes", type=int, default=EYES, help="synthetic eyes")
    parser.add_argument("--steps", type=int, default=STEPS, help="training steps of twelve eyes")
    parser.add_argument("--workers", type=int, default=2, help="processes that render")
    parser.add_argument("--threads", type=int, default=1, help="threads that train")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
