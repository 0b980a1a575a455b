"""`Diagnosis`: what this machine and this installation can do, and what is missing for the main job."""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass
from typing import Any

import biocapil
from biocapil.cli.calibration_state import CalibrationState, read_calibrations
from biocapil.cli.installation import (
    Part,
    Place,
    comparison_problem,
    extraction_problem,
    read_kernel_cache,
    read_key,
    read_models,
    read_parts,
)
from biocapil.cli.machine import Cpu, Threads, read_cpu, read_threads
from biocapil.extraction import ListedModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Everything ``biocapil doctor`` found.

    Attributes:
        cpu: The processor.
        threads: The thread budget.
        parts: Packages.
        models: Registered models.
        calibrations: What the scores of the usable ones mean.
        kernel_cache: Where compiled kernels are kept.
        key: The key of the template store.
        missing: What keeps ``biocapil dedup run`` from running, one sentence each.
    """

    cpu: Cpu
    threads: Threads
    parts: tuple[Part, ...]
    models: tuple[ListedModel, ...]
    calibrations: tuple[CalibrationState, ...]
    kernel_cache: Place
    key: Place
    missing: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The same as values that JSON can hold."""
        return {
            "ready": not self.missing,
            "missing": list(self.missing),
            "python": platform.python_version(),
            "biocapil": biocapil.__version__,
            "cpu": {
                "name": self.cpu.name,
                "architecture": self.cpu.architecture,
                "features": self.cpu.features,
            },
            "threads": {
                "budget": self.threads.budget,
                "affinity": self.threads.affinity,
                "quota": self.threads.quota,
                "environment": self.threads.environment,
            },
            "parts": [_part(part) for part in self.parts],
            "models": [_model(model) for model in self.models],
            "calibrations": [asdict(calibration) for calibration in self.calibrations],
            "kernel_cache": _place(self.kernel_cache),
            "key": _place(self.key),
        }


def diagnose() -> Diagnosis:
    """Look at the machine and the installation; nothing is made or changed."""
    threads, parts, models, key = read_threads(), read_parts(), read_models(), read_key()
    absent = [part for part in parts if part.needed and part.version is None]
    problems = [f"{part.package} is not installed: {part.install}" for part in absent]
    if not absent:  # otherwise the packages' absence is the cause
        problems += [extraction_problem(), comparison_problem()]
    problems += [threads.problem, key.problem]
    return Diagnosis(
        cpu=read_cpu(),
        threads=threads,
        parts=parts,
        models=models,
        calibrations=read_calibrations(models),
        kernel_cache=read_kernel_cache(),
        key=key,
        missing=tuple(problem for problem in problems if problem),
    )


def _part(part: Part) -> dict[str, Any]:
    return {
        "package": part.package,
        "version": part.version,
        "needed": part.needed,
        "purpose": part.purpose,
        "install": part.install,
    }


def _model(model: ListedModel) -> dict[str, Any]:
    facts: dict[str, Any] = {"name": model.name, "package": model.package, "problem": model.problem}
    if model.manifest is not None:
        licence = model.manifest.licence
        facts |= {
            "model_id": model.manifest.model_id,
            "task": model.manifest.task.value,
            "sha256": model.manifest.sha256,
            "licence": licence.spdx,
            "commercial_use": licence.commercial_use,
            "training_data": licence.training_data,
            "training_data_verified": licence.training_data_verified,
        }
    return facts


def _place(place: Place) -> dict[str, str]:
    return {"path": str(place.path), "state": place.state, "problem": place.problem}
