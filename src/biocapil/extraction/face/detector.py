"""`FaceDetector`: all faces of a picture, one line a step."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import ModelError
from biocapil.extraction.face.boxes import Boxes, read_boxes
from biocapil.extraction.face.closer import look_closer
from biocapil.extraction.face.looks import Look, looks_at
from biocapil.extraction.face.pixels import network_input
from biocapil.extraction.face.rules import DetectionRule
from biocapil.extraction.model_manifest import ModelManifest
from biocapil.face_landmarks import FaceFound
from biocapil.vocabulary import ModelId


class Network(Protocol):
    """What turns a tensor into a tensor: :class:`biocapil.extraction.session.TensorSession`, or a fake."""

    def run(self, tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        """Output for an input of shape (N, channels, rows, columns)."""
        ...


class FaceDetector:
    """Finds faces; `find` may be called from many threads at once."""

    def __init__(self, *, manifest: ModelManifest, network: Network) -> None:
        """Bind a network to its manifest.

        Args:
            manifest: Manifest of a model of task ``face_detection``.
            network: The running model.

        Raises:
            ModelError: The manifest is not that of a face detector.
        """
        self._rule = _rule(manifest)
        self._manifest = manifest
        self._network = network

    @property
    def model_id(self) -> ModelId:
        """Model that finds the faces."""
        return self._manifest.model_id

    def find(self, pixels: NDArray[np.uint8]) -> tuple[FaceFound, ...]:
        """Find all faces.

        Args:
            pixels: Grey, shape (rows, columns), or red, green and blue, shape (rows, columns, 3). uint8.

        Returns:
            Faces in pixels of the sample, the surest first; none where none is seen.
        """
        rows, columns = pixels.shape[:2]
        for look in looks_at(rows, columns, longest_side_px=self._rule.longest_side_px):
            boxes = self._look(look.show(pixels))
            if len(boxes):
                return tuple(_face(boxes, at, look) for at in range(len(boxes)))
        return ()

    def look_closer(self, pixels: NDArray[np.uint8], face: FaceFound) -> FaceFound:
        """The same face with steadier points; unchanged where it is not seen again."""
        return look_closer(
            pixels,
            face,
            heights_px=self._rule.closer_look_px,
            stride_px=self._manifest.input.stride_px,
            look=self._look,
        )

    def _look(self, shown: NDArray[np.uint8]) -> Boxes:
        stride = self._manifest.input.stride_px
        rows, columns = (-(-side // stride) * stride for side in shown.shape[:2])
        seen = network_input(shown, self._rule.colours)
        tensor = np.zeros((*seen.shape[:2], rows, columns), np.float32)
        tensor[:, :, : seen.shape[2], : seen.shape[3]] = seen
        cells = self._network.run(tensor)
        if cells.ndim != 3 or len(cells) != 1:
            raise ModelError(f"a detector must deliver cells of shape (1, N, 16), got {cells.shape}")
        return read_boxes(cells[0], self._rule, rows=rows, columns=columns)


def _face(boxes: Boxes, at: int, look: Look) -> FaceFound:
    left, top, right, bottom = look.back(boxes.corners[at]).tolist()
    heights = boxes.corners[:, 3] - boxes.corners[:, 1]
    return FaceFound(
        left_px=left,
        top_px=top,
        width_px=right - left,
        height_px=bottom - top,
        points_px=look.back(boxes.points[at]).astype(np.float32),
        confidence=float(boxes.scores[at]),
        others=int((heights >= heights[at] / 2).sum()) - 1,
    )


def _rule(manifest: ModelManifest) -> DetectionRule:
    rule = manifest.detection
    if rule is None:
        raise ModelError(f"model {manifest.name} is for {manifest.task.value}, not for detection of faces")
    if manifest.input.channels != rule.colours.order.channels:
        raise ModelError(
            f"model {manifest.name} reads {manifest.input.channels} channels, "
            f"but its colour order is {rule.colours.order.value}"
        )
    return rule
