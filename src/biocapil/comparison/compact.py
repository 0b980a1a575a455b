"""`CompactTemplates`: half the bytes of `PackedTemplates`, for a loss that decision 0013 states.

    PackedTemplates ─► compact ─► CompactTemplates ─► expanded ─► PackedTemplates with three layers twice

A compact minutia is four 64-bit words, half a cache line:

    word 0-2   directional layers 0, 2 and 4 of the packed minutia
    word 3     its validity mask
    corners    the twelve cells of each word that lie outside the circle hold twelve bits of the pose:
               14 bits of x and y each (10 µm units), 8 of angle, 8 of quality, 2 of kind, 2 zero

Layers overlap (a neighbour sets two or three of them), so that every second one says most of what all six do.
Expanded, each of the three stands for the layer after it too, and the kernels for packed minutiae read them.
Similarities of the expanded form are another score: see `COMPACT_COMPARATOR`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.layout import POSE_WORD
from biocapil.comparison.packed import PackedTemplates
from biocapil.comparison.parameters import COMPARATOR
from biocapil.vocabulary import ModelId

COMPACT_WORDS = 4
COMPACT_COMPARATOR = f"{COMPARATOR}+compact/1"
"""Version of the similarity of compact templates: a calibration for full ones does not speak of it."""

MAX_COORDINATE = 0x3FFF
"""Largest x and y in packed units: 163.83 mm."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompactTemplates:
    """Templates of one model in the compact form.

    Attributes:
        words: Compact minutiae, template after template. Shape (total, 4), uint64, C order, read-only.
        offsets: Template i owns rows ``offsets[i]:offsets[i + 1]``. Shape (N + 1,), int64, read-only.
        model_id: Model that made all of them.
    """

    words: NDArray[np.uint64]
    offsets: NDArray[np.int64]
    model_id: ModelId

    def __post_init__(self) -> None:
        if self.words.dtype != np.uint64 or self.words.ndim != 2 or self.words.shape[1] != COMPACT_WORDS:
            raise ValueError(
                f"words must be uint64 of shape (total, {COMPACT_WORDS}), "
                f"got {self.words.dtype} of shape {self.words.shape}"
            )
        offsets = self.offsets
        if offsets.dtype != np.int64 or offsets.ndim != 1 or not len(offsets):
            raise ValueError(
                f"offsets must be int64 of shape (N + 1,), got {offsets.dtype} of shape {offsets.shape}"
            )
        if offsets[0] != 0 or offsets[-1] != len(self.words) or (np.diff(offsets) < 0).any():
            raise ValueError("offsets must rise from 0 to the number of rows in words")
        for name in ("words", "offsets"):
            view = np.ascontiguousarray(getattr(self, name)).view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __repr__(self) -> str:
        return f"CompactTemplates({len(self)} templates, {self.words.nbytes} bytes, model {self.model_id})"

    def sizes(self) -> NDArray[np.int16]:
        """Minutiae that each template brings into a comparison. Shape (N,), int16."""
        return np.diff(self.offsets).astype(np.int16)

    def template_bytes(self) -> NDArray[np.int64]:
        """Bytes that each template takes: its rows and its offset. Shape (N,), int64."""
        return np.diff(self.offsets) * (COMPACT_WORDS * 8) + self.offsets.itemsize

    def expanded(self, first: int = 0, last: int | None = None) -> PackedTemplates:
        """Templates `first` to `last`, by default all, in the form that the kernels read: a copy."""
        from biocapil.comparison.kernels.compact import expand_rows

        offsets = self.offsets[first : None if last is None else last + 1]
        start, beyond = int(offsets[0]), int(offsets[-1])
        words = np.empty((beyond - start, POSE_WORD + 1), np.uint64)
        expand_rows(self.words[start:beyond], words)
        return PackedTemplates(words=words, offsets=offsets - start, model_id=self.model_id)

    def take(self, indices: NDArray[np.int64]) -> CompactTemplates:
        """Copies of some templates in a new order. Shape (M,)."""
        sizes = np.diff(self.offsets)[indices]
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])
        within = np.arange(int(offsets[-1])) - np.repeat(offsets[:-1], sizes)
        rows = np.repeat(self.offsets[indices], sizes) + within
        return CompactTemplates(words=self.words[rows], offsets=offsets, model_id=self.model_id)


def compact(packed: PackedTemplates) -> CompactTemplates:
    """The compact form of packed templates: 32 bytes a minutia in place of 64.

    Raises:
        ValueError: A minutia lies further than 163.83 mm from the corner of its print: no finger does.
    """
    from biocapil.comparison.kernels.compact import compact_rows

    pose = packed.words[:, POSE_WORD]
    furthest = int(max((pose & 0xFFFF).max(initial=0), ((pose >> np.uint64(16)) & 0xFFFF).max(initial=0)))
    if furthest > MAX_COORDINATE:
        raise ValueError(
            f"a compact minutia lies at most {MAX_COORDINATE / 100:g} mm from the corner of its print, "
            f"got {furthest / 100:g} mm"
        )
    words = np.empty((len(packed.words), COMPACT_WORDS), np.uint64)
    compact_rows(packed.words, words)
    return CompactTemplates(words=words, offsets=packed.offsets, model_id=packed.model_id)


def coarse(packed: PackedTemplates) -> PackedTemplates:
    """What `compact` and `expanded` make of templates: probes that are compared with compact references."""
    return compact(packed).expanded()
