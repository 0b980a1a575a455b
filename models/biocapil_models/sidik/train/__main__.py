"""``python -m biocapil_models.sidik.train``: from nothing to ``sidik.onnx`` and the record of its making."""

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

from biocapil_models.sidik.build import build_graph
from biocapil_models.sidik.train.loop import TrainingPlan, train
from biocapil_models.sidik.train.prints import LabelledPrint, PrintRecipe, render_prints

FINGERS, IMPRESSIONS, STEPS = 1500, 8, 30_000
MODEL_FILE, RECORD_FILE = "sidik.onnx", "training.json"
REPORT_EVERY_PRINTS = 1000


def main(arguments: Sequence[str] | None = None) -> int:
    """Render, train, write the model and its record; the exit status is 0."""
    options = _options(arguments)
    recipe = PrintRecipe(seed=options.seed, fingers=options.fingers, impressions=options.impressions)
    plan = TrainingPlan(seed=options.seed, steps=options.steps, threads=options.threads)
    started = time.perf_counter()
    prints = _counted(render_prints(recipe, workers=options.workers))
    rendered = time.perf_counter()
    losses: list[tuple[int, tuple[float, ...]]] = []

    def report(step: int, parts: tuple[float, float]) -> None:
        losses.append((step, tuple(round(part, 4) for part in parts)))
        spent = time.perf_counter() - rendered
        left = spent / step * (plan.steps - step)
        words = " ".join(
            f"{name} {part:.3f}" for name, part in zip(("position", "direction"), parts, strict=True)
        )
        sys.stderr.write(f"step {step:,} of {plan.steps:,}: {words}; {left / 60:.0f} min left\n")

    graph = build_graph(train(prints, plan, on_progress=report))
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / MODEL_FILE).write_bytes(graph)
    record = {
        "schema": 1,
        "recipe": {"seed": recipe.seed, "fingers": recipe.fingers, "impressions": recipe.impressions},
        "plan": {"seed": plan.seed, "steps": plan.steps, "threads": plan.threads},
        "prints": {"count": len(prints), "sha256": digest(prints)},
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


def digest(prints: Iterable[LabelledPrint]) -> str:
    """SHA-256 of all grey values and labels: whether two runs saw the same prints."""
    total = hashlib.sha256()
    for each in prints:
        total.update(each.pixels.tobytes())
        total.update(each.minutiae.tobytes())
    return total.hexdigest()


def _counted(prints: Iterable[LabelledPrint]) -> list[LabelledPrint]:
    """All prints, with a line now and then."""
    kept: list[LabelledPrint] = []
    for each in prints:
        kept.append(each)
        if len(kept) % REPORT_EVERY_PRINTS == 0:
            sys.stderr.write(f"{len(kept):,} prints rendered\n")
    return kept


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m biocapil_models.sidik.train",
        description="Train Sidik on synthetic prints: about an hour on two cores.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the model and its record")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same prints and first weights")
    parser.add_argument("--fingers", type=int, default=FINGERS, help="synthetic fingers")
    parser.add_argument("--impressions", type=int, default=IMPRESSIONS, help="impressions of each finger")
    parser.add_argument("--steps", type=int, default=STEPS, help="training steps of four crops")
    parser.add_argument("--workers", type=int, default=2, help="processes that render")
    parser.add_argument("--threads", type=int, default=1, help="threads that train")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
