from __future__ import annotations

import subprocess
import sys

import pytest

import biocapil.calibration as room

PUBLIC = [
    "Calibration",
    "CalibrationTable",
    "FittedSet",
    "LeftOutResult",
    "ReliabilityPoint",
    "best_of",
    "calibration_from_json",
    "calibration_to_json",
    "cllr",
    "counted_only",
    "decide",
    "decide_person",
    "fit_calibration",
    "fuse",
    "fuse_modalities",
    "fuse_person",
    "joint_policy_for",
    "joint_rates",
    "leave_one_set_out",
    "mated_miss_rate",
    "min_cllr",
    "model_calibration",
    "nonmated_rates",
    "policy_for",
    "read_calibration",
    "reliability",
]


def test_the_public_names_are_pinned_and_sorted() -> None:
    assert room.__all__ == PUBLIC == sorted(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_described(name: str) -> None:
    assert getattr(room, name).__doc__


def test_importing_the_room_loads_nothing_heavy() -> None:
    code = "import sys, biocapil.calibration; print(*sys.modules)"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"numba", "scipy", "sklearn", "onnxruntime", "cv2", "PIL", "jinja2", "typer", "rich"}
