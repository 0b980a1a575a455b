"""`IrisExtractor`: the method itself, one line a step."""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.errors import ModelError
from biocapil.extraction.iris.acceptance import no_iris, refuse_code, refuse_geometry, refuse_picture
from biocapil.extraction.iris.mask import trusted_places
from biocapil.extraction.iris.network_maps import Network, network_maps
from biocapil.extraction.iris.phase_code import PhaseCoder
from biocapil.extraction.iris.rubber_sheet import sheet_places, unwrap
from biocapil.extraction.iris.segment import CHANNELS, find_discs, segmentation_of
from biocapil.extraction.iris_rule import IrisCodeRule, IrisRule
from biocapil.extraction.model_manifest import ModelManifest
from biocapil.iris_code import IrisCode
from biocapil.iris_segmentation import IrisSegmentation, UnwrappedIris
from biocapil.outcomes import FailureToExtract
from biocapil.sample import CapturedSample
from biocapil.vocabulary import Modality, ModelId


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedIris:
    """A code with everything that was seen on the way to it.

    Attributes:
        segmentation: Where the iris lies; None where no eye was found.
        unwrapped: The iris laid flat with its mask; None where no eye was found.
        outcome: The code, or why there is none.
    """

    segmentation: IrisSegmentation | None
    unwrapped: UnwrappedIris | None
    outcome: IrisCode | FailureToExtract


class IrisExtractor:
    """Reads the code of one eye.

    It holds no state between samples: `extract` may be called from many threads at once and makes the same
    code in any of them.
    """

    modality = Modality.IRIS

    def __init__(self, *, manifest: ModelManifest, network: Network, code: str | None = None) -> None:
        """Bind a network to its manifest.

        Args:
            manifest: Manifest of a model of task ``iris_segmentation``.
            network: The running model.
            code: Name of the size of code; None takes the first that the manifest names.

        Raises:
            ModelError: The manifest is not that of a model for eyes, or names no such code.
        """
        self._rule, self._code = _rule(manifest, code)
        self._coder = PhaseCoder(self._rule, self._code)
        self._model_id = manifest.iris_model_id(code)
        self._manifest = manifest
        self._network = network

    @property
    def model_id(self) -> ModelId:
        """Model and size of code that make the templates."""
        return self._model_id

    def extract(self, sample: CapturedSample) -> IrisCode | FailureToExtract:
        """Make the code of one sample.

        Args:
            sample: An iris in near-infrared light.

        Returns:
            The code, or the counted outcome that says why there is none.

        Raises:
            ModelError: The sample is no iris, or the network fails.
        """
        return self.trace(sample).outcome

    def trace(self, sample: CapturedSample) -> TracedIris:
        """Make the code and keep what was seen on the way: for pictures and quality.

        Raises:
            ModelError: The sample is no iris, or the network fails.
        """
        self._require_iris(sample)
        if failure := refuse_picture(sample.pixels.shape):
            return TracedIris(segmentation=None, unwrapped=None, outcome=failure)
        segmentation = self.segment(sample)
        if segmentation is None:
            return TracedIris(segmentation=None, unwrapped=None, outcome=no_iris())
        unwrapped = self.unwrap(sample, segmentation)
        outcome = refuse_geometry(segmentation, rule=self._rule) or self._encode(unwrapped)
        return TracedIris(segmentation=segmentation, unwrapped=unwrapped, outcome=outcome)

    def _encode(self, unwrapped: UnwrappedIris) -> IrisCode | FailureToExtract:
        code = self._coder.encode(unwrapped, model_id=self.model_id)
        return refuse_code(code, rule=self._rule) or code

    def segment(self, sample: CapturedSample) -> IrisSegmentation | None:
        """Find the iris of a sample; None where there is none."""
        answers = network_maps(
            sample.pixels,
            self._network,
            longest_px=self._rule.longest_px,
            stride_px=self._manifest.input.stride_px,
        )
        maps = dict(zip(self._manifest.output.channels, answers.maps, strict=True))
        found = find_discs(maps, rule=self._rule)
        return None if found is None else segmentation_of(found, maps, answers, rule=self._rule)

    def unwrap(self, sample: CapturedSample, segmentation: IrisSegmentation) -> UnwrappedIris:
        """Lay a found iris flat and mask what cannot be trusted."""
        rule = self._rule
        places = sheet_places(segmentation, rows=rule.unwrapped_rows, columns=rule.unwrapped_columns)
        grey, seen = unwrap(sample.pixels, segmentation, places)
        return UnwrappedIris(grey=grey, mask=trusted_places(grey, seen, rule=rule))

    def _require_iris(self, sample: CapturedSample) -> None:
        if sample.modality is not Modality.IRIS:
            raise ModelError(
                f"model {self._manifest.name} reads irises, but the sample is {sample.modality.value}"
            )


def _rule(manifest: ModelManifest, code: str | None) -> tuple[IrisRule, IrisCodeRule]:
    if manifest.iris is None:
        raise ModelError(f"model {manifest.name} is for {manifest.task.value}, not for irises")
    missing = sorted(set(CHANNELS) - set(manifest.output.channels))
    if missing or manifest.input.channels != 1:
        raise ModelError(
            f"model {manifest.name} must read one grey channel and deliver {', '.join(CHANNELS)}; it reads "
            f"{manifest.input.channels} and lacks {', '.join(missing) or 'none'}"
        )
    return manifest.iris, manifest.iris_code_rule(code)
