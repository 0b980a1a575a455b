"""Folders of models, right ones and broken ones, made in a temporary place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

GRAPH = b"not a graph, but bytes with a checksum"

MANIFEST = """\
schema = 1
name = "{name}"
title = "A model of a test"
task = "{task}"
file = "{name}.onnx"
sha256 = "{sha256}"

[input]
name = "image"
channels = 1
resolution_ppi = 500
stride_px = 32

[output]
name = "maps"
{rule}
[licence]
spdx = "{spdx}"
file = "LICENSE"
commercial_use = true
training_data = "none"
training_data_verified = true
"""

MINUTIAE = """\
channels = ["score", "cos", "sin", "ending"]

[minutiae]
score_threshold = 0.5
max_minutiae = 60
min_distance_px = 4
min_minutiae = 4
min_side_mm = 4
max_pixels = 1000
min_contrast = 2.5
"""


EMBEDDING = """
[embedding]
colour_order = "grey"
mean = [127.5]
scale = [0.0078125]
rows_px = 32
columns_px = 32
template_px = [10, 12, 22, 12, 16, 18, 11, 24, 21, 24]
dimensions = 8
mirrored = true
detector = "finder@0123456789ab"
min_eye_distance_px = 8
"""

DETECTION = """
[detection]
colour_order = "grey"
mean = [0]
scale = [1]
strides_px = [8, 16]
score_threshold = 0.5
overlap_threshold = 0.3
longest_side_px = 320
closer_look_px = [100]
"""

RULES = {"finger_minutiae": MINUTIAE, "face_embedding": EMBEDDING, "face_detection": DETECTION}


def manifest_text(
    name: str = "mine",
    *,
    task: str = "finger_minutiae",
    spdx: str = "MIT",
    graph: bytes = GRAPH,
) -> str:
    """The text of a right manifest."""
    return MANIFEST.format(
        name=name,
        task=task,
        spdx=spdx,
        sha256=hashlib.sha256(graph).hexdigest(),
        rule=RULES[task],
    )


@pytest.fixture
def right_manifest() -> Callable[..., str]:
    return manifest_text


@pytest.fixture
def model_folder(tmp_path: Path) -> Callable[..., Path]:
    """Make a model's folder, which is an importable package as well."""

    def make(name: str = "mine", *, graph: bytes = GRAPH, folder: str = "", **changes: str) -> Path:
        place = tmp_path / (folder or name)
        place.mkdir()
        (place / "__init__.py").write_text("", encoding="utf-8")
        (place / "manifest.toml").write_text(manifest_text(name, graph=graph, **changes), encoding="utf-8")
        (place / f"{name}.onnx").write_bytes(graph)
        return place

    return make
