"""What made a result: versions and machine, so that a report can be repeated."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from biocapil.threads import thread_budget

PACKAGES = ("biocapil", "numpy", "numba", "onnxruntime", "opencv-python-headless", "pillow")
ABSENT = "not installed"


def environment() -> dict[str, str]:
    """Versions of this library and what it computes with, and the kind of machine.

    Returns:
        Names to values, in the order a report should show them. Holds no host or user name.
    """
    found = {package: _version(package) for package in PACKAGES}
    return {
        **found,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "threads": str(thread_budget()),
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ABSENT
