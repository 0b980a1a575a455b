"""Whole populations on disk: samples, manifest, and the truth about planted duplicates and look-alikes.

seed ─► plan ─► masters ─► impressions ─► PNG files in a hidden folder ─► renamed when complete
"""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Callable, Generator
from concurrent.futures import as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from biocapil.synthesis.impression import DEFAULT_DIFFICULTY, make_impression
from biocapil.synthesis.master import MasterPrint, make_lookalike, make_master
from biocapil.synthesis.plan import FINGER_ORDER, PopulationPlan, Registration, plan_population
from biocapil.synthesis.png import encode_png
from biocapil.synthesis.sensor import draw_style
from biocapil.synthesis.truth import MANIFEST_FILE, TRUTH_FILE, PopulationTruth, write_truth
from biocapil.threads import worker_pool

DATASET = "synthetic"
SAMPLE_FOLDER = "samples"
MANIFEST_COLUMNS = ("path", "subject", "instance", "sample", "modality", "dataset")

PLAN, FINGER, STATION, TOUCH = range(4)
"""First number of a seed: what it is drawn for, so that no two draws share a stream."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationRecipe:
    """What every sample of a population depends on besides its own place.

    Attributes:
        fingers: Fingers of each person, 1 to 10, in the order of `FINGER_ORDER`.
        impressions: Impressions of each finger at each registration, at least 1.
        seed: Same seed, same files.
        difficulty: See `make_impression`.
    """

    fingers: int
    impressions: int
    seed: int
    difficulty: float

    def __post_init__(self) -> None:
        if not 1 <= self.fingers <= len(FINGER_ORDER):
            raise ValueError(f"fingers must lie in 1..{len(FINGER_ORDER)}, got {self.fingers}")
        if self.impressions < 1:
            raise ValueError(f"impressions must be at least 1, got {self.impressions}")
        if self.seed < 0:
            raise ValueError(f"seed must not be negative, got {self.seed}")
        if not 0 <= self.difficulty <= 1:
            raise ValueError(f"difficulty must lie in 0..1, got {self.difficulty!r}")


def write_population(
    folder: Path, *, people: int = 60, fingers: int = 2, impressions: int = 3, seed: int = 1,
    duplicates: int = 6, lookalikes: int = 6, difficulty: float = DEFAULT_DIFFICULTY,
    overwrite: bool = False, on_progress: Callable[[int, int], None] | None = None,
) -> PopulationTruth:  # fmt: skip
    """Write the samples of a synthetic population, its manifest and the truth about it.

    The folder appears when it is complete: a run that is stopped leaves none, and an older population
    stays until the new one is there. The files depend on the arguments and the versions of numpy,
    OpenCV and zlib, not on the number of threads.

    Args:
        folder: Where to write.
        people: Different persons, at least 1.
        fingers: Fingers of each person, 1 to 10.
        impressions: Impressions of each finger at each registration, at least 1.
        seed: Same seed, same files; not negative.
        duplicates: Persons who are registered a second time under another subject, with fresh impressions.
        lookalikes: Pairs of persons with the same ridge flow and other minutiae.
        difficulty: See `make_impression`.
        overwrite: Replace a population that is already there.
        on_progress: Called with fingers done and fingers in all, from the calling thread.

    Returns:
        Where everything lies, and the planted pairs.

    Raises:
        ValueError: A number is out of range.
        FileExistsError: The folder is not empty and `overwrite` was not given, or it holds something
            else than a population.
        MissingPart: OpenCV is not installed.
    """
    recipe = PopulationRecipe(fingers=fingers, impressions=impressions, seed=seed, difficulty=difficulty)
    plan = plan_population(
        np.random.default_rng((seed, PLAN)), people=people, duplicates=duplicates, lookalikes=lookalikes
    )
    _refuse_to_replace(folder, overwrite=overwrite)
    with _complete_or_nothing(folder) as draft:
        _write_samples(draft / SAMPLE_FOLDER, plan, recipe, on_progress)
        _write_manifest(draft / MANIFEST_FILE, plan, recipe)
        write_truth(draft / TRUTH_FILE, plan.pairs)
    return PopulationTruth(
        folder=folder,
        manifest=folder / MANIFEST_FILE,
        samples=len(plan.registrations) * fingers * impressions,
        pairs=plan.pairs,
    )


def _refuse_to_replace(folder: Path, *, overwrite: bool) -> None:
    """Raise FileExistsError where something stands that must not be replaced."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not (folder / TRUTH_FILE).is_file():
        raise FileExistsError(f"{folder} exists and is no population: choose another folder")
    if not overwrite:
        raise FileExistsError(f"{folder} already holds a population: overwrite it or choose another folder")


@contextmanager
def _complete_or_nothing(folder: Path) -> Generator[Path, None, None]:
    """Hidden folder beside `folder` that takes its name at the end, or goes away on an error."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".partial", dir=folder.parent))
    try:
        yield draft
        draft.chmod(0o755)
        if folder.exists():
            outdated = draft.with_suffix(".outdated")
            folder.rename(outdated)
            draft.rename(folder)
            shutil.rmtree(outdated)
        else:
            draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write_samples(
    folder: Path,
    plan: PopulationPlan,
    recipe: PopulationRecipe,
    on_progress: Callable[[int, int], None] | None,
) -> None:
    """Write all samples, one finger of one registration a task."""
    folder.mkdir()
    total = len(plan.registrations) * recipe.fingers
    with worker_pool() as pool:
        try:
            tasks = [
                pool.submit(_write_finger, folder, registration, finger, recipe)
                for registration in plan.registrations
                for finger in range(recipe.fingers)
            ]
            for done, task in enumerate(as_completed(tasks), start=1):
                task.result()
                if on_progress is not None:
                    on_progress(done, total)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _write_finger(folder: Path, registration: Registration, finger: int, recipe: PopulationRecipe) -> None:
    """Write the impressions of one finger at one registration, all on the sensor of that station."""
    master = make_finger(registration, finger, seed=recipe.seed)
    style = draw_style(np.random.default_rng((recipe.seed, STATION, registration.number)))
    for impression in range(recipe.impressions):
        sample = make_impression(
            master,
            (recipe.seed, TOUCH, registration.number, finger, impression),
            style=style,
            difficulty=recipe.difficulty,
            position=FINGER_ORDER[finger],
        )
        (folder / _file_name(registration, finger, impression)).write_bytes(encode_png(sample))


def make_finger(registration: Registration, finger: int, *, seed: int) -> MasterPrint:
    """Master print of one finger of a registered person, in the population of that seed."""
    own_seed = (seed, FINGER, registration.person, finger)
    if registration.flow_of is None:
        return make_master(own_seed)
    return make_lookalike(make_master((seed, FINGER, registration.flow_of, finger)), own_seed)


def _write_manifest(file: Path, plan: PopulationPlan, recipe: PopulationRecipe) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(MANIFEST_COLUMNS)
        for registration in plan.registrations:
            for finger in range(recipe.fingers):
                for impression in range(recipe.impressions):
                    path = f"{SAMPLE_FOLDER}/{_file_name(registration, finger, impression)}"
                    instance = FINGER_ORDER[finger].name.lower()
                    writer.writerow((path, registration.subject, instance, impression + 1, "finger", DATASET))


def _file_name(registration: Registration, finger: int, impression: int) -> str:
    return f"{registration.subject}_{FINGER_ORDER[finger].name.lower()}_{impression + 1}.png"
