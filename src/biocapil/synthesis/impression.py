"""Impressions: one touch of a synthetic finger on one sensor, from skin to grey values.

master ─► warp ─► contact ─► moisture ─► breaks ─► pores, creases, scratches ─► sensor ─► optics ─► sample
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.sample import CapturedSample, Origin
from biocapil.synthesis.degradation import Degradation, Severities, check_severities
from biocapil.synthesis.lines import draw_scratches
from biocapil.synthesis.master import MASTER_PPI, MasterPrint, Seed
from biocapil.synthesis.noise import white_noise
from biocapil.synthesis.placing import draw_lost_contact
from biocapil.synthesis.platen import smear, soil
from biocapil.synthesis.raster import Raster, blur, clamp, through_jpeg
from biocapil.synthesis.sensor import PROFILES, SensorStyle, draw_style, render
from biocapil.synthesis.skin import Contact, break_ridges, draw_abrasion, draw_contact, draw_moisture
from biocapil.synthesis.skin_faults import change_moisture, change_ridges, change_touch
from biocapil.synthesis.warp import Warp, draw_warp
from biocapil.vocabulary import FingerPosition, Modality

DEFAULT_DIFFICULTY = 0.5
WIDE_OPEN_SHARE, PORES_SHARE = 0.2, 0.6
"""Share of prints with wide open pores, and with visible pores at all."""

FIELD_LIMIT = 4.0
"""The ridge field is clipped here before it becomes touch."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Impression:
    """A sample with the knowledge of how it came to be.

    Attributes:
        sample: What the sensor delivered.
        style: Sensor.
        warp: Where every pixel lies on the master.
        depth: 0 outside and at the border of the contact, 1 well inside. Shape of the sample, float32.
    """

    sample: CapturedSample
    style: SensorStyle
    warp: Warp
    depth: Raster

    def touches(self, points_px: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether points of the sample lie inside the contact. Shape (N, 2) to (N,)."""
        points = np.round(np.asarray(points_px, np.float64).reshape(-1, 2)).astype(np.intp)
        rows, columns = self.depth.shape
        inside = ((points >= 0) & (points < (columns, rows))).all(axis=1)
        x, y = np.clip(points, 0, (columns - 1, rows - 1)).T
        touched: NDArray[np.bool_] = inside & (self.depth[y, x] > 0)
        return touched


def make_impression(
    master: MasterPrint, seed: Seed, *, style: SensorStyle | None = None,
    difficulty: float = DEFAULT_DIFFICULTY, position: FingerPosition = FingerPosition.UNKNOWN,
    degradations: Mapping[Degradation, float] | None = None,
) -> CapturedSample:  # fmt: skip
    """Touch a sensor once with a synthetic finger.

    Args:
        master: The finger.
        seed: Generator, or a seed for a fresh one: same seed, same impression.
        style: Sensor; None draws one.
        difficulty: 0 is a clean, well placed, complete print; 0.5 about FVC2002 and FVC2004; 1 is worse.
        position: Finger that the sample is said to show.
        degradations: Severity of what goes wrong, 0 none to 1 grave, on top of what the difficulty draws:
            the same seed gives the same touch without them.

    Returns:
        The sample, 500 ppi, origin SYNTHETIC.

    Raises:
        ValueError: The difficulty or a severity lies outside 0 to 1.
        MissingPart: OpenCV is not installed.
    """
    return trace_impression(
        master, seed, style=style, difficulty=difficulty, position=position, degradations=degradations
    ).sample


def trace_impression(
    master: MasterPrint, seed: Seed, *, style: SensorStyle | None = None,
    difficulty: float = DEFAULT_DIFFICULTY, position: FingerPosition = FingerPosition.UNKNOWN,
    degradations: Mapping[Degradation, float] | None = None,
) -> Impression:  # fmt: skip
    """As `make_impression`, with the warp that carries labels from the master to the sample."""
    if not 0 <= difficulty <= 1:
        raise ValueError(f"difficulty must lie in 0..1, got {difficulty!r}")
    severities = check_severities(degradations)
    rng = np.random.default_rng(seed)
    fault_rng = np.random.default_rng(int(rng.integers(2**63)))
    chosen = draw_style(rng) if style is None else style
    profile = PROFILES[chosen]
    warp = draw_warp(rng, profile.shape, scale=profile.scale, difficulty=difficulty,
                     stripe_rows=profile.stripe_rows, severities=severities, fault_rng=fault_rng)  # fmt: skip
    lost = draw_lost_contact(fault_rng, warp.finger_x_px, warp.finger_y_px, severities)
    contact = draw_contact(rng, warp, full_length=profile.swept, difficulty=difficulty, lost=lost)
    relief = _press(rng, master, warp, contact, difficulty=difficulty, pore_gain=profile.pore_gain,
                    fault_rng=fault_rng, severities=severities)  # fmt: skip
    relief = smear(fault_rng, change_touch(relief, severities), severities)
    clean = render(rng, chosen, relief, contact)
    scene = soil(fault_rng, clean, master.ridges, warp, touch=contact.touch, severities=severities)
    sample = CapturedSample(pixels=_see(rng, scene), resolution_ppi=MASTER_PPI, modality=Modality.FINGER,
                            position=position, origin=Origin.SYNTHETIC)  # fmt: skip
    return Impression(sample=sample, style=chosen, warp=warp, depth=contact.depth)


def _press(
    rng: np.random.Generator, master: MasterPrint, warp: Warp, contact: Contact, *, difficulty: float,
    pore_gain: float, fault_rng: np.random.Generator, severities: Severities,
) -> Raster:  # fmt: skip
    """Touch of the skin's relief, 0 in valleys to 1 on ridges."""
    moisture = draw_moisture(rng, warp, contact.depth, difficulty=difficulty)
    moisture = change_moisture(fault_rng, moisture, severities)
    ridges = warp.carry(master.ridges, outside=-1.0)
    field = break_ridges(rng, ridges, moisture, contact.grain, difficulty=difficulty)
    field = change_ridges(fault_rng, field, ridges, contact.grain, warp=warp, severities=severities)
    field -= _open_pores(rng, moisture, pore_gain) * warp.carry(master.pores, outside=0.0)
    scratches = draw_scratches(rng, warp.shape, difficulty=difficulty)
    lines = np.maximum(warp.carry(master.creases, outside=0.0), scratches)
    field -= lines * rng.uniform(0.8, 2.2)
    field -= draw_abrasion(rng, warp, contact.grain, difficulty=difficulty)
    steepness = rng.uniform(1.6, 6)
    touch = 1 / (1 + np.exp(-steepness * clamp(field, -FIELD_LIMIT, FIELD_LIMIT)))
    return blur(touch.astype(np.float32), rng.uniform(0.45, 1.0))


def _open_pores(rng: np.random.Generator, moisture: Raster, gain: float) -> Raster | float:
    """How far the pores are open: on some prints wide everywhere, on others where the skin is dry."""
    kind, opening = rng.random(), rng.uniform(0, 1.1)
    if kind < WIDE_OPEN_SHARE:
        return (1.4 + 1.0 * opening) * gain
    if kind < PORES_SHARE:
        return clamp(opening - moisture, 0, 1.2) * np.float32(gain)
    return 0.0


def _see(rng: np.random.Generator, picture: Raster) -> NDArray[np.uint8]:
    """Blur of the optics, noise of the electronics, now and then lossy coding."""
    seen = blur(picture, rng.uniform(0.35, 0.9))
    seen = seen + white_noise(rng, (seen.shape[0], seen.shape[1])) * rng.uniform(0, 7)
    pixels = np.clip(np.round(seen), 0, 255).astype(np.uint8)
    if rng.random() < 0.1:
        return through_jpeg(pixels, int(rng.integers(30, 80)))
    return pixels
