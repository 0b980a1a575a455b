"""The file of a calibration: JSON with a version and a checksum; anything else is refused."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, NoReturn, cast

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration.calibration import Calibration, FittedSet
from biocapil.calibration.root_scale import SIZE_BANDS
from biocapil.calibration.table import CalibrationTable
from biocapil.errors import ChecksumMismatch, FormatError, UnsupportedVersion
from biocapil.vocabulary import Modality, ModelId

SCHEMA = "biocapil/calibration/1"
MAX_BYTES = 1_000_000
ID_DIGITS = 12


def identify(
    *,
    model_id: ModelId,
    comparator: str,
    modality: Modality,
    units: tuple[float, ...],
    table: CalibrationTable,
    dependence: float,
    fitted_on: tuple[FittedSet, ...],
) -> Calibration:
    """Calibration that carries the checksum of its own content in its name."""
    nameless = Calibration(
        calibration_id="",
        model_id=model_id,
        comparator=comparator,
        modality=modality,
        units=units,
        table=table,
        dependence=dependence,
        fitted_on=fitted_on,
    )
    name = _named(model_id, comparator, _checksum(_content(nameless)))
    return replace(nameless, calibration_id=name)


def calibration_to_json(calibration: Calibration) -> str:
    """The record as text; the same calibration gives the same text."""
    content = _content(calibration)
    return json.dumps({**content, "sha256": _checksum(content)}, indent=1) + "\n"


def calibration_from_json(text: str, *, name: str = "calibration") -> Calibration:
    """Read a record: only text that `calibration_to_json` writes is taken, to the last character.

    Args:
        text: The record.
        name: What errors call it.

    Raises:
        UnsupportedVersion: The record is of another version.
        ChecksumMismatch: Its content is not what was written.
        FormatError: It is no record of a calibration.
    """
    fields = _fields(text, name)
    if fields.get("schema") != SCHEMA:
        found = repr(fields.get("schema"))[:60]
        raise UnsupportedVersion(f"{name}: schema is {found}, this version reads {SCHEMA!r}")
    stated = fields.pop("sha256", None)
    if stated != _checksum(fields):
        raise ChecksumMismatch(
            f"{name}: the content does not have the checksum that stands in it; fetch or fit the record anew"
        )
    try:
        calibration = _calibration(fields)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as exc:
        raise FormatError(f"{name}: no sound calibration: {type(exc).__name__}: {exc}"[:200]) from exc
    if calibration_to_json(calibration) != text:
        raise FormatError(f"{name}: not as a calibration is written; fetch or fit the record anew")
    return calibration


def read_calibration(path: Path) -> Calibration:
    """Read a record from a file.

    Raises:
        FormatError: The file cannot be read, is too large, or is no sound record.
        UnsupportedVersion: The record is of another version.
        ChecksumMismatch: Its content is not what was written.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as exc:
        raise FormatError(f"calibration {path.name} cannot be read: {exc.strerror or exc}") from exc
    if len(data) > MAX_BYTES:
        raise FormatError(f"calibration {path.name} is larger than {MAX_BYTES:,} bytes: it is no calibration")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise FormatError(f"calibration {path.name} is no UTF-8 text: byte {exc.start}") from exc
    return calibration_from_json(text, name=path.name)


def _fields(text: str, name: str) -> dict[str, Any]:
    try:
        fields: object = json.loads(text, parse_constant=_refuse_constant)
        json.dumps(fields)
    except (ValueError, RecursionError) as exc:
        raise FormatError(f"{name} is no JSON: {exc}") from exc
    if not isinstance(fields, dict):
        raise FormatError(f"{name}: a calibration is a JSON object, got {type(fields).__name__}")
    return cast("dict[str, Any]", fields)


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _content(calibration: Calibration) -> dict[str, Any]:
    """All that a record says but its name and its checksum."""
    table = calibration.table
    return {
        "schema": SCHEMA,
        "model_id": calibration.model_id,
        "comparator": calibration.comparator,
        "modality": calibration.modality.value,
        "size_bands": list(SIZE_BANDS),
        "units": [float(unit) for unit in calibration.units],
        "dependence": float(calibration.dependence),
        "measured_to": float(table.measured_to),
        "table": {column: getattr(table, column).tolist() for column in table.columns()},
        "fitted_on": [asdict(each) for each in calibration.fitted_on],
    }


def _calibration(fields: dict[str, Any]) -> Calibration:
    if fields["size_bands"] != list(SIZE_BANDS):
        raise ValueError(f"size_bands must be {list(SIZE_BANDS)}, got {fields['size_bands']!r}")
    columns = {name: _column(fields["table"][name]) for name in CalibrationTable.columns()}
    return identify(
        model_id=ModelId(str(fields["model_id"])),
        comparator=str(fields["comparator"]),
        modality=Modality(fields["modality"]),
        units=tuple(float(unit) for unit in fields["units"]),
        table=CalibrationTable(**columns, measured_to=float(fields["measured_to"])),
        dependence=float(fields["dependence"]),
        fitted_on=tuple(
            FittedSet(
                dataset=str(each["dataset"]),
                subjects=int(each["subjects"]),
                mated=int(each["mated"]),
                nonmated=int(each["nonmated"]),
            )
            for each in fields["fitted_on"]
        ),
    )


def _column(values: list[float]) -> NDArray[np.float64]:
    return np.array(values, dtype=np.float64)


def _checksum(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _named(model_id: ModelId, comparator: str, checksum: str) -> str:
    return f"{model_id.partition('@')[0]}+{comparator.replace('/', '')}@{checksum[:ID_DIGITS]}"
