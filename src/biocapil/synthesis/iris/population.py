"""Irises of a synthetic population on disk, with the truth about duplicates and about every picture.

seed ─► plan ─► eyes ─► visits ─► PNG files in a hidden folder ─► renamed when complete
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from concurrent.futures import as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biocapil.sample import CapturedSample
from biocapil.synthesis.complete_folder import complete_or_nothing, refuse_to_replace
from biocapil.synthesis.iris.conditions import EyeConditions, draw_conditions
from biocapil.synthesis.iris.eye import SyntheticEye, render_eye
from biocapil.synthesis.iris.master import make_iris_master
from biocapil.synthesis.plan import PopulationPlan, Registration, plan_population
from biocapil.synthesis.population_layout import DATASET, MANIFEST_COLUMNS, PLAN, SAMPLE_FOLDER
from biocapil.synthesis.raster import opencv
from biocapil.synthesis.truth import MANIFEST_FILE, TRUTH_FILE, PopulationTruth, write_truth
from biocapil.threads import worker_pool
from biocapil.vocabulary import EyePosition

EYES = (EyePosition.RIGHT, EyePosition.LEFT)
EYES_FILE = "eyes.csv"
EYES_COLUMNS = (
    "path", "pupil_x_px", "pupil_y_px", "pupil_radius_px", "iris_x_px", "iris_y_px", "iris_radius_px",
    "visible_share", "dilation", "gaze_deg", "tilt_deg", "glasses",
)  # fmt: skip
DEFAULT_DIFFICULTY = 0.4
EYE, VISIT = 6, 7
"""First numbers of seeds, beside those of `population` and `slap_set`."""

Row = tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IrisRecipe:
    """What every picture depends on besides its own place.

    Attributes:
        visits: Pictures of each eye at each registration, at least 1.
        seed: Same seed, same files; not negative.
        difficulty: See `draw_conditions`.
    """

    visits: int
    seed: int
    difficulty: float

    def __post_init__(self) -> None:
        if self.visits < 1:
            raise ValueError(f"visits must be at least 1, got {self.visits}")
        if self.seed < 0:
            raise ValueError(f"seed must not be negative, got {self.seed}")
        if not 0 <= self.difficulty <= 1:
            raise ValueError(f"difficulty must lie in 0..1, got {self.difficulty!r}")

    def see(
        self, registration: Registration, eye: EyePosition, visit: int
    ) -> tuple[SyntheticEye, EyeConditions]:
        """Take one picture."""
        rng = np.random.default_rng((self.seed, VISIT, registration.number, int(eye), visit))
        conditions = draw_conditions(rng, difficulty=self.difficulty)
        master = make_iris_master((self.seed, EYE, registration.person, int(eye)))
        return render_eye(master, conditions, rng, position=eye), conditions


def write_irises(
    folder: Path,
    *,
    people: int = 60,
    visits: int = 2,
    seed: int = 1,
    duplicates: int = 6,
    difficulty: float = DEFAULT_DIFFICULTY,
    overwrite: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
) -> PopulationTruth:
    """Write pictures of both eyes of synthetic people.

    Args:
        folder: Where to write; it appears when complete.
        people: Different persons, at least 1.
        visits: Pictures of each eye at each registration, at least 1.
        seed: Same seed, same files; not negative.
        duplicates: Persons registered a second time.
        difficulty: 0 a willing person before a good camera, 1 whatever can happen.
        overwrite: Replace irises that are already there.
        on_progress: Called with eyes done and eyes in all, from the calling thread.

    Returns:
        Where everything lies, and the planted pairs; `EYES_FILE` beside it tells the borders of each picture.

    Raises:
        ValueError: A number is out of range.
        FileExistsError: The folder is not empty and `overwrite` was not given, or it holds something else.
        MissingPart: OpenCV is not installed.
    """
    recipe = IrisRecipe(visits=visits, seed=seed, difficulty=difficulty)
    plan = plan_population(
        np.random.default_rng((seed, PLAN)), people=people, duplicates=duplicates, lookalikes=0
    )
    refuse_to_replace(folder, EYES_FILE, overwrite=overwrite)
    with complete_or_nothing(folder) as draft:
        (draft / SAMPLE_FOLDER).mkdir()
        _write_csv(draft / EYES_FILE, EYES_COLUMNS, _write_all(draft, plan, recipe, on_progress))
        _write_csv(draft / MANIFEST_FILE, MANIFEST_COLUMNS, _manifest(plan, recipe))
        write_truth(draft / TRUTH_FILE, plan.pairs)
    return PopulationTruth(
        folder=folder,
        manifest=folder / MANIFEST_FILE,
        samples=len(plan.registrations) * len(EYES) * visits,
        pairs=plan.pairs,
    )


def _write_all(
    folder: Path,
    plan: PopulationPlan,
    recipe: IrisRecipe,
    on_progress: Callable[[int, int], None] | None,
) -> list[Row]:
    """Write all pictures, one eye a task; rows in the order of the subjects."""
    with worker_pool() as pool:
        try:
            tasks = [
                pool.submit(_write_eye, folder, registration, eye, recipe)
                for registration in plan.registrations
                for eye in EYES
            ]
            for done, _ in enumerate(as_completed(tasks), start=1):
                if on_progress is not None:
                    on_progress(done, len(tasks))
            return [row for task in tasks for row in task.result()]
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _write_eye(folder: Path, registration: Registration, eye: EyePosition, recipe: IrisRecipe) -> list[Row]:
    rows: list[Row] = []
    for visit in range(recipe.visits):
        seen, conditions = recipe.see(registration, eye, visit)
        path = _path(registration, eye, visit)
        (folder / path).write_bytes(_png(seen.sample))
        rows.append((path, *_told(seen, conditions)))
    return rows


def _told(seen: SyntheticEye, conditions: EyeConditions) -> Row:
    truth = seen.truth
    ring = int((truth.iris & ~truth.pupil).sum())
    return (
        *_circle(truth.contours.pupil_px),
        *_circle(truth.contours.limbus_px),
        round(float(truth.valid.sum()) / max(1, ring), 3),
        round(conditions.dilation, 3),
        round(float(np.degrees(conditions.gaze_rad)), 1),
        round(float(np.degrees(conditions.tilt_rad)), 1),
        int(conditions.glasses),
    )


def _circle(points: NDArray[np.float32]) -> tuple[float, float, float]:
    """Middle and mean radius of a border."""
    center = points.mean(0)
    radius = float(np.hypot(*(points - center).T).mean())
    return round(float(center[0]), 2), round(float(center[1]), 2), round(radius, 2)


def _manifest(plan: PopulationPlan, recipe: IrisRecipe) -> list[Row]:
    return [
        (_path(registration, eye, visit), registration.subject, eye.name.lower(), visit + 1, "iris", DATASET)
        for registration in plan.registrations
        for eye in EYES
        for visit in range(recipe.visits)
    ]


def _path(registration: Registration, eye: EyePosition, visit: int) -> str:
    return f"{SAMPLE_FOLDER}/{registration.subject}_{eye.name.lower()}_{visit + 1}.png"


def _png(sample: CapturedSample) -> bytes:
    """A grey PNG without a resolution."""
    _, data = opencv().imencode(".png", sample.pixels)
    written: bytes = data.tobytes()
    return written


def _write_csv(file: Path, columns: tuple[str, ...], rows: list[Row]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([columns, *rows])
