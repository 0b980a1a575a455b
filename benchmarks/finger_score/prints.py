"""Synthetic prints as flat arrays of minutiae: what the fit of the score learns from, and is tested on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import PackedTemplates
from biocapil.comparison.pack_many import pack_minutiae
from biocapil.extraction import Extractor
from biocapil.synthesis import MasterPrint, SensorStyle, make_impression, make_lookalike, make_master
from biocapil.synthesis.sensor import draw_style
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ModelId

LOOKALIKE_EVERY = 10
"""Each so many fingers one copies the ridge flow of the finger before it."""

DIFFICULTY = (0.2, 0.8)
SENSORS = 2
"""Sensors that a finger touches, each for an equal share of its impressions."""

TOGETHER = 20
"""Fingers that are kept in one file."""

CROP_RADIUS_UM = (2500.0, 9000.0)

FINGER, GROWTH, TOUCH = range(3)
"""Second number of a seed: what it is drawn for, so that no two draws share a stream."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PrintSet:
    """Minutiae of many impressions, one after the other; fields as in `FingerprintTemplate`.

    Attributes:
        positions_um: Shape (total, 2), float32.
        angles_rad: Shape (total,), float32.
        kinds: Shape (total,), uint8.
        qualities: Shape (total,), uint8.
        sizes: Minutiae of each impression, 0 where none was made. Shape (N,), int64.
        heights_um: Height of each imaged area. Shape (N,), float64.
        fingers: Finger of each impression. Shape (N,), int64.
        flows: Finger whose ridge flow it has. Shape (N,), int64.
    """

    positions_um: NDArray[np.float32]
    angles_rad: NDArray[np.float32]
    kinds: NDArray[np.uint8]
    qualities: NDArray[np.uint8]
    sizes: NDArray[np.int64]
    heights_um: NDArray[np.float64]
    fingers: NDArray[np.int64]
    flows: NDArray[np.int64]

    def packed(self) -> PackedTemplates:
        """The impressions as a gallery."""
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.sizes)])
        return pack_minutiae(
            self.positions_um,
            self.angles_rad,
            self.kinds,
            self.qualities,
            offsets,
            heights_um=self.heights_um,
            model_id=ModelId("synthetic"),
        )


def read_prints(folder: Path, extractor: Extractor, *, fingers: int, impressions: int, seed: int) -> PrintSet:
    """Prints of many fingers; those that `folder` does not hold yet are made.

    Args:
        folder: Where they are kept, twenty fingers a file.
        extractor: Makes the templates.
        fingers: How many, a multiple of 20.
        impressions: Of each finger.
        seed: Same seed, same prints.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts: list[PrintSet] = []
    for first in range(0, fingers, TOGETHER):
        name = f"{extractor.model_id}-{seed}-{impressions}-{first}.npz"
        if not (folder / name).exists():
            made = make_prints(extractor, range(first, first + TOGETHER), impressions=impressions, seed=seed)
            np.savez(folder / name, **{each.name: getattr(made, each.name) for each in fields(made)})
            print(f"{first + TOGETHER} of {fingers} fingers", flush=True)
        with np.load(folder / name) as kept:
            parts.append(PrintSet(**dict(kept)))
    return joined(parts)


def joined(parts: list[PrintSet]) -> PrintSet:
    """Prints of one set after those of the other."""
    return PrintSet(
        **{
            each.name: np.concatenate([getattr(part, each.name) for part in parts])
            for each in fields(PrintSet)
        }
    )


def make_prints(extractor: Extractor, fingers: range, *, impressions: int, seed: int) -> PrintSet:
    """Touch sensors with some fingers and extract what they deliver."""
    templates: list[FingerprintTemplate | None] = []
    for finger in fingers:
        for style, difficulty, master, touch in touches(finger, impressions=impressions, seed=seed):
            sample = make_impression(master, (seed, TOUCH, finger, touch), style=style, difficulty=difficulty)
            found = extractor.extract(sample)
            templates.append(found if isinstance(found, FingerprintTemplate) else None)
    made = [template for template in templates if template is not None]
    owners = np.repeat(np.array(fingers), impressions)
    return PrintSet(
        positions_um=np.concatenate([template.positions_um for template in made]),
        angles_rad=np.concatenate([template.angles_rad for template in made]),
        kinds=np.concatenate([template.kinds for template in made]),
        qualities=np.concatenate([template.qualities for template in made]),
        sizes=np.array([0 if template is None else len(template) for template in templates]),
        heights_um=np.array([1.0 if template is None else template.extent_um[1] for template in templates]),
        fingers=owners,
        flows=np.array([flow_of(int(finger)) for finger in owners]),
    )


def flow_of(finger: int) -> int:
    """Finger whose ridge flow a finger has: its own but for look-alikes."""
    return finger - 1 if finger % LOOKALIKE_EVERY == LOOKALIKE_EVERY - 1 else finger


def touches(
    finger: int, *, impressions: int, seed: int
) -> Iterator[tuple[SensorStyle, float, MasterPrint, int]]:
    """Sensor, difficulty, finger and number of each impression of a finger."""
    rng = np.random.default_rng((seed, FINGER, finger))
    master = make_master((seed, GROWTH, flow_of(finger)))
    if flow_of(finger) != finger:
        master = make_lookalike(master, (seed, GROWTH, finger))
    for touch in range(impressions):
        if touch % -(-impressions // SENSORS) == 0:
            style = draw_style(rng)
        yield style, float(rng.uniform(*DIFFICULTY)), master, touch


def crop(prints: PrintSet, share: float, rng: np.random.Generator) -> PrintSet:
    """Leave of some prints only what lies around one of their minutiae, as small sensors and poor touches do.

    Args:
        prints: The prints.
        share: Part of them that is cropped.
        rng: Chooses which, where and how narrowly.
    """
    ends = np.cumsum(prints.sizes)
    kept = np.ones(len(prints.angles_rad), np.bool_)
    for first, beyond in zip(ends - prints.sizes, ends, strict=True):
        if beyond > first and rng.random() < share:
            places = prints.positions_um[first:beyond]
            off = places - places[rng.integers(len(places))]
            kept[first:beyond] = np.hypot(*off.T) < rng.uniform(*CROP_RADIUS_UM)
    counted = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept)])
    return replace(
        prints,
        positions_um=prints.positions_um[kept],
        angles_rad=prints.angles_rad[kept],
        kinds=prints.kinds[kept],
        qualities=prints.qualities[kept],
        sizes=counted[ends] - counted[ends - prints.sizes],
    )
