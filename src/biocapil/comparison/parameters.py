"""Numbers of the comparison cascade, in the packed units (10 µm, 1/256 turn) where not said otherwise.

All were chosen on synthetic prints only; `docs/decisions/0003-comparison.md` tells how, and what each
is worth.
"""

from __future__ import annotations

GATE_WINDOW = 40
"""Largest difference of direction that stage one looks at: fingers turned by up to 56 degrees."""

TURN_WINDOW = 52
"""Largest difference of direction between two minutiae that stage two may pair: 73 degrees."""

SMOOTHING = 8
"""Added to the union of two cylinders, so that a few shared bits do not look like certainty."""

GATE_FLOOR = 0.2
"""Local similarity from which a pair of minutiae votes in the rotation histogram of stage one."""

STRONGEST = 20
"""Local pairs that stage two weighs against each other."""

CONSISTENT_UNITS2 = 3870.0
"""Squared misfit of two local pairs that may just count as consistent, at distance zero."""

CONSISTENT_GROWTH = 0.0025
"""How that grows with the squared distance between the pairs: skin stretches."""

CONSISTENT_TURN = 32.0
"""Difference of rotation between two local pairs that just counts as inconsistent."""

ALIGNMENTS = 2
"""Clusters of consistent pairs that stage three tries as alignment."""

PAIRING_UNITS2 = 7742.0
"""Squared distance at which two aligned minutiae just fail to pair, at the centre of the alignment."""

PAIRING_GROWTH = 0.004
"""How that grows with the squared distance from the centre."""

PAIRING_TURN = 24.0
"""Difference of direction at which two aligned minutiae just fail to pair."""

LOCAL_REACH2 = 46500.0
"""Squared reach of the consensus about local distortion."""

LOCAL_INERTIA = 0.3
"""Weight of "no distortion here" in that consensus."""

LOCAL_UNITS2 = 6606.0
"""Squared pairing distance after local distortion is taken out."""

LOCAL_TURN = 24.0
"""Pairing turn after local distortion is taken out."""

MISFIT_COST = 0.7
"""Share of a pair's weight that the worst accepted misfit costs."""

MARGIN = 100.0
"""Margin around a print's minutiae inside which the other print's minutiae count as overlapping."""

FEWEST_OVERLAPPING = 4
"""Overlap is never taken for smaller than this."""

GATE_LOCAL = 0.1
"""Gate of stage one."""

GATE_CONSISTENCY = 0.3
"""Gate of stage two."""
