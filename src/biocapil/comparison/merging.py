"""`merge_impressions`: several impressions of one finger as one reference of the usual size.

    impression of the best minutiae ─► anchor ─┐
    each other ─► aligned with it ─► paired ───┴─► every minutia once ─► the 37 most reliable

A minutia found twice takes its place and direction from all impressions and its bits from any of them; one
that an impression covers and does not show counts for less. A search costs no more than with one impression.
Of two impressions it finds as much as the better of both comparisons would; of three or more, keeping all of
them finds more (decision 0013).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.explain import explain
from biocapil.comparison.explanation import Explanation
from biocapil.comparison.finger_order import most_informative_first
from biocapil.comparison.layout import MASK_WORD, MAX_MINUTIAE, POSE_WORD
from biocapil.comparison.packed import PackedTemplates, pack, pack_template, pose_words
from biocapil.template import FingerprintTemplate

LEAST_SIMILARITY = 8.0
"""Similarity from which an impression is believed to be of the anchor's finger and to be aligned with it."""

PAIRING_UM = 813.0
"""Distance at which two aligned minutiae just fail to be one; that of the last pairing of a comparison."""

PAIRING_RAD = 24 / 256 * 2 * np.pi
"""Difference of direction at which they do."""

REACH_UM = 4313.0
"""Reach of a pair's say about local distortion, as in a comparison."""

INERTIA = 0.3
"""Weight of "no distortion here" in that."""

COVERED_UM = 2000.0
"""Distance to any minutia of an impression within which the impression is taken to show the skin."""

Places = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MergedImpressions:
    """One reference made of several impressions.

    Attributes:
        packed: The reference: one template.
        used: Which impressions it is made of, the anchor first.
    """

    packed: PackedTemplates
    used: tuple[int, ...]

    def __repr__(self) -> str:
        return f"MergedImpressions({len(self.used)} impressions, {len(self.packed.words)} minutiae)"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Minutiae:
    """Minutiae in the anchor's frame, y down; all arrays have one row a minutia.

    Attributes:
        rows: Packed minutiae, of which the bits are used. Shape (n, 8).
        places: x and y in micrometres. Shape (n, 2).
        directions: Sum of the unit vectors of all findings. Shape (n, 2).
        kinds: Of the first finding. Shape (n,).
        quality: Sum over all findings. Shape (n,).
        seen: Findings. Shape (n,).
        covered: Impressions that show its skin. Shape (n,).
    """

    rows: NDArray[np.uint64]
    places: Places
    directions: Places
    kinds: NDArray[np.uint8]
    quality: NDArray[np.float64]
    seen: NDArray[np.float64]
    covered: NDArray[np.float64]

    def where(self, chosen: NDArray[np.int64]) -> _Minutiae:
        return _Minutiae(**{name: getattr(self, name)[chosen] for name in _Minutiae.__slots__})

    def angles(self) -> NDArray[np.float64]:
        return np.arctan2(self.directions[:, 1], self.directions[:, 0])

    def reliability(self) -> NDArray[np.float64]:
        """Quality over all impressions that could have shown it."""
        return self.quality / np.maximum(self.covered, self.seen)


def merge_impressions(templates: Sequence[FingerprintTemplate]) -> MergedImpressions:
    """Make one reference of impressions of one finger.

    An impression that is not alike enough to the anchor to be aligned with it is left out, and `used` says
    so.

    Args:
        templates: Impressions by one model, at least one.

    Raises:
        IncompatibleTemplates: They are of different models.
        ValueError: There is none.
    """
    if not templates:
        raise ValueError("merging needs at least one impression, got none")
    order: list[int] = most_informative_first(pack(templates)).tolist()
    first, others = order[0], order[1:]
    anchor = templates[first]
    merged, shown, used = _packed(anchor), [anchor.positions_um.astype(np.float64)], [first]
    for index in others:
        explanation = explain(anchor, templates[index])
        if explanation.similarity >= LEAST_SIMILARITY:
            merged = _folded(merged, anchor, templates[index], explanation, shown)
            used.append(index)
    best = merged.where(np.argsort(-merged.reliability(), kind="stable")[:MAX_MINUTIAE])
    rows = best.rows if len(used) == 1 else _with_poses(best, anchor.extent_um[1])
    return MergedImpressions(
        packed=PackedTemplates(
            words=rows, offsets=np.array([0, len(rows)], np.int64), model_id=anchor.model_id
        ),
        used=tuple(used),
    )


def _packed(template: FingerprintTemplate) -> _Minutiae:
    rows, kept = pack_template(template)
    angles = template.angles_rad[kept].astype(np.float64)
    return _Minutiae(
        rows=rows,
        places=template.positions_um[kept].astype(np.float64),
        directions=np.stack([np.cos(angles), np.sin(angles)], axis=1),
        kinds=template.kinds[kept],
        quality=template.qualities[kept].astype(np.float64),
        seen=np.ones(len(kept)),
        covered=np.ones(len(kept)),
    )


