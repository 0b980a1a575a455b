"""Check what is in the built wheel: all that was committed under the source roots, and nothing else.

Usage: ``python tools/check_wheel.py FOLDER`` with the folder that holds exactly one wheel.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from fnmatch import fnmatch
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
SOURCE_ROOTS = ("src", "drivers", "models")
EXTRACTORS = ("leader", "sidik", "pelangi", "sface", "dlib_resnet")
MODELS = (*EXTRACTORS, "yunet")
REQUIRED = (
    "biocapil/py.typed",
    "biocapil_drivers/py.typed",
    "biocapil_models/py.typed",
    *(
        f"biocapil_models/{model}/{file}"
        for model in MODELS
        for file in ("*.onnx", "manifest.toml", "CARD.md", "LICENSE", "NOTICE")
    ),
    *(f"biocapil_models/{model}/calibration*.json" for model in EXTRACTORS),
    "biocapil/quality/face/face_quality.json",
    "biocapil/quality/finger/finger_fields.json",
    "biocapil/quality/finger/finger_quality.json",
    "biocapil/quality/iris/iris_quality.json",
    "biocapil/segmentation/slap_flow.json",
    "biocapil/reporting/*.html*",
    "biocapil-*.dist-info/entry_points.txt",
    "biocapil-*.dist-info/licenses/LICENSE",
    *(
        f"biocapil-*.dist-info/licenses/models/biocapil_models/{model}/{file}*"
        for model in MODELS
        for file in ("LICENSE", "NOTICE")
    ),
)
"""Patterns that at least one file must follow: what the library needs to run, or the law to be given on."""

FORBIDDEN_SUFFIXES = (
    ".bmp",
    ".tif",
    ".tiff",
    ".png",
    ".jpg",
    ".wsq",
    ".fmr",
    ".pyc",
    ".nbi",
    ".nbc",
    ".sqlite",
)
"""Biometric samples, caches and stores never travel in the wheel."""


def committed_files() -> set[str]:
    """Names, as the wheel writes them, of the files that belong to the source roots.

    Those under version control; in an unpacked source archive, or where git is missing, those on disk.
    """
    if (REPOSITORY / ".git").exists() and shutil.which("git"):
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--", *SOURCE_ROOTS],  # noqa: S607 - git of the path is meant
            cwd=REPOSITORY,
            check=True,
            capture_output=True,
            text=True,
        )
        names = listing.stdout.split("\0")
    else:
        found = (path for root in SOURCE_ROOTS for path in (REPOSITORY / root).rglob("*"))
        names = [str(path.relative_to(REPOSITORY)) for path in found if "__pycache__" not in path.parts]
    return {name.split("/", 1)[1] for name in names if name and (REPOSITORY / name).is_file()}


def complaints(names: set[str], committed: set[str], contents: dict[str, bytes]) -> list[str]:
    """Everything that is wrong with a wheel.

    Args:
        names: Files in the wheel.
        committed: Files that version control holds under the source roots.
        contents: Bytes of each file in the wheel.

    Returns:
        One line a fault; empty where all is well.
    """
    packaged = {name for name in names if ".dist-info/" not in name}
    machine_paths = {f"{place}/".encode() for place in (REPOSITORY, Path.home()) if place != Path("/")}
    return [
        *(f"missing: {name}" for name in sorted(committed - packaged)),
        *(f"not under version control: {name}" for name in sorted(packaged - committed)),
        *(f"nothing like {pattern}" for pattern in REQUIRED if not any(fnmatch(n, pattern) for n in names)),
        *(f"does not belong in a wheel: {n}" for n in sorted(names) if n.endswith(FORBIDDEN_SUFFIXES)),
        *(
            f"tests in the wheel: {n}"
            for n in sorted(names)
            if "tests/" in n or Path(n).name.startswith("test_")
        ),
        *(
            f"a path of this machine is in {name}"
            for name, content in sorted(contents.items())
            if any(place in content for place in machine_paths)
        ),
    ]


def main(folder: Path) -> int:
    """Check the one wheel in a folder and say what was found."""
    wheels = sorted(folder.glob("*.whl"))
    if len(wheels) != 1:
        print(f"check_wheel: {len(wheels)} wheels in {folder}, one is wanted", file=sys.stderr)
        return 2
    with zipfile.ZipFile(wheels[0]) as wheel:
        contents = {name: wheel.read(name) for name in wheel.namelist()}
    found = complaints(set(contents), committed_files(), contents)
    for line in found:
        print(f"check_wheel: {line}", file=sys.stderr)
    size_kib = wheels[0].stat().st_size // 1024
    print(f"{wheels[0].name}: {len(contents)} files, {size_kib} KiB, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
