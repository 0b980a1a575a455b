"""Two stages against one on made-up codes: margins chosen on some seeds, speed and recall on others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from biocapil.comparison import CodeCandidateList, PackedCodes, ThinnedCodes, search_codes, thin
from biocapil.iris_code import IrisCode
from biocapil.uncertainty import rate_with_interval, single_clusters
from kernel_race import race, ratio
from made_codes import MadeCodes, Texture, freedom, made_codes

TURNS = {2048: 7, 12_800: 15}
Pair = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trial:
    """Probes, some of whose eyes stand among the references.

    Attributes:
        texture: How the codes were made.
        probes: The probes.
        references: Codes of all eyes.
        freedom: Independent bits that strangers spread as.
    """

    texture: Texture
    probes: tuple[IrisCode, ...]
    references: PackedCodes
    freedom: float

    @property
    def turns(self) -> int:
        """Columns that an eye may be turned."""
        return TURNS[self.texture.geometry.bits]


def trial_of(seed: int, texture: Texture, *, eyes: int, probes: int) -> Trial:
    """Eyes of one seed; the first of them are seen again."""
    enrolled, again = made_codes(np.random.default_rng(seed), texture, eyes=eyes, again=probes)
    packed = enrolled.packed()
    return Trial(texture=texture, probes=codes_of(again), references=packed, freedom=freedom(enrolled))


def codes_of(made: MadeCodes) -> tuple[IrisCode, ...]:
    """Rows of words as codes."""
    packed = made.packed()
    return tuple(packed.code(row) for row in range(len(packed)))


def found_pairs(answers: Iterable[CodeCandidateList]) -> set[Pair]:
    """All found pairs with their counts and turns."""
    return {
        (p, found.row, found.differing_bits, found.compared_bits, found.turn)
        for p, answer in enumerate(answers)
        for found in answer
    }


def searched(
    trial: Trial, probes: Sequence[IrisCode], threshold: float, stage_one: ThinnedCodes | None, **asked: Any
) -> tuple[CodeCandidateList, ...]:
    """All references within a threshold of some probes, on one thread."""
    return search_codes(
        probes,
        trial.references,
        turns=trial.turns,
        threshold=threshold,
        limit=None,
        stage_one=stage_one,
        workers=1,
        **asked,
    )


def recall(
    trials: Sequence[Trial], threshold: float, *, every: int, pairs_every: int, margin: float | None = None
) -> dict[str, Any]:
    """Share of all that the exact search finds which two stages find, with an interval over probes."""
    lost: list[bool] = []
    of_probe: list[int] = []
    strangers = 0
    settled = 0
    compared = 0
    first = 0
    for trial in trials:
        stage_one = thin(trial.references, every=every, pairs_every=pairs_every)
        exact = found_pairs(searched(trial, trial.probes, threshold, None))
        answers = searched(trial, trial.probes, threshold, stage_one, margin=margin)
        quick = found_pairs(answers)
        assert quick <= exact
        lost += [pair not in quick for pair in sorted(exact)]
        of_probe += [first + pair[0] for pair in sorted(exact)]
        strangers += sum(pair[0] != pair[1] for pair in exact)
        settled += sum(answer.settled for answer in answers)
        compared += len(trial.probes) * len(trial.references)
        first += len(trial.probes)
    rate = rate_with_interval(np.array(lost), single_clusters(np.array(of_probe, np.int32), first))
    return {
        "found_by_exact_search": len(lost),
        "of_them_strangers": strangers,
        "lost": sum(lost),
        "recall": 1 - sum(lost) / len(lost),
        "recall_interval_95": [1 - rate.interval.high, 1 - rate.interval.low],
        "compared_in_full": settled / compared,
        "pairs": compared,
    }


def speed(trial: Trial, threshold: float, *, every: int, pairs_every: int, rounds: int) -> dict[str, float]:
    """Pairs a second and core, exact and in two stages, in turns."""
    stage_one = thin(trial.references, every=every, pairs_every=pairs_every)
    times = race(
        {
            "exact": lambda: searched(trial, trial.probes, threshold, None),
            "two_stage": lambda: searched(trial, trial.probes, threshold, stage_one),
        },
        rounds=rounds,
    )
    pairs = len(trial.probes) * len(trial.references)
    return {
        "exact_per_s": pairs / times["exact"].median_s(),
        "two_stage_per_s": pairs / times["two_stage"].median_s(),
        "times_faster": ratio(times, "two_stage", "exact"),
    }


def smallest_margin(
    trials: Sequence[Trial], threshold: float, *, every: int, pairs_every: int, keeping: float
) -> float:
    """Smallest margin, in steps of 0.005, that keeps a share of what the exact search finds."""
    for step in range(1, 40):
        margin = 0.005 * step
        kept = recall(trials, threshold, every=every, pairs_every=pairs_every, margin=margin)
        if kept["recall"] >= keeping:
            return margin
    raise ValueError(f"no margin below 0.2 keeps {keeping}")


def described(trial: Trial) -> dict[str, Any]:
    """A trial for a result file."""
    kept = asdict(trial.texture)
    kept["geometry"] = {
        "columns": trial.texture.geometry.columns,
        "column_bits": trial.texture.geometry.column_bits,
    }
    return {
        **kept,
        "references": len(trial.references),
        "probes": len(trial.probes),
        "independent_bits": trial.freedom,
    }
