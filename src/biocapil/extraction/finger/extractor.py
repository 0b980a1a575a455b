"""`FingerExtractor`: the method itself, one line a step."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import ModelError
from biocapil.extraction.finger.acceptance import refuse_contrast, refuse_count, refuse_size
from biocapil.extraction.finger.minutiae import CHANNELS, minutiae_template
from biocapil.extraction.finger.padding import pad
from biocapil.extraction.finger.peaks import find_peaks
from biocapil.extraction.finger.resampling import resample
from biocapil.extraction.model_manifest import MinutiaeRule, ModelManifest
from biocapil.outcomes import FailureToExtract
from biocapil.sample import CapturedSample
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import Modality, ModelId


class Network(Protocol):
    """Whatever turns an image into maps: :class:`biocapil.extraction.session.GraphSession`, or a fake."""

    def run(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        """Maps of shape (channels, height, width) for an image of shape (1, 1, height, width)."""
        ...


class FingerExtractor:
    """Finds the minutiae of one finger impression.

    It holds no state between samples: `extract` may be called from many threads at once and makes the
    same template in any of them. One call runs on the calling thread and needs up to 1 kB of memory a
    pixel at the network's resolution; what the manifest's limit lets through needs up to 4 GB.
    """

    def __init__(self, *, manifest: ModelManifest, network: Network) -> None:
        """Bind a network to its manifest.

        Args:
            manifest: Manifest of a model of task ``finger_minutiae``.
            network: The running model.

        Raises:
            ModelError: The manifest is not that of a minutiae model for grey images.
        """
        self._rule = _rule(manifest)
        self._manifest = manifest
        self._network = network

    @property
    def modality(self) -> Modality:
        """Fingers."""
        return Modality.FINGER

    @property
    def model_id(self) -> ModelId:
        """Model that makes the templates."""
        return self._manifest.model_id

    def extract(self, sample: CapturedSample) -> FingerprintTemplate | FailureToExtract:
        """Make the template of one finger sample.

        Args:
            sample: Finger sample, ridges dark, at any resolution.

        Returns:
            The template, or the counted outcome that says why there is none.

        Raises:
            ModelError: The sample is no finger, or the network fails.
        """
        self._require_finger(sample)
        rule, ppi = self._rule, self._manifest.input.resolution_ppi
        if failure := refuse_size(sample, resolution_ppi=ppi, rule=rule):
            return failure
        resampled = resample(sample, resolution_ppi=ppi)
        if failure := refuse_contrast(resampled.pixels, rule=rule):
            return failure
        padded = pad(resampled.pixels, stride_px=self._manifest.input.stride_px)
        maps = self._by_name(padded.cut(self._network.run(padded.tensor)))
        peaks = find_peaks(
            maps["score"],
            threshold=rule.score_threshold,
            min_distance_px=rule.min_distance_px,
            limit=rule.max_minutiae,
        )
        if failure := refuse_count(len(peaks), rule=rule):
            return failure
        return minutiae_template(sample, resampled, peaks, maps, resolution_ppi=ppi, model_id=self.model_id)

    def _by_name(self, maps: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        return dict(zip(self._manifest.output.channels, maps, strict=True))

    def _require_finger(self, sample: CapturedSample) -> None:
        if sample.modality is not Modality.FINGER:
            raise ModelError(
                f"model {self._manifest.name} reads fingers, but the sample is {sample.modality.value}"
            )


def _rule(manifest: ModelManifest) -> MinutiaeRule:
    if manifest.minutiae is None:
        raise ModelError(f"model {manifest.name} is for {manifest.task.value}, not for minutiae")
    missing = sorted(set(CHANNELS) - set(manifest.output.channels))
    if missing or manifest.input.channels != 1:
        raise ModelError(
            f"model {manifest.name} must read one grey channel and deliver {', '.join(CHANNELS)}; it reads "
            f"{manifest.input.channels} and lacks {', '.join(missing) or 'none'}"
        )
    return manifest.minutiae
