"""The finished state of a run: who was compared and who was found, for a later run on what is new.

people.u64      64 bits of the content hash of everybody, rising
findings.u64    the same of both people of each finding
finished.json   terms of the run, counts, and the checksums of the two; written last
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from biocapil.deduplication.registry.people import (
    Everybody,
    Part,
    content_hashes,
    places_of,
)
from biocapil.deduplication.registry.run_terms import RunTerms, canonical
from biocapil.deduplication.registry.second_look import Found
from biocapil.errors import FormatError, StoreError
from biocapil.gallery.durable import replace_file

FINISHED_FILE = "finished.json"
PEOPLE_FILE = "people.u64"
FINDINGS_FILE = "findings.u64"
SCHEMA = "biocapil.all_against_all/1"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Finished:
    """A run that was finished.

    Attributes:
        digest: SHA-256 of `finished.json`.
        terms: Its terms, as JSON.
        people: Content hashes of those who were compared, rising. Shape (P,), uint64.
        findings: Content hashes of both people of each finding. Shape (n, 2), uint64.
    """

    digest: str
    terms: Mapping[str, Any]
    people: NDArray[np.uint64]
    findings: NDArray[np.uint64]


def write_finished(folder: Path, terms: RunTerms, everybody: Everybody, found: Found) -> None:
    """Keep what a later run needs.

    Raises:
        OSError: It cannot be written.
    """
    rows = [np.flatnonzero(part.wanted) for part in everybody.parts]
    hashes = [content_hashes(part.columns, here) for part, here in zip(everybody.parts, rows, strict=True)]
    people = np.sort(np.concatenate([np.empty(0, np.uint64), *hashes]))
    pairs = np.column_stack(
        [everybody.content_hashes(found["first"]), everybody.content_hashes(found["second"])]
    )
    files = {PEOPLE_FILE: people, FINDINGS_FILE: np.sort(pairs.view("u8,u8")[:, 0]).view(np.uint64)}
    stated: dict[str, Any] = {}
    for name, array in files.items():
        data = array.astype("<u8", copy=False).tobytes()
        replace_file(folder / name, data)
        stated[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    text = canonical({"schema": SCHEMA, "terms": terms.to_json(), "files": stated}) + "\n"
    replace_file(folder / FINISHED_FILE, text.encode("ascii"))


def read_finished(folder: Path) -> Finished:
    """What a run left.

    Raises:
        StoreError: It was not finished, or a file is not as it was written.
        FormatError: What lies there is no finished state.
    """
    try:
        data = (folder / FINISHED_FILE).read_bytes()
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise StoreError(
            f"no finished run lies in {folder}: run it to its end first, or leave out --since"
        ) from exc
    try:
        content = cast("dict[str, Any]", json.loads(data))
        schema, terms, files = content["schema"], content["terms"], content["files"]
        digests = {name: str(files[name]["sha256"]) for name in (PEOPLE_FILE, FINDINGS_FILE)}
    except (ValueError, KeyError, TypeError) as exc:
        raise FormatError(f"no finished run: {type(exc).__name__}", record=FINISHED_FILE) from exc
    if schema != SCHEMA:
        raise FormatError(f"is {schema!r:.60}, this BioCapil reads {SCHEMA!r}", record=FINISHED_FILE)
    return Finished(
        digest=hashlib.sha256(data).hexdigest(),
        terms=terms,
        people=_read(folder / PEOPLE_FILE, digests[PEOPLE_FILE]),
        findings=_read(folder / FINDINGS_FILE, digests[FINDINGS_FILE]).reshape(-1, 2),
    )


def require_continuable(finished: Finished, terms: RunTerms) -> None:
    """Refuse a finished run that did not find all that this one would find among the same people.

    Raises:
        StoreError: It compared others, or asked for more; the message says what.
    """
    before: Mapping[str, Any] = finished.terms["policy"]
    same = {
        "models": _alike(finished.terms["modalities"], terms.to_json()["modalities"]),
        "exactness": finished.terms["exact"] == terms.exact,
        "calibrations": _alike(before["calibration_ids"], terms.policy.calibration_ids),
        "scanned instances": _scanned_alike(finished.terms, terms),
    }
    if not all(same.values()):
        other = ", ".join(name for name, alike in same.items() if not alike)
        raise StoreError(f"the finished run has other {other}: run as it did, or leave out --since")
    bars: Mapping[str, float] = finished.terms["bars"]
    lower = [name for name, llr in terms.bars.items() if llr < bars.get(name, llr)]
    if lower or terms.policy.review_llr < before["review_llr"]:
        raise StoreError(
            f"the finished run told about evidence from {before['review_llr']:.3f} nats on, this one would "
            f"from {terms.policy.review_llr:.3f} on, or asks less of {', '.join(lower) or 'no instance'}: "
            f"name its --people {before['target'].get('people')} or more, or leave out --since"
        )


def _alike(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether both have the same for each modality that both have."""
    return all(before[name] == now[name] for name in before.keys() & now.keys())


def _scanned_alike(before: Mapping[str, Any], terms: RunTerms) -> bool:
    """Whether both scan the same of what both galleries have."""
    both = set(before["instances"]) & set(terms.instances)
    scanned: Mapping[str, float] = before["bars"]
    return both & scanned.keys() == both & terms.bars.keys()


def who_is_new(parts: Sequence[Part], finished: Finished | None) -> list[NDArray[np.bool_]]:
    """Who is there and was not compared before with the same content. One array of shape (P,) a part."""
    new: list[NDArray[np.bool_]] = []
    for part in parts:
        fresh = part.wanted.copy()
        if finished is not None:
            rows = np.flatnonzero(part.wanted)
            fresh[rows] = ~_among(content_hashes(part.columns, rows), finished.people)
        new.append(fresh)
    return new


def carried_over(finished: Finished, everybody: Everybody) -> NDArray[np.int64]:
    """Places of both people of each earlier finding, where both are there unchanged. Shape (n, 2)."""
    place_of: dict[int, int] = {}
    wanted = np.unique(finished.findings)
    for number, part in enumerate(everybody.parts):
        rows = np.flatnonzero(part.wanted & ~everybody.new[number])
        hashes = content_hashes(part.columns, rows)
        here = np.flatnonzero(_among(hashes, wanted))
        places = places_of(number, rows[here])
        place_of.update(zip(hashes[here].tolist(), places.tolist(), strict=True))
    pairs: Iterable[tuple[int, int]] = (
        (place_of[one], place_of[other])
        for one, other in finished.findings.tolist()
        if one in place_of and other in place_of
    )
    return np.array(list(pairs), np.int64).reshape(-1, 2)


def _among(values: NDArray[np.uint64], rising: NDArray[np.uint64]) -> NDArray[np.bool_]:
    if not len(rising):
        return np.zeros(len(values), np.bool_)
    place = np.minimum(np.searchsorted(rising, values), len(rising) - 1)
    found: NDArray[np.bool_] = rising[place] == values
    return found


def _read(path: Path, digest: str) -> NDArray[np.uint64]:
    try:
        data = path.read_bytes()
    except FileNotFoundError as exc:
        raise StoreError(f"{path.name} is missing: leave out --since and compare everybody") from exc
    if hashlib.sha256(data).hexdigest() != digest:
        raise StoreError(f"{path.name} is not as it was written: leave out --since and compare everybody")
    return np.frombuffer(data, "<u8").astype(np.uint64)
