"""Whole populations on disk: samples, manifest, and the truth about planted duplicates and look-alikes.

seed ─► plan ─► masters ─► impressions ─► PNG files in a hidden folder ─► renamed when complete
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import as_completed
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from biocapil.synthesis.complete_folder import complete_or_nothing, refuse_to_replace
from biocapil.synthesis.degradation import NOT_DEGRADED, Degradation, check_severities
from biocapil.synthesis.impression import DEFAULT_DIFFICULTY, make_impression
from biocapil.synthesis.master import MasterPrint, make_lookalike, make_master
from biocapil.synthesis.plan import FINGER_ORDER, PopulationPlan, Registration, plan_population
from biocapil.synthesis.png import encode_png
from biocapil.synthesis.population_layout import (
    DATASET,
    FINGER,
    MANIFEST_COLUMNS,
    PERSON,
    PLAN,
    SAMPLE_FOLDER,
    STATION,
    TOUCH,
)
from biocapil.synthesis.registered_eyes import EYE_ORDER, eye_picture
from biocapil.synthesis.registered_faces import face_picture
from biocapil.synthesis.sensor import SensorStyle, draw_style
from biocapil.synthesis.ten_fingers import draw_ten_fingers
from biocapil.synthesis.truth import MANIFEST_FILE, TRUTH_FILE, PopulationTruth, write_truth
from biocapil.threads import worker_pool
from biocapil.vocabulary import EyePosition, Instance, Modality, Position

STATION_PPI = (490.0, 510.0)
"""True resolution of a registry's sensors, which say 500: all touches of a station share its error."""

