"""`GraphSession`: one ONNX graph, verified against its manifest, run on the calling thread.

Parallelism comes from the workers of :mod:`biocapil.threads`: inside a worker ONNX Runtime and OpenCV use
one thread each, never spin while they wait, and never open a connection. One session serves all workers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import ModelError
from biocapil.extraction.model_manifest import ModelManifest
from biocapil.extraction.registry import Model
from biocapil.optional_part import load_module, load_opencv

ERRORS_ONLY = 3
"""Severity from which ONNX Runtime writes to stderr."""
PURPOSE = "extraction"
SINGLE_PRECISION = "tensor(float)"
RANK = 4


class GraphSession:
    """A model ready to run; `run` may be called from many threads at once."""

    def __init__(self, model: Model) -> None:
        """Load the graph.

        Args:
            model: Verified model.

        Raises:
            MissingPart: ONNX Runtime or OpenCV is not installed.
            ModelError: The graph cannot be loaded, or its input or output is not what the manifest says.
        """
        self._session = _open(model)
        _require_fit(self._session, model.manifest)
        self._manifest = model.manifest

    def run(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        """Run the graph once.

        Args:
            image: Input as the manifest describes it. Shape (1, channels, height, width), float32.

        Returns:
            Output as the manifest describes it. Shape (channels, height, width), float32.

        Raises:
            ModelError: The graph fails, or delivers maps of another size.
        """
        manifest = self._manifest
        try:
            (maps,) = self._session.run([manifest.output.name], {manifest.input.name: image})
        except Exception as exc:  # the runtime's own exceptions share no other root
            raise ModelError(f"model {manifest.name}: ONNX Runtime fails: {exc}") from exc
        expected = (1, len(manifest.output.channels), *image.shape[2:])
        if maps.shape != expected:
            raise ModelError(f"model {manifest.name}: output must have shape {expected}, got {maps.shape}")
        result: NDArray[np.float32] = maps[0]
        return result


class TensorSession:
    """A model of any shape ready to run; `run` may be called from many threads at once."""

    def __init__(self, model: Model) -> None:
        """Load the graph; errors as of `GraphSession`."""
        self._session = _open(model)
        _require_name(model.manifest, "input", self._session.get_inputs(), model.manifest.input.name)
        _require_name(model.manifest, "output", self._session.get_outputs(), model.manifest.output.name)
        self._manifest = model.manifest

    def run(self, tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        """Run the graph once.

        Args:
            tensor: Input as the manifest describes it. Shape (1, channels, height, width), float32.

        Returns:
            What the graph delivers, float32; whoever asked checks its shape.

        Raises:
            ModelError: The graph fails.
        """
        manifest = self._manifest
        try:
            (made,) = self._session.run([manifest.output.name], {manifest.input.name: tensor})
        except Exception as exc:  # the runtime's own exceptions share no other root
            raise ModelError(f"model {manifest.name}: ONNX Runtime fails: {exc}") from exc
        result: NDArray[np.float32] = made
        return result


def _open(model: Model) -> Any:
    """ONNX Runtime's own session of a verified model."""
    runtime = load_module("onnxruntime", part="onnxruntime", purpose=PURPOSE)
    runtime.disable_telemetry_events()
    load_opencv(PURPOSE)
    try:
        return runtime.InferenceSession(
            model.graph, sess_options=_options(runtime), providers=["CPUExecutionProvider"]
        )
    except Exception as exc:  # the runtime's own exceptions share no other root
        raise ModelError(f"model {model.manifest.name}: ONNX Runtime cannot load the graph: {exc}") from exc


def _options(runtime: Any) -> Any:
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = runtime.ExecutionMode.ORT_SEQUENTIAL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    options.log_severity_level = ERRORS_ONLY
    return options


def _require_fit(session: Any, manifest: ModelManifest) -> None:
    """Refuse a graph whose ends are not those of the manifest."""
    _require_end(manifest, "input", session.get_inputs(), manifest.input.name, manifest.input.channels)
    channels = len(manifest.output.channels)
    _require_end(manifest, "output", session.get_outputs(), manifest.output.name, channels)


def _require_end(manifest: ModelManifest, end: str, values: list[Any], name: str, channels: int) -> None:
    found = [f"{value.name} {value.type} {value.shape}" for value in values]
    fits = (
        len(values) == 1
        and values[0].name == name
        and values[0].type == SINGLE_PRECISION
        and len(values[0].shape) == RANK
        and values[0].shape[1] == channels
        and not any(isinstance(side, int) for side in values[0].shape[2:])
    )
    if not fits:
        raise ModelError(
            f"model {manifest.name}: the graph's {end} must be one {SINGLE_PRECISION} {name!r} of shape "
            f"(1, {channels}, any height, any width), found: {'; '.join(found)}"
        )


def _require_name(manifest: ModelManifest, end: str, values: list[Any], name: str) -> None:
    found = [f"{value.name} {value.type} {value.shape}" for value in values]
    if len(values) != 1 or values[0].name != name or values[0].type != SINGLE_PRECISION:
        raise ModelError(
            f"model {manifest.name}: the graph's {end} must be one {SINGLE_PRECISION} {name!r}, "
            f"found: {'; '.join(found)}"
        )
