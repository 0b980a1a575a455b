"""What is installed: packages and the extras that bring them, models, the kernels' cache, the store's key.

Part of ``biocapil doctor``: everything is looked at, nothing is made or changed, but for the kernels that
one small comparison compiles into their cache.
"""

from __future__ import annotations

import importlib.util
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import packages_distributions, version
from pathlib import Path

import numpy as np

import biocapil
from biocapil.errors import BiocapilError, StoreError
from biocapil.extraction import ListedModel, list_models, load_extractor, load_store_key
from biocapil.extraction.store_key import key_file
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ModelId

MADE_UP_MINUTIAE = 25
CACHE_VARIABLE = "NUMBA_CACHE_DIR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One package that BioCapil uses.

    Attributes:
        module: Name to import.
        package: Name to install.
        extra: Extra that brings it; empty for a base dependency.
        needed: Whether ``biocapil dedup run`` needs it.
        purpose: What it is for.
        version: Installed version; None where it is missing.
    """

    module: str
    package: str
    extra: str
    needed: bool
    purpose: str
    version: str | None = None

    @property
    def install(self) -> str:
        """The line that brings it."""
        return f"pip install 'biocapil[{self.extra}]'" if self.extra else f"pip install {self.package}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A file or folder that must be usable.

    Attributes:
        path: Where it lies.
        state: How it is, in words.
        problem: Why it cannot be used; empty where it can.
    """

    path: Path
    state: str
    problem: str


_PARTS = (
    ("numpy", "numpy", "", True, "arrays"),
    ("numba", "numba", "", True, "comparison kernels"),
    ("onnxruntime", "onnxruntime", "extract", True, "networks"),
    ("cv2", "opencv-python-headless", "extract", True, "resampling"),
    ("PIL", "pillow", "extract", True, "image files"),
    ("cryptography", "cryptography", "secure", True, "encrypted templates"),
    ("typer", "typer", "cli", True, "command line"),
    ("rich", "rich", "cli", True, "tables and progress"),
    ("serial", "pyserial", "devices", False, "devices on a serial line"),
    ("jinja2", "jinja2", "report", False, "HTML reports"),
    ("wsq", "wsq", "wsq", False, "WSQ images"),
)


def read_parts() -> tuple[Part, ...]:
    """Every package that BioCapil may use, with its version where it is installed."""
    distributions = packages_distributions()
    return tuple(
        Part(
            module=module,
            package=package,
            extra=extra,
            needed=needed,
            purpose=purpose,
            version=_version(module, distributions),
        )
        for module, package, extra, needed, purpose in _PARTS
    )


def read_models() -> tuple[ListedModel, ...]:
    """Every registered model, checksum verified."""
    return list_models()


def extraction_problem() -> str:
    """Why the shipped extractor cannot run; empty where it can."""
    try:
        load_extractor()
    except BiocapilError as error:
        return str(error)
    return ""


def comparison_problem() -> str:
    """Why the comparison kernels do not work; empty where they do.

    Compares a made-up template with itself, which loads numba, and on a new machine compiles.
    """
    try:
        from biocapil.comparison import compare  # noqa: PLC0415 - missing packages are what is looked for

        similarity = compare(_made_up_template(), _made_up_template())
    except ImportError as error:
        return f"the comparison kernels cannot be loaded: {error}"
    except Exception as error:  # noqa: BLE001 - a compiler breaks in many ways, and doctor has to tell each
        return f"the comparison kernels do not run: {type(error).__name__}: {error}".strip()
    return "" if similarity > 0 else "the comparison kernels are wrong: a template does not match itself"


def read_kernel_cache(environment: Mapping[str, str] = os.environ) -> Place:
    """Where compiled kernels are kept; without such a place every start compiles them again.

    Looks where numba looks, in its order: NUMBA_CACHE_DIR, beside the kernels, the user's cache folder.

    Args:
        environment: Environment variables.
    """
    named = environment.get(CACHE_VARIABLE, "")
    beside = Path(biocapil.__file__).parent / "comparison" / "kernels" / "__pycache__"
    users = Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "numba"
    places = [*([Path(named)] if named else []), beside, users]
    for place in places:
        if _writable(place):
            return Place(path=place, state="writable", problem="")
    return Place(
        path=places[0],
        state="not writable",
        problem=f"kernels are compiled at every start: set {CACHE_VARIABLE} to a folder of your own",
    )


def read_key(environment: Mapping[str, str] = os.environ) -> Place:
    """The key of the template store: its file and who may read it; an absent one is not made here.

    Args:
        environment: Environment variables.
    """
    path = key_file(environment)
    if not _exists(path):
        if _writable(path.parent):
            return Place(path=path, state="absent, made on first use", problem="")
        return Place(path=path, state="absent", problem=f"{path.parent} is not writable")
    try:
        load_store_key(path)
    except StoreError as error:
        return Place(path=path, state="unusable", problem=str(error))
    mode = stat.S_IMODE(path.stat().st_mode)
    return Place(path=path, state=f"present, mode {mode:04o}", problem="")


def _made_up_template() -> FingerprintTemplate:
    """Minutiae of nobody, on a grid that is shifted from row to row."""
    rows, columns = np.divmod(np.arange(MADE_UP_MINUTIAE), 5)
    x_um, y_um = 2000 + 1500 * columns + 300 * rows, 2000 + 1500 * rows
    return FingerprintTemplate(
        positions_um=np.stack([x_um, y_um], axis=1).astype(np.float32),
        angles_rad=(np.arange(MADE_UP_MINUTIAE) % 6).astype(np.float32),
        kinds=np.ones(MADE_UP_MINUTIAE, np.uint8),
        qualities=np.full(MADE_UP_MINUTIAE, 50, np.uint8),
        extent_um=(15_000.0, 15_000.0),
        model_id=ModelId("made-up"),
    )


def _version(module: str, distributions: Mapping[str, list[str]]) -> str | None:
    if importlib.util.find_spec(module) is None:
        return None
    names = distributions.get(module, [])
    return version(names[0]) if names else "unknown"


def _exists(path: Path) -> bool:
    """Whether something lies there that this process can see."""
    try:
        return path.exists()
    except OSError:
        return False


def _writable(folder: Path) -> bool:
    """Whether files can be made in a folder, or the folder itself in the nearest one that exists."""
    place = folder
    while not _exists(place) and place != place.parent:
        place = place.parent
    return place.is_dir() and os.access(place, os.W_OK | os.X_OK)
