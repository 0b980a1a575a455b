"""`PackedTemplates`: many templates as one flat array, the form that search reads.

`pack` is the only way from `FingerprintTemplate` to the 64-byte minutiae of
`biocapil.comparison.layout`; the rows of one template stand in order of falling quality.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.layout import LAYERS, MAX_MINUTIAE, POSE_WORD, TURN, UNIT_UM, WORDS
from biocapil.errors import IncompatibleTemplates
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ModelId


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PackedTemplates:
    """Templates of one model, ready for comparison.

    Attributes:
        words: Packed minutiae, template after template. Shape (total, 8), uint64, C order, read-only.
        offsets: Template i owns rows ``offsets[i]:offsets[i + 1]``. Shape (N + 1,), int64, read-only.
        model_id: Model that made all of them.
    """

    words: NDArray[np.uint64]
    offsets: NDArray[np.int64]
    model_id: ModelId

    def __post_init__(self) -> None:
        if self.words.dtype != np.uint64 or self.words.ndim != 2 or self.words.shape[1] != WORDS:
            raise ValueError(
                f"words must be uint64 of shape (total, {WORDS}), "
                f"got {self.words.dtype} of shape {self.words.shape}"
            )
        if self.offsets.dtype != np.int64 or self.offsets.ndim != 1 or not len(self.offsets):
            raise ValueError(
                f"offsets must be int64 of shape (N + 1,), got {self.offsets.dtype} of shape "
                f"{self.offsets.shape}"
            )
        sizes = np.diff(self.offsets)
        if self.offsets[0] != 0 or self.offsets[-1] != len(self.words) or (sizes < 0).any():
            raise ValueError("offsets must rise from 0 to the number of rows in words")
        if (sizes > MAX_MINUTIAE).any():
            raise ValueError(f"a template holds at most {MAX_MINUTIAE} minutiae, got {int(sizes.max())}")
        for name in ("words", "offsets"):
            view = np.ascontiguousarray(getattr(self, name)).view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __repr__(self) -> str:
        return f"PackedTemplates({len(self)} templates, {self.words.nbytes} bytes, model {self.model_id})"

    def rows(self, index: int) -> NDArray[np.uint64]:
        """Packed minutiae of one template. Shape (n, 8)."""
        return self.words[self.offsets[index] : self.offsets[index + 1]]

    def sizes(self) -> NDArray[np.int16]:
        """Minutiae that each template brings into a comparison. Shape (N,), int16."""
        return np.diff(self.offsets).astype(np.int16)

    def stretch(self, first: int, last: int) -> PackedTemplates:
        """Templates `first` to `last`; nothing is copied but their offsets."""
        offsets = self.offsets[first : last + 1]
        start, beyond = int(offsets[0]), int(offsets[-1])
        return PackedTemplates(
            words=self.words[start:beyond], offsets=offsets - start, model_id=self.model_id
        )

    def take(self, indices: NDArray[np.integer[Any]]) -> PackedTemplates:
        """Copies of some templates in a new order; an index may come more than once.

        Args:
            indices: Which templates. Shape (M,).
        """
        sizes = np.diff(self.offsets)[indices]
        offsets = np.zeros(len(indices) + 1, np.int64)
        np.cumsum(sizes, out=offsets[1:])
        within = np.arange(int(offsets[-1])) - np.repeat(offsets[:-1], sizes)
        rows: NDArray[np.int64] = np.repeat(self.offsets[indices], sizes) + within
        return PackedTemplates(words=self.words[rows], offsets=offsets, model_id=self.model_id)

    def template_bytes(self) -> NDArray[np.int64]:
        """Bytes that each template takes: its rows and its offset. Shape (N,), int64."""
        return np.diff(self.offsets) * (WORDS * 8) + self.offsets.itemsize


def pack(
    templates: Sequence[FingerprintTemplate],
    *,
    model_id: ModelId | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> PackedTemplates:
    """Pack templates of one model.

    Args:
        templates: The templates, at least one unless `model_id` is given.
        model_id: Model that they must be of; by default that of the first.
        on_progress: Called with (done, total) after each template.

    Raises:
        IncompatibleTemplates: The templates are of different models.
        ValueError: There is no template and no `model_id`.
    """
    if model_id is None:
        if not templates:
            raise ValueError("packing no template needs model_id, so that the gallery knows its model")
        model_id = templates[0].model_id
    _require_model(templates, model_id)
    parts = [np.empty((0, WORDS), np.uint64)]
    for done, template in enumerate(templates, start=1):
        parts.append(pack_template(template)[0])
        if on_progress is not None:
            on_progress(done, len(templates))
    offsets = np.zeros(len(templates) + 1, np.int64)
    np.cumsum([len(part) for part in parts[1:]], out=offsets[1:])
    return PackedTemplates(words=np.concatenate(parts), offsets=offsets, model_id=model_id)


def join_packed(parts: Sequence[PackedTemplates]) -> PackedTemplates:
    """Packed templates one after the other.

    Args:
        parts: Of one model, at least one.

    Raises:
        IncompatibleTemplates: They are of different models.
        ValueError: There is none.
    """
    if not parts:
        raise ValueError("joining needs at least one set of packed templates, got none")
    model_id = parts[0].model_id
    for each in parts:
        if each.model_id != model_id:
            raise IncompatibleTemplates(
                f"some templates were made by {model_id}, others by {each.model_id}; "
                "templates of different models never compare: extract all of them with one model"
            )
    sizes = np.concatenate([np.diff(each.offsets) for each in parts])
    return PackedTemplates(
        words=np.concatenate([each.words for each in parts]),
        offsets=np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)]),
        model_id=model_id,
    )


def pack_template(template: FingerprintTemplate) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
    """Pack one template.

    Returns:
        The packed rows, shape (n, 8), read-only, and for each row the index of its minutia in the
        template, shape (n,). A minutia that no other stands near carries no bits and is left out.
    """
    from biocapil.comparison.kernels.cylinders import build_cylinders

    order = by_worth(template)
    points = template.positions_um[order].astype(np.float64)
    points[:, 1] = template.extent_um[1] - points[:, 1]
    angles = template.angles_rad[order].astype(np.float64)
    kept = order[:MAX_MINUTIAE]
    words = np.zeros((len(kept), WORDS), np.uint64)
    build_cylinders(points, angles, words)
    words[:, POSE_WORD] = pose_words(
        points[: len(kept)], angles[: len(kept)], template.qualities[kept], template.kinds[kept]
    )
    alive = words[:, :LAYERS].any(axis=1)
    rows = words[alive]
    rows.flags.writeable = False  # as in a gallery: numba compiles once for both, not for each mixture
    return rows, kept[alive]


def by_worth(template: FingerprintTemplate) -> NDArray[np.intp]:
    """Indices of the minutiae by falling quality, ties the most central first. Shape (n,)."""
    if not len(template):
        return np.empty(0, np.intp)
    off = template.positions_um - template.positions_um.mean(axis=0)
    return np.lexsort(((off**2).sum(axis=1), -template.qualities.astype(np.int16)))


def pose_words(
    points: NDArray[np.float64],
    angles: NDArray[np.float64],
    qualities: NDArray[np.uint8],
    kinds: NDArray[np.uint8],
) -> NDArray[np.uint64]:
    """Pose words of minutiae, y up, as the layout says. Shape (n,)."""
    x, y = np.clip(np.rint(points / UNIT_UM), 0, 0xFFFF).astype(np.uint64).T
    turn = np.rint(angles * (TURN / (2 * np.pi))).astype(np.uint64) % np.uint64(TURN)
    pose: NDArray[np.uint64] = x | (y << np.uint64(16)) | (turn << np.uint64(32))
    pose |= qualities.astype(np.uint64) << np.uint64(40)
    pose |= kinds.astype(np.uint64) << np.uint64(48)
    return pose


def _require_model(templates: Iterable[FingerprintTemplate], model_id: ModelId) -> None:
    for index, template in enumerate(templates):
        if template.model_id != model_id:
            raise IncompatibleTemplates(
                f"template {index} was made by {template.model_id}, the others by {model_id}; "
                f"templates of different models never compare: extract all of them with one model"
            )
