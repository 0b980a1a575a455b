from __future__ import annotations

import subprocess
import sys

HEAVY = {"PIL", "cv2", "jinja2", "numba", "onnxruntime"}


def test_pictures_load_nothing_heavy_before_they_are_drawn() -> None:
    code = "import sys, biocapil.reporting; print(*sys.modules)"

    loaded = subprocess.run(  # noqa: S603  # the interpreter that runs this test
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()

    assert HEAVY.isdisjoint(loaded)
