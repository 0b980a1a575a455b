"""`FaceExtractor`: the method itself, one line a step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.embedding import Embedding
from biocapil.errors import ModelError
from biocapil.extraction.face.alignment import align, similarity_to
from biocapil.extraction.face.choice import choose_face
from biocapil.extraction.face.detector import FaceDetector, Network
from biocapil.extraction.face.pixels import network_input
from biocapil.extraction.face.rules import EmbeddingRule
from biocapil.extraction.model_manifest import ModelManifest
from biocapil.face_landmarks import FaceFound
from biocapil.outcomes import FailureToExtract
from biocapil.sample import CapturedSample
from biocapil.vocabulary import Modality, ModelId


class FaceExtractor:
    """Makes the embedding of the one face of a sample.

    It holds no state between samples: any number of threads may share it.
    """

    def __init__(self, *, manifest: ModelManifest, network: Network, detector: FaceDetector) -> None:
        """Bind a network to its manifest and to the detector that places the points.

        Args:
            manifest: Manifest of a model of task ``face_embedding``.
            network: The running model.
            detector: Detector that the manifest names.

        Raises:
            ModelError: The manifest is not that of an embedding network, or names another detector.
        """
        self._rule = _rule(manifest, detector)
        self._template = np.array(self._rule.template_px)
        self._manifest = manifest
        self._network = network
        self._detector = detector

    @property
    def model_id(self) -> ModelId:
        """Model that makes the embeddings; it changes with the detector too."""
        return self._manifest.model_id

    @property
    def modality(self) -> Modality:
        """Faces."""
        return Modality.FACE

    def extract(self, sample: CapturedSample) -> Embedding | FailureToExtract:
        """Make the embedding of the face of one sample.

        Args:
            sample: Sample of a face, upright, grey or colour, of any size.

        Returns:
            The embedding, or the counted outcome that says why there is none.

        Raises:
            ModelError: The sample is no face, or a network fails.
        """
        face = self.find(sample)
        return face if isinstance(face, FailureToExtract) else self.embed(sample, face)

    def find(self, sample: CapturedSample) -> FaceFound | FailureToExtract:
        """The face of a sample that is meant, or the counted outcome that says why there is none."""
        _require_face(self._manifest, sample)
        rows, columns = sample.pixels.shape[:2]
        face = choose_face(
            self._detector.find(sample.pixels),
            rows=rows,
            columns=columns,
            min_eye_distance_px=self._rule.min_eye_distance_px,
        )
        return face if isinstance(face, FailureToExtract) else self._detector.look_closer(sample.pixels, face)

    def align(self, sample: CapturedSample, face: FaceFound) -> NDArray[np.uint8]:
        """The face as the network sees it: aligned, in the sample's own colours."""
        matrix = similarity_to(face.points_px, self._template)
        return align(sample.pixels, matrix, rows=self._rule.rows_px, columns=self._rule.columns_px)

    def aligned_points(self, face: FaceFound) -> NDArray[np.float64]:
        """Where the five points of a face lie in its aligned picture. Shape (5, 2), float64."""
        matrix = similarity_to(face.points_px, self._template)
        points: NDArray[np.float64] = face.points_px @ matrix[:, :2].T + matrix[:, 2]
        return points

    def embed(self, sample: CapturedSample, face: FaceFound) -> Embedding:
        """Make the embedding of a face that was found.

        Raises:
            ModelError: The network fails or delivers something else.
        """
        aligned = self.align(sample, face)
        pictures = [aligned, aligned[:, ::-1]] if self._rule.mirrored else [aligned]
        rows = [self._one_row(network_input(each, self._rule.colours)) for each in pictures]
        total = np.array([row / np.linalg.norm(row) for row in rows]).sum(axis=0)
        values: NDArray[np.float32] = (total / np.linalg.norm(total)).astype(np.float32)
        return Embedding(values=values, model_id=self.model_id)

    def _one_row(self, tensor: NDArray[np.float32]) -> NDArray[np.float64]:
        rows = self._network.run(tensor)
        if rows.shape != (1, self._rule.dimensions):
            raise ModelError(
                f"model {self._manifest.name}: output must have shape (1, {self._rule.dimensions}), "
                f"got {rows.shape}"
            )
        row: NDArray[np.float64] = rows[0].astype(np.float64)
        if not np.linalg.norm(row) > 0:
            raise ModelError(f"model {self._manifest.name}: an embedding without length or no finite numbers")
        return row


def _require_face(manifest: ModelManifest, sample: CapturedSample) -> None:
    if sample.modality is not Modality.FACE:
        raise ModelError(f"model {manifest.name} reads faces, but the sample is {sample.modality.value}")


def _rule(manifest: ModelManifest, detector: FaceDetector) -> EmbeddingRule:
    rule = manifest.embedding
    if rule is None:
        raise ModelError(f"model {manifest.name} is for {manifest.task.value}, not for embeddings of faces")
    if manifest.input.channels != rule.colours.order.channels:
        raise ModelError(
            f"model {manifest.name} reads {manifest.input.channels} channels, "
            f"but its colour order is {rule.colours.order.value}"
        )
    if rule.detector != detector.model_id:
        raise ModelError(
            f"model {manifest.name} is aligned by points of {rule.detector}, got {detector.model_id}"
        )
    return rule