def _folded(
    merged: _Minutiae,
    anchor: FingerprintTemplate,
    other: FingerprintTemplate,
    explanation: Explanation,
    shown: list[Places],
) -> _Minutiae:
    """The merged minutiae with those of one more impression; `shown` gets where that shows minutiae."""
    all_places = _aligned(explanation, anchor, other)
    new = _turned(_packed(other), explanation.rotation_rad)
    new = replace(new, places=all_places[pack_template(other)[1]])
    ours, theirs = _paired(merged, new)
    kept = merged.where(_others(ours, len(merged.places)))
    kept = replace(kept, covered=kept.covered + _near(kept.places, all_places))
    added = new.where(_others(theirs, len(new.places)))
    before = np.sum([_near(added.places, places) for places in shown], axis=0)
    added = replace(added, covered=added.covered + before)
    shown.append(all_places)
    return _joined([_united(merged.where(ours), new.where(theirs)), kept, added])


def _united(first: _Minutiae, second: _Minutiae) -> _Minutiae:
    """Minutiae that are one each."""
    rows = first.rows.copy()
    rows[:, : MASK_WORD + 1] |= second.rows[:, : MASK_WORD + 1]
    seen = first.seen[:, None]
    return replace(
        first,
        rows=rows,
        places=(first.places * seen + second.places) / (seen + 1),
        directions=first.directions + second.directions,
        quality=first.quality + second.quality,
        seen=first.seen + 1,
        covered=first.covered + 1,
    )


def _joined(parts: Sequence[_Minutiae]) -> _Minutiae:
    return _Minutiae(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in _Minutiae.__slots__}
    )


def _others(indices: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    return np.setdiff1d(np.arange(count), indices)


def _aligned(explanation: Explanation, anchor: FingerprintTemplate, other: FingerprintTemplate) -> Places:
    """Where the minutiae of the other impression lie in the anchor's frame, local distortion taken out."""
    c, s = np.cos(explanation.rotation_rad), np.sin(explanation.rotation_rad)
    x, y = other.positions_um.astype(np.float64).T
    tx, ty = explanation.translation_um
    moved = np.stack([c * x + s * y + tx, c * y - s * x + ty], axis=1)
    ours = [pair.probe_index for pair in explanation.pairs]
    theirs = [pair.reference_index for pair in explanation.pairs]
    weights = np.array([pair.weight for pair in explanation.pairs])
    misfits = anchor.positions_um[ours] - moved[theirs]
    apart2 = _apart2(moved, moved[theirs])
    says = np.maximum(0.0, 1.0 - apart2 / REACH_UM**2) ** 2 * weights
    shifts: Places = moved + says @ misfits / (says.sum(axis=1) + INERTIA)[:, None]
    return shifts


def _turned(minutiae: _Minutiae, rotation_rad: float) -> _Minutiae:
    c, s = np.cos(rotation_rad), np.sin(rotation_rad)
    u, v = minutiae.directions.T
    return replace(minutiae, directions=np.stack([c * u - s * v, s * u + c * v], axis=1))


def _paired(merged: _Minutiae, new: _Minutiae) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Minutiae that are one, smallest misfit first, each in one pair at most."""
    turns = merged.angles()[:, None] - new.angles()[None]
    turns = np.abs((turns + np.pi) % (2 * np.pi) - np.pi)
    misfits = _apart2(merged.places, new.places) / PAIRING_UM**2 + (turns / PAIRING_RAD) ** 2
    first, second = np.nonzero(misfits < 1)
    ours: list[int] = []
    theirs: list[int] = []
    for k in np.argsort(misfits[first, second], kind="stable"):
        if first[k] not in ours and second[k] not in theirs:
            ours.append(int(first[k]))
            theirs.append(int(second[k]))
    return np.array(ours, np.int64), np.array(theirs, np.int64)


def _near(places: Places, shown: Places) -> NDArray[np.bool_]:
    """Whether each place lies where an impression shows skin."""
    near: NDArray[np.bool_] = np.logical_or.reduce(_apart2(places, shown) < COVERED_UM**2, axis=1)
    return near


def _apart2(first: Places, second: Places) -> Places:
    apart2: Places = ((first[:, None] - second[None]) ** 2).sum(axis=2)
    return apart2


def _with_poses(best: _Minutiae, height_um: float) -> NDArray[np.uint64]:
    """Packed rows at the merged places, shifted so that none lies below the frame."""
    points = best.places.copy()
    points[:, 1] = height_um - points[:, 1]
    points -= np.minimum(points.min(axis=0), 0.0)
    rows = best.rows.copy()
    qualities = np.clip(np.rint(best.reliability()), 0, 100).astype(np.uint8)
    rows[:, POSE_WORD] = pose_words(points, best.angles() % (2 * np.pi), qualities, best.kinds)
    return rows
