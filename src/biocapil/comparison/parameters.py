"""Numbers of the comparison that stand outside the kernels; the others stand in `kernels.cascade`.

All were chosen on synthetic prints; `docs/decisions/0003-comparison.md` and 0011-learned-score.md tell how,
and what each is worth.
"""

from __future__ import annotations

COMPARATOR = "cascade/2"
"""Version of the similarity score: it changes with every number or rule that changes a score, because a
calibration speaks of one version only."""

GATE_WINDOW = 40
"""Largest difference of direction that stage one looks at: fingers turned by up to 56 degrees."""

GATE_LOCAL = 0.1
"""Gate of stage one."""

GATE_CONSISTENCY = 1.2
"""Gate of stage two."""
