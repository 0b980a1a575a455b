"""``python -m biocapil_models.pelangi.train``: from nothing to ``pelangi.onnx`` and its record."""

from __future__ import annotations

from collections.abc import Sequence

from biocapil_models.pelangi.build import build_graph
from biocapil_models.pelangi.train.eyes import EyeRecipe, render_eyes
from biocapil_models.pelangi.train.loop import train
from biocapil_models.rows.record import TrainingRecord, counted, digest, training_options
from biocapil_models.rows.training import TrainingPlan

EYES, STEPS = 8000, 5500
MODEL_FILE = "pelangi.onnx"


def main(arguments: Sequence[str] | None = None) -> int:
    """Render, train, write the model and its record; the exit status is 0."""
    parser = training_options(
        "python -m biocapil_models.pelangi.train",
        "Train Pelangi on synthetic eyes: about 20 minutes on one core.",
        steps=STEPS,
    )
    parser.add_argument("--eyes", type=int, default=EYES, help="synthetic eyes")
    options = parser.parse_args(arguments)
    recipe = EyeRecipe(seed=options.seed, eyes=options.eyes)
    plan = TrainingPlan(seed=options.seed, steps=options.steps, threads=options.threads)
    record = TrainingRecord(plan, ("entropy", "missing overlap"))
    eyes = counted(render_eyes(recipe, workers=options.workers), "eyes")
    record.rendered()
    graph = build_graph(train(eyes, plan, on_progress=record.report))
    seen = digest(array for each in eyes for array in (each.pixels, each.maps))
    record.write(
        options.out,
        MODEL_FILE,
        graph,
        recipe={"seed": recipe.seed, "eyes": recipe.eyes},
        samples={"eyes": {"count": len(eyes), "sha256": seen}},
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
