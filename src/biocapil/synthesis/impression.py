"""Impressions: one touch of a synthetic finger on one sensor, from skin to grey values.

master ─► warp ─► contact ─► touch ─► smears ─► sensor ─► soil ─► optics ─► sample
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.sample import CapturedSample, Origin
from biocapil.synthesis.degradation import Degradation, check_severities
from biocapil.synthesis.master import MASTER_PPI, MasterPrint, Seed
from biocapil.synthesis.noise import white_noise
from biocapil.synthesis.placing import draw_lost_contact
from biocapil.synthesis.platen import smear, soil
from biocapil.synthesis.raster import Raster, blur, through_jpeg
from biocapil.synthesis.sensor import PROFILES, SensorStyle, draw_style, render
from biocapil.synthesis.skin import draw_contact
from biocapil.synthesis.touch import press
from biocapil.synthesis.warp import Warp, draw_warp
from biocapil.vocabulary import FingerPosition, Modality

DEFAULT_DIFFICULTY = 0.5


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
    degradations: Mapping[Degradation, float] | None = None, true_ppi: float | None = None,
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
        true_ppi: Resolution that the sensor has in truth, whatever the sample says; None draws one from
            the range of the style.

    Returns:
        The sample, 500 ppi, origin SYNTHETIC.

    Raises:
        ValueError: The difficulty or a severity lies outside 0 to 1, or the resolution is not positive.
        MissingPart: OpenCV is not installed.
    """
    return trace_impression(
        master,
        seed,
        style=style,
        difficulty=difficulty,
        position=position,
        degradations=degradations,
        true_ppi=true_ppi,
    ).sample


def trace_impression(
    master: MasterPrint, seed: Seed, *, style: SensorStyle | None = None,
    difficulty: float = DEFAULT_DIFFICULTY, position: FingerPosition = FingerPosition.UNKNOWN,
    degradations: Mapping[Degradation, float] | None = None, true_ppi: float | None = None,
) -> Impression:  # fmt: skip
    """As `make_impression`, with the warp that carries labels from the master to the sample."""
    if not 0 <= difficulty <= 1:
        raise ValueError(f"difficulty must lie in 0..1, got {difficulty!r}")
    if true_ppi is not None and not true_ppi > 0:
        raise ValueError(f"true_ppi must be positive, got {true_ppi!r}")
    severities = check_severities(degradations)
    rng = np.random.default_rng(seed)
    fault_rng = np.random.default_rng(int(rng.integers(2**63)))
    chosen = draw_style(rng) if style is None else style
    profile = PROFILES[chosen]
    scale = profile.scale if true_ppi is None else (MASTER_PPI / true_ppi, MASTER_PPI / true_ppi)
    warp = draw_warp(rng, profile.shape, scale=scale, difficulty=difficulty,
                     stripe_rows=profile.stripe_rows, severities=severities, fault_rng=fault_rng)  # fmt: skip
    lost = draw_lost_contact(fault_rng, warp.finger_x_px, warp.finger_y_px, severities)
    contact = draw_contact(rng, warp, full_length=profile.swept, difficulty=difficulty, lost=lost)
    relief = press(rng, master, warp, contact, difficulty=difficulty, pore_gain=profile.pore_gain,
                   fault_rng=fault_rng, severities=severities)  # fmt: skip
    relief = smear(fault_rng, relief, severities)
    clean = render(rng, chosen, relief, contact)
    scene = soil(fault_rng, clean, master.ridges, warp, touch=contact.touch, severities=severities)
    sample = CapturedSample(pixels=see(rng, scene), resolution_ppi=MASTER_PPI, modality=Modality.FINGER,
                            position=position, origin=Origin.SYNTHETIC)  # fmt: skip
    return Impression(sample=sample, style=chosen, warp=warp, depth=contact.depth)


def see(rng: np.random.Generator, picture: Raster) -> NDArray[np.uint8]:
    """Blur of the optics, noise of the electronics, now and then lossy coding."""
    seen = blur(picture, rng.uniform(0.35, 0.9))
    seen = seen + white_noise(rng, (seen.shape[0], seen.shape[1])) * rng.uniform(0, 7)
    pixels = np.clip(np.round(seen), 0, 255).astype(np.uint8)
    if rng.random() < 0.1:
        return through_jpeg(pixels, int(rng.integers(30, 80)))
    return pixels
