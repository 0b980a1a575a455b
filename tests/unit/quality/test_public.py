import subprocess
import sys

from biocapil import quality


def test_the_public_names_are_pinned_sorted_and_described() -> None:
    assert quality.__all__ == [
        "Language",
        "Measured",
        "QualityMap",
        "assess_finger",
        "assess_iris",
        "measure_finger",
        "quality_map",
        "sentence",
    ]
    assert all(getattr(quality, name).__doc__ for name in quality.__all__)


def test_importing_the_room_loads_no_opencv() -> None:
    script = "import sys, biocapil.quality; print(sorted({'cv2', 'numba', 'onnxruntime'} & set(sys.modules)))"
    done = subprocess.run(  # noqa: S603 - this interpreter and the words above
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"
