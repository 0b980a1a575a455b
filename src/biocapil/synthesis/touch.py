"""Touch of one finger: the relief of its skin as it presses on the glass, whatever sensor lies under it.

warp ─► contact ─► moisture ─► breaks ─► faults ─► pores, creases, scratches, wear ─► touch
"""

from __future__ import annotations

import numpy as np

from biocapil.synthesis.degradation import Severities
from biocapil.synthesis.lines import draw_scratches
from biocapil.synthesis.master import MasterPrint
from biocapil.synthesis.raster import Raster, blur, clamp
from biocapil.synthesis.skin import Contact, break_ridges, draw_abrasion, draw_moisture
from biocapil.synthesis.skin_faults import change_moisture, change_ridges, change_touch
from biocapil.synthesis.warp import Warp

WIDE_OPEN_SHARE, PORES_SHARE = 0.2, 0.6
"""Share of prints with wide open pores, and with visible pores at all."""

FIELD_LIMIT = 4.0
"""The ridge field is clipped here before it becomes touch."""


def press(
    rng: np.random.Generator, master: MasterPrint, warp: Warp, contact: Contact, *, difficulty: float,
    pore_gain: float, fault_rng: np.random.Generator, severities: Severities,
) -> Raster:  # fmt: skip
    """Press a finger on the glass.

    Args:
        rng: Source of randomness.
        master: The finger.
        warp: How it lies.
        contact: Where it touches.
        difficulty: 0 to 1; see `make_impression`.
        pore_gain: How clearly the sensor shows pores.
        fault_rng: Source of randomness of the degradations alone.
        severities: Degradations of the skin and its pressure.

    Returns:
        Touch of the relief, 0 in valleys to 1 on ridges. Shape of the warp, float32.
    """
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
    return change_touch(blur(touch.astype(np.float32), rng.uniform(0.45, 1.0)), severities)


def _open_pores(rng: np.random.Generator, moisture: Raster, gain: float) -> Raster | float:
    """How far the pores are open: on some prints wide everywhere, on others where the skin is dry."""
    kind, opening = rng.random(), rng.uniform(0, 1.1)
    if kind < WIDE_OPEN_SHARE:
        return (1.4 + 1.0 * opening) * gain
    if kind < PORES_SHARE:
        return clamp(opening - moisture, 0, 1.2) * np.float32(gain)
    return 0.0
