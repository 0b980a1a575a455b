import subprocess
import sys

import biocapil.synthesis


def test_public_names_are_sorted_and_exist() -> None:
    names = biocapil.synthesis.__all__
    assert names == sorted(names)
    assert all(hasattr(biocapil.synthesis, name) for name in names)


def test_importing_the_room_loads_no_opencv() -> None:
    script = (
        "import sys, biocapil.synthesis; print(sorted({'cv2', 'numba', 'onnxruntime'} & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - this interpreter and the words above
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"
