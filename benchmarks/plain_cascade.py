"""The gated cascade as one would write it first: plain loops for numba over whole minutiae.

Stage one is the same rule without columns of words, vectors or fetching ahead; stages two and three are plain
loops in the library already and are called there. The similarities must be equal.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.kernels import cascade
from biocapil.comparison.kernels.compilation import kernel
from biocapil.comparison.layout import LAYERS, MASK_WORD, POSE_WORD
from plain_codes import set_bits

f32 = np.float32


@kernel
def gate_plainly(
    probe: NDArray[np.uint64], windows: NDArray[np.int32], rows: NDArray[np.uint64], ws: cascade.Workspace
) -> cascade.Real:
    """Stage one, see `local_gate`; `probe` are whole minutiae, sorted and three times over. Shape (K, 8)."""
    votes = np.zeros(34, f32)
    for j in range(len(rows)):
        turn = np.int64((rows[j, POSE_WORD] >> np.uint64(32)) & np.uint64(255))
        best = 0
        strongest = windows[0, turn]
        for i in range(windows[0, turn], windows[0, turn] + windows[1, turn]):
            mask = probe[i, MASK_WORD] & rows[j, MASK_WORD]
            both = np.int64(0)
            union = np.int64(0)
            for layer in range(LAYERS):
                both += np.int64(set_bits(probe[i, layer] & rows[j, layer]))
                union += np.int64(set_bits((probe[i, layer] | rows[j, layer]) & mask))
            ratio = int(f32(both) * f32(4096.0) / f32(union + cascade.SMOOTHING))
            if ratio >= best:
                best = ratio
                strongest = i
        ws.columns[j] = strongest
        ws.ratios[j] = f32(best) * f32(1.0 / 4096.0)
        over = ws.ratios[j] - f32(cascade.GATE_FLOOR)
        if over > 0:
            other = np.int64((probe[strongest, POSE_WORD] >> np.uint64(32)) & np.uint64(255))
            votes[1 + (((turn - other) & 255) >> 3)] += over * over
    votes[0] = votes[32]
    votes[33] = votes[1]
    gate = f32(0)
    for k in range(1, 33):
        gate = max(gate, votes[k] + max(votes[k - 1], votes[k + 1]))
    return gate


@kernel
def search_plainly(
    probe: tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64]],
    windows: NDArray[np.int32],
    gallery: tuple[NDArray[np.uint64], NDArray[np.int64]],
    gates: tuple[float, float],
    similarities: NDArray[np.float32],
) -> int:
    """All references of one gallery.

    Args:
        probe: Whole minutiae three times over, shape (K, 8); the same in columns, (8, K); packed, (n, 8).
        windows: See `local_gate`.
        gallery: Packed minutiae, shape (total, 8), and rows of each reference, shape (N + 1,).
        gates: Gates of stages one and two.
        similarities: Receives one score a reference. Shape (N,).

    Returns:
        How many references passed stage two.
    """
    words, offsets = gallery
    ws = cascade.new_workspace()
    passed = 0
    for g in range(len(similarities)):
        rows = words[offsets[g] : offsets[g + 1]]
        foremost = rows[: cascade.GATE_MINUTIAE]
        similarities[g] = 0.0
        if gate_plainly(probe[0], windows, foremost, ws) < gates[0]:
            continue
        if cascade.consistency_gate(probe[1], foremost, ws) < gates[1]:
            continue
        passed += 1
        similarities[g] = cascade.refine_either_way(probe[2], rows, ws)
    return passed
