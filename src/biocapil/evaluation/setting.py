"""The setting of a measurement: without it a figure says nothing."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from biocapil.threads import thread_budget
from biocapil.vocabulary import ModelId

CPU_INFO = Path("/proc/cpuinfo")
PACKAGES = ("biocapil", "numpy", "numba", "onnxruntime")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageVersion:
    """Version of one installed package.

    Attributes:
        package: Its name.
        version: Its version.
    """

    package: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a measurement was made with.

    Attributes:
        model_id: Model that made the templates; None where there is no template.
        cpu: Processor as the machine names it.
        threads: Thread budget of the process; speeds are of one thread all the same.
        python: Version of the interpreter.
        packages: Versions of the packages that do the work, where installed.
    """

    model_id: ModelId | None
    cpu: str
    threads: int
    python: str
    packages: tuple[PackageVersion, ...]


def describe_setting(model_id: ModelId | None) -> Setting:
    """Setting of this process."""
    return Setting(
        model_id=model_id,
        cpu=_cpu_name(CPU_INFO),
        threads=thread_budget(),
        python=".".join(map(str, sys.version_info[:3])),
        packages=tuple(found for name in PACKAGES if (found := _installed(name))),
    )


def _cpu_name(cpu_info: Path) -> str:
    try:
        lines = cpu_info.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _installed(package: str) -> PackageVersion | None:
    try:
        return PackageVersion(package=package, version=version(package))
    except PackageNotFoundError:
        return None