FACE = Instance(modality=Modality.FACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationRecipe:
    """What every sample of a population depends on besides its own place.

    Attributes:
        fingers: Fingers of each person, 1 to 10, in the order of `FINGER_ORDER`.
        impressions: Impressions of each finger at each registration, at least 1.
        eyes: Eyes of each person, 0 to 2, in the order of `EYE_ORDER`.
        faces: Faces of each person, 0 or 1.
        pictures: Pictures of each eye and face at each registration, at least 1.
        seed: Same seed, same files.
        difficulty: See `make_impression`; of eyes and faces `draw_conditions` and `draw_face_conditions`.
        style: Sensor of every station; None draws one for each.
        degradations: What goes wrong at every touch, with its severity.
    """

    fingers: int
    impressions: int
    eyes: int = 0
    faces: int = 0
    pictures: int = 1
    seed: int
    difficulty: float
    style: SensorStyle | None = None
    degradations: Mapping[Degradation, float] = field(default_factory=lambda: NOT_DEGRADED)

    def __post_init__(self) -> None:
        if not 1 <= self.fingers <= len(FINGER_ORDER):
            raise ValueError(f"fingers must lie in 1..{len(FINGER_ORDER)}, got {self.fingers}")
        if not 0 <= self.eyes <= len(EYE_ORDER):
            raise ValueError(f"eyes must lie in 0..{len(EYE_ORDER)}, got {self.eyes}")
        if not 0 <= self.faces <= 1:
            raise ValueError(f"faces must be 0 or 1, got {self.faces}")
        for name in ("impressions", "pictures"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if self.seed < 0:
            raise ValueError(f"seed must not be negative, got {self.seed}")
        if not 0 <= self.difficulty <= 1:
            raise ValueError(f"difficulty must lie in 0..1, got {self.difficulty!r}")
        check_severities(self.degradations)

    @property
    def samples(self) -> int:
        """Samples of one registration."""
        return self.fingers * self.impressions + (self.eyes + self.faces) * self.pictures


def write_population(
    folder: Path, *, people: int = 60, fingers: int = 2, impressions: int = 3, eyes: int = 0,
    faces: int = 0, pictures: int = 1, seed: int = 1, duplicates: int = 6, lookalikes: int = 6,
    difficulty: float = DEFAULT_DIFFICULTY, style: SensorStyle | None = None,
    degradations: Mapping[Degradation, float] | None = None,
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
        eyes: Eyes of each person, 0 to 2.
        faces: Faces of each person, 0 or 1.
        pictures: Pictures of each eye and face at each registration, at least 1.
        seed: Same seed, same files; not negative.
        duplicates: Persons who are registered a second time under another subject, with fresh samples.
        lookalikes: Pairs of persons with the same ridge flow and other minutiae; eyes and faces of
            their own.
        difficulty: See `make_impression`; of eyes and faces `draw_conditions` and `draw_face_conditions`.
        style: Sensor of all registrations; None draws one for each registration.
        degradations: What goes wrong at every touch, with its severity; see `make_impression`.
        overwrite: Replace a population that is already there.
        on_progress: Called with fingers, eyes and faces done and their total, from the calling thread.

    Returns:
        Where everything lies, and the planted pairs.

    Raises:
        ValueError: A number is out of range.
        FileExistsError: The folder is not empty and `overwrite` was not given, or it holds something
            else than a population.
        MissingPart: OpenCV is not installed.
    """
    recipe = PopulationRecipe(fingers=fingers, impressions=impressions, eyes=eyes, faces=faces,
                              pictures=pictures, seed=seed, difficulty=difficulty, style=style,
                              degradations=degradations or NOT_DEGRADED)  # fmt: skip
    plan = plan_population(
        np.random.default_rng((seed, PLAN)), people=people, duplicates=duplicates, lookalikes=lookalikes
    )
    refuse_to_replace(folder, TRUTH_FILE, overwrite=overwrite)
    with complete_or_nothing(folder) as draft:
        _write_samples(draft / SAMPLE_FOLDER, plan, recipe, on_progress)
        _write_manifest(draft / MANIFEST_FILE, plan, recipe)
        write_truth(draft / TRUTH_FILE, plan.pairs)
    return PopulationTruth(
        folder=folder,
        manifest=folder / MANIFEST_FILE,
        samples=len(plan.registrations) * recipe.samples,
        pairs=plan.pairs,
    )


_Write = Callable[[Path, Registration, int, PopulationRecipe], None]


def _write_samples(
    folder: Path,
    plan: PopulationPlan,
    recipe: PopulationRecipe,
    on_progress: Callable[[int, int], None] | None,
) -> None:
    """Write all samples, one finger, eye or face of one registration a task."""
    folder.mkdir()
    wanted: list[tuple[_Write, int]]
    wanted = [*((_write_finger, place) for place in range(recipe.fingers)),
              *((_write_eye, place) for place in range(recipe.eyes)),
              *((_write_face, place) for place in range(recipe.faces))]  # fmt: skip
    total = len(plan.registrations) * len(wanted)
    with worker_pool() as pool:
        try:
            tasks = [
                pool.submit(write, folder, registration, place, recipe)
                for registration in plan.registrations
                for write, place in wanted
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
    station = np.random.default_rng((recipe.seed, STATION, registration.number))
    style, true_ppi = draw_style(station), station.uniform(*STATION_PPI)
    style = style if recipe.style is None else recipe.style
    for impression in range(recipe.impressions):
        sample = make_impression(
            master,
            (recipe.seed, TOUCH, registration.number, finger, impression),
            style=style,
            difficulty=recipe.difficulty,
            degradations=recipe.degradations,
            true_ppi=true_ppi,
            position=FINGER_ORDER[finger],
        )
        name = _file_name(registration, instance_of(FINGER_ORDER[finger]), impression)
        (folder / name).write_bytes(encode_png(sample))


def _write_eye(folder: Path, registration: Registration, eye: int, recipe: PopulationRecipe) -> None:
    """Write the pictures of one eye at one registration."""
    for visit in range(recipe.pictures):
        sample = eye_picture(registration, eye, visit, seed=recipe.seed, difficulty=recipe.difficulty)
        name = _file_name(registration, instance_of(EYE_ORDER[eye]), visit)
        (folder / name).write_bytes(encode_png(sample))


def _write_face(folder: Path, registration: Registration, _place: int, recipe: PopulationRecipe) -> None:
    """Write the photographs of one registration."""
    for visit in range(recipe.pictures):
        sample = face_picture(registration, visit, seed=recipe.seed, difficulty=recipe.difficulty)
        (folder / _file_name(registration, FACE, visit)).write_bytes(encode_png(sample))


def make_finger(registration: Registration, finger: int, *, seed: int) -> MasterPrint:
    """Master print of one finger of a registered person, in the population of that seed."""
    if registration.flow_of is None:
        return _make_own_finger(registration.person, finger, seed)
    own_seed = (seed, FINGER, registration.person, finger)
    return make_lookalike(_make_own_finger(registration.flow_of, finger, seed), own_seed)


def _make_own_finger(person: int, finger: int, seed: int) -> MasterPrint:
    """A finger with the pattern and ridge period that this person has there."""
    traits = draw_ten_fingers((seed, PERSON, person))[FINGER_ORDER[finger]]
    return make_master((seed, FINGER, person, finger), pattern=traits.pattern, period_px=traits.period_px)


def _write_manifest(file: Path, plan: PopulationPlan, recipe: PopulationRecipe) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(MANIFEST_COLUMNS)
        for registration in plan.registrations:
            writer.writerows(
                (
                    f"{SAMPLE_FOLDER}/{_file_name(registration, instance, number)}",
                    registration.subject,
                    instance.name.removesuffix("_eye"),
                    number + 1,
                    instance.modality.value,
                    DATASET,
                )
                for instance, number in _wanted(recipe)
            )


def _wanted(recipe: PopulationRecipe) -> Iterator[tuple[Instance, int]]:
    """Every sample of a registration: of what it is, and its number."""
    eyes_and_face = [*map(instance_of, EYE_ORDER[: recipe.eyes]), *[FACE][: recipe.faces]]
    for finger in map(instance_of, FINGER_ORDER[: recipe.fingers]):
        yield from ((finger, number) for number in range(recipe.impressions))
    for each in eyes_and_face:
        yield from ((each, number) for number in range(recipe.pictures))


def instance_of(position: Position) -> Instance:
    """A finger or an eye as an instance."""
    modality = Modality.IRIS if isinstance(position, EyePosition) else Modality.FINGER
    return Instance(modality=modality, position=position)


def _file_name(registration: Registration, instance: Instance, number: int) -> str:
    return f"{registration.subject}_{instance.name}_{number + 1}.png"
