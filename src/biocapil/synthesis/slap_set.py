"""Slaps of a synthetic population on disk, with the truth about every finger's place."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from biocapil.synthesis.complete_folder import complete_or_nothing, refuse_to_replace
from biocapil.synthesis.impression import DEFAULT_DIFFICULTY
from biocapil.synthesis.plan import FINGER_ORDER, Registration, plan_population
from biocapil.synthesis.png import encode_png
from biocapil.synthesis.population import make_finger
from biocapil.synthesis.population_layout import PLAN, SAMPLE_FOLDER
from biocapil.synthesis.sensor import SensorStyle
from biocapil.synthesis.slap import SLAP_STYLES, Slap, make_slap
from biocapil.threads import worker_pool
from biocapil.vocabulary import Hand

SLAP_FILE = "slaps.csv"
SLAP_COLUMNS = (
    "path", "subject", "sample", "hand", "finger", "position_code",
    "left_px", "top_px", "width_px", "height_px", "rotation_deg",
)  # fmt: skip

SLAP = 5
"""First number of a slap's seed, beside those of `population`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlapSet:
    """Slaps that were written.

    Attributes:
        folder: Where they lie.
        truth: CSV file with one row a finger that touched, in the columns `SLAP_COLUMNS`; rotation is
            counter-clockwise, 0 points up.
        slaps: How many pictures there are.
        fingers: How many fingers they show.
    """

    folder: Path
    truth: Path
    slaps: int
    fingers: int


def write_slaps(
    folder: Path, *, people: int = 20, impressions: int = 1, seed: int = 1, missing_share: float = 0.0,
    style: SensorStyle = SLAP_STYLES[0], difficulty: float = DEFAULT_DIFFICULTY, overwrite: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
) -> SlapSet:  # fmt: skip
    """Write slaps of both hands of synthetic people.

    `write_population` with the same people and seed, and without duplicates and look-alikes, shows the same
    fingers under the same subjects.

    Args:
        folder: Where to write; it appears when complete.
        people: Different persons, at least 1.
        impressions: Slaps of each hand, at least 1.
        seed: Same seed, same files; not negative.
        missing_share: Part of the fingers that do not touch, 0 to below 1.
        style: Sensor, OPTICAL_ENROLLMENT, OPTICAL_WHITE or INK_CARD.
        difficulty: See `make_slap`.
        overwrite: Replace slaps that are already there.
        on_progress: Called with hands done and hands in all, from the calling thread.

    Returns:
        Where everything lies.

    Raises:
        ValueError: A number is out of range, or the style is none of a slap.
        FileExistsError: The folder is not empty and `overwrite` was not given, or it holds something else.
        MissingPart: OpenCV is not installed.
    """
    if impressions < 1:
        raise ValueError(f"impressions must be at least 1, got {impressions}")
    if seed < 0:
        raise ValueError(f"seed must not be negative, got {seed}")
    if not 0 <= missing_share < 1:
        raise ValueError(f"missing_share must lie in 0..1, 1 left out, got {missing_share!r}")
    plan = plan_population(np.random.default_rng((seed, PLAN)), people=people, duplicates=0, lookalikes=0)
    refuse_to_replace(folder, SLAP_FILE, overwrite=overwrite)
    make = _SlapMaker(seed=seed, missing_share=missing_share, style=style, difficulty=difficulty,
                      impressions=impressions)  # fmt: skip
    with complete_or_nothing(folder) as draft:
        (draft / SAMPLE_FOLDER).mkdir()
        rows = _write_all(draft, plan.registrations, make, on_progress)
        with (draft / SLAP_FILE).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerows([SLAP_COLUMNS, *rows])
    return SlapSet(folder=folder, truth=folder / SLAP_FILE, slaps=people * len(Hand) * impressions,
                   fingers=len(rows))  # fmt: skip


Row = tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _SlapMaker:
    """What every slap depends on besides its own place."""

    seed: int
    missing_share: float
    style: SensorStyle
    difficulty: float
    impressions: int

    def write_hand(self, folder: Path, registration: Registration, hand: Hand) -> list[Row]:
        """Write all slaps of one hand; one row a finger."""
        masters = {
            position: make_finger(registration, FINGER_ORDER.index(position), seed=self.seed)
            for position in hand.fingers
        }
        rows: list[Row] = []
        for number in range(self.impressions):
            code = list(Hand).index(hand)
            rng = np.random.default_rng((self.seed, SLAP, registration.number, code, number))
            missing = [position for position in hand.fingers if rng.random() < self.missing_share]
            slap = make_slap(masters, rng, hand=hand, missing=missing, style=self.style,
                             difficulty=self.difficulty)  # fmt: skip
            path = f"{SAMPLE_FOLDER}/{registration.subject}_{hand.value}_{number + 1}.png"
            (folder / path).write_bytes(encode_png(slap.sample))
            rows.extend(_rows(path, registration, number, slap))
        return rows


def _rows(path: str, registration: Registration, number: int, slap: Slap) -> list[Row]:
    return [
        (path, registration.subject, number + 1, slap.hand.value, finger.position.name.lower(),
         int(finger.position), *finger.box_px, round(math.degrees(finger.rotation_rad), 2))
        for finger in slap.fingers
    ]  # fmt: skip


def _write_all(
    folder: Path, registrations: Sequence[Registration], make: _SlapMaker,
    on_progress: Callable[[int, int], None] | None,
) -> list[Row]:  # fmt: skip
    """Write all hands, one a task; rows in the order of the subjects."""
    with worker_pool() as pool:
        try:
            tasks = [
                pool.submit(make.write_hand, folder, registration, hand)
                for registration in registrations
                for hand in Hand
            ]
            for done, _ in enumerate(as_completed(tasks), start=1):
                if on_progress is not None:
                    on_progress(done, len(tasks))
            return [row for task in tasks for row in task.result()]
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
