from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from biocapil.errors import MissingPart, ModelError
from biocapil.extraction.registry import Model, find_model
from biocapil.extraction.session import GraphSession

pytest.importorskip("onnxruntime", reason="the extra extract is not installed")


@pytest.fixture(scope="module")
def leader() -> Model:
    return find_model("leader")


def _changed(model: Model, end: str, **changes: Any) -> Model:
    part = replace(getattr(model.manifest, end), **changes)
    return replace(model, manifest=replace(model.manifest, **{end: part}))


def test_the_shipped_graph_fits_its_manifest_and_runs(leader: Model) -> None:
    session = GraphSession(leader)
    maps = session.run(np.full((1, 1, 64, 96), 255, np.float32))
    assert maps.shape == (4, 64, 96)
    assert maps.dtype == np.float32
    assert maps[0].max() < 0.1


def test_opencv_runs_on_one_thread(leader: Model) -> None:
    cv2 = pytest.importorskip("cv2")
    cv2.setNumThreads(2)
    GraphSession(leader)
    assert cv2.getNumThreads() == 1


def test_the_runtime_uses_one_thread_and_does_not_spin(leader: Model) -> None:
    options = GraphSession(leader)._session.get_session_options()
    assert options.intra_op_num_threads == options.inter_op_num_threads == 1
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
    assert options.get_session_config_entry("session.inter_op.allow_spinning") == "0"


def test_the_runtime_is_told_to_report_to_nobody(leader: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = pytest.importorskip("onnxruntime")
    told: list[bool] = []
    monkeypatch.setattr(runtime, "disable_telemetry_events", lambda: told.append(True))
    GraphSession(leader)
    assert told == [True]


@pytest.mark.parametrize(
    ("end", "changes", "message"),
    [
        ("input", {"name": "picture"}, "input must be one .* 'picture'"),
        ("input", {"channels": 3}, r"input must be one .* \(1, 3, any height"),
        ("output", {"name": "answer"}, "output must be one .* 'answer'"),
        ("output", {"channels": ("score", "angle")}, r"output must be one .* \(1, 2, any height"),
    ],
)
def test_a_graph_that_is_not_the_one_described_is_refused(
    leader: Model, end: str, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        GraphSession(_changed(leader, end, **changes))


def test_bytes_that_are_no_graph_are_refused(leader: Model) -> None:
    with pytest.raises(ModelError, match="model leader: ONNX Runtime cannot load the graph"):
        GraphSession(replace(leader, graph=b"nonsense"))


def test_an_image_that_does_not_fit_is_a_model_error(leader: Model) -> None:
    with pytest.raises(ModelError, match="model leader: ONNX Runtime fails"):
        GraphSession(leader).run(np.zeros((1, 3, 64, 64), np.float32))


def test_maps_of_another_size_are_refused(leader: Model) -> None:
    class Shrinking:
        def run(self, _outputs: list[str], _inputs: dict[str, Any]) -> list[Any]:
            return [np.zeros((1, 4, 32, 32), np.float32)]

    session = GraphSession(leader)
    session._session = Shrinking()
    with pytest.raises(ModelError, match=r"must have shape \(1, 4, 64, 64\), got \(1, 4, 32, 32\)"):
        session.run(np.zeros((1, 1, 64, 64), np.float32))


@pytest.mark.parametrize(
    ("module", "part"), [("onnxruntime", "onnxruntime"), ("cv2", "opencv-python-headless")]
)
def test_a_missing_part_names_the_extra_that_brings_it(
    leader: Model, monkeypatch: pytest.MonkeyPatch, module: str, part: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingPart, match=rf"extraction needs {part}: .* 'biocapil\[extract\]'"):
        GraphSession(leader)
