"""`RunTerms`: everything that decides what a run gives, as its journal and its finished state keep it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from biocapil.comparison import GRAIN
from biocapil.deduplication.registry.pair_policy import Bar, PairPolicy, PolicyTerms
from biocapil.deduplication.registry.people import Everybody
from biocapil.deduplication.registry.tiles import BLOCK_ROWS, LEAST_BLOCKS
from biocapil.errors import IncompatibleTemplates
from biocapil.gallery import GallerySnapshot
from biocapil.vocabulary import Instance, Modality, ModelId

CUT = ", ".join(f"{each.value} {rows}" for each, rows in BLOCK_ROWS.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Whose templates are compared, and how.

    Attributes:
        model_id: Model that made them.
        comparator: Version of the comparison.
    """

    model_id: ModelId
    comparator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTerms:
    """What decides what a run gives.

    Attributes:
        gallery_id: Gallery.
        generation: Commits that it had.
        content: SHA-256 of its manifest.
        policy: What the policy rests on.
        modalities: What is compared, by modality.
        instances: Names of all instances that the gallery has.
        bars: Evidence that each scanned instance has to show, by name.
        exact: Whether every pair is compared in full.
        blocks: How tiles are cut.
        since: SHA-256 of the finished state that the run goes on from; empty where everybody is new.
    """

    gallery_id: str
    generation: int
    content: str
    policy: PolicyTerms
    modalities: Mapping[str, Compared]
    instances: tuple[str, ...]
    bars: Mapping[str, float]
    exact: bool
    blocks: str
    since: str

    def to_json(self) -> dict[str, Any]:
        """What `json.dumps` takes."""
        return asdict(self)


def run_terms(
    snapshot: GallerySnapshot,
    policy: PairPolicy,
    bars: Mapping[Instance, Bar],
    everybody: Everybody,
    *,
    exact: bool,
    since: str,
) -> RunTerms:
    """Terms of a run.

    Args:
        snapshot: Gallery.
        policy: Weighs evidence.
        bars: What each scanned instance has to show.
        everybody: All people.
        exact: Whether every pair is compared in full.
        since: SHA-256 of the finished state that it goes on from.
    """
    state = snapshot.state
    return RunTerms(
        gallery_id=state.manifest.gallery_id,
        generation=state.manifest.generation,
        content=hashlib.sha256(state.manifest_bytes).hexdigest(),
        policy=policy.terms,
        modalities={each.value: what for each, what in compared_modalities(everybody).items()},
        instances=tuple(each.name for each in everybody.instances),
        bars={instance.name: bar.llr for instance, bar in bars.items()},
        exact=exact,
        blocks=f"multiples of {GRAIN}, at most {CUT}, at least {LEAST_BLOCKS}",
        since=since,
    )


def compared_modalities(everybody: Everybody) -> dict[Modality, Compared]:
    """Models and comparisons of a gallery's modalities.

    Raises:
        IncompatibleTemplates: One modality has two models or comparisons.
    """
    found: dict[Modality, Compared] = {}
    for (_, instance), rows in everybody.rows.items():
        references = rows.references
        here = Compared(model_id=references.model_id, comparator=references.comparator)
        if found.setdefault(instance.modality, here) != here:
            raise IncompatibleTemplates(
                f"{instance.modality.value} templates of {here} and of {found[instance.modality]}; templates "
                "of different models never compare: rebuild the gallery with one model"
            )
    return found


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> Sequence[str]:
    """Names of the terms in which two runs differ."""
    names = [field.name for field in fields(RunTerms)]
    return [name for name in names if canonical(one.get(name)) != canonical(other.get(name))]


def canonical(value: object) -> str:
    """Text that is the same for the same JSON value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
