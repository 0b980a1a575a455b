"""``python -m biocapil_models.sidik.train``: from nothing to ``sidik.onnx`` and the record of its making."""

from __future__ import annotations

from collections.abc import Sequence

from biocapil_models.rows.record import TrainingRecord, counted, digest, training_options
from biocapil_models.rows.training import TrainingPlan
from biocapil_models.sidik.build import build_graph
from biocapil_models.sidik.train.loop import train
from biocapil_models.sidik.train.prints import PrintRecipe, render_prints

FINGERS, IMPRESSIONS, STEPS = 1500, 8, 30_000
MODEL_FILE = "sidik.onnx"


def main(arguments: Sequence[str] | None = None) -> int:
    """Render, train, write the model and its record; the exit status is 0."""
    parser = training_options(
        "python -m biocapil_models.sidik.train",
        "Train Sidik on synthetic prints: about an hour on two cores.",
        steps=STEPS,
    )
    parser.add_argument("--fingers", type=int, default=FINGERS, help="synthetic fingers")
    parser.add_argument("--impressions", type=int, default=IMPRESSIONS, help="impressions of each finger")
    options = parser.parse_args(arguments)
    recipe = PrintRecipe(seed=options.seed, fingers=options.fingers, impressions=options.impressions)
    plan = TrainingPlan(seed=options.seed, steps=options.steps, threads=options.threads)
    record = TrainingRecord(plan, ("position", "direction"))
    prints = counted(render_prints(recipe, workers=options.workers), "prints")
    record.rendered()
    graph = build_graph(train(prints, plan, on_progress=record.report))
    seen = digest(array for each in prints for array in (each.pixels, each.minutiae))
    record.write(
        options.out,
        MODEL_FILE,
        graph,
        recipe={"seed": recipe.seed, "fingers": recipe.fingers, "impressions": recipe.impressions},
        samples={"prints": {"count": len(prints), "sha256": seen}},
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
