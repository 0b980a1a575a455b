"""Labelled scores of a set, for fitting and checking a calibration: one score set a dataset."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import references_of, similarity_table
from biocapil.evaluation.pairing import PairProtocol, pair_samples
from biocapil.extraction import ExtractedSample
from biocapil.labelled_scores import LabelledScores

Progress = Callable[[int, int], None]
"""Called with the comparisons done so far and their total."""


def labelled_scores(
    samples: Sequence[ExtractedSample], *, on_progress: Progress | None = None
) -> tuple[LabelledScores, ...]:
    """Compare the samples of each dataset with each other, in full.

    Samples of different datasets are not compared: nobody claims that they come from different people.
    Fingers of different names and fingers of one person are non-mated, but only `LabelledScores.nonmated`
    pairs say what a registry meets.

    Args:
        samples: What extraction made of each sample; those without a template are passed over.
        on_progress: Called with the comparisons done so far and their total.

    Returns:
        One set a dataset with at least one pair, in order of first appearance.

    Raises:
        IncompatibleTemplates: The templates of a dataset come from different models.
    """
    groups: dict[str, list[ExtractedSample]] = {}
    for sample in samples:
        if sample.template is not None:
            groups.setdefault(sample.entry.dataset, []).append(sample)
    comparable = {dataset: group for dataset, group in groups.items() if len(group) > 1}
    pairs = [len(group) * (len(group) - 1) // 2 for group in comparable.values()]
    finished = np.concatenate([[0], np.cumsum(pairs, dtype=np.int64)]).tolist()
    sets: list[LabelledScores] = []
    for done, (dataset, group) in zip(finished, comparable.items(), strict=False):

        def tell(compared: int, _of_set: int, start: int = done) -> None:
            if on_progress is not None:
                on_progress(start + compared, finished[-1])

        sets.append(_of_dataset(dataset, group, tell))
    return tuple(sets)


def _of_dataset(dataset: str, group: Sequence[ExtractedSample], tell: Progress) -> LabelledScores:
    references = references_of([each.template for each in group if each.template is not None])
    table = similarity_table(references, on_progress=tell)
    entries = [each.entry for each in group]
    chosen = pair_samples(entries, [each.content_sha256 for each in group], protocol=PairProtocol.ALL)
    pairs = np.concatenate([chosen.mated, chosen.nonmated])
    first, second = pairs[:, 0], pairs[:, 1]
    subjects = _numbered([entry.subject for entry in entries]).astype(np.int32)
    instances = _numbered([entry.instance for entry in entries]).astype(np.int16)
    return LabelledScores(
        dataset=dataset,
        model_id=references.model_id,
        similarities=table[first, second],
        mated=np.arange(len(pairs)) < len(chosen.mated),
        first_subject=subjects[first],
        second_subject=subjects[second],
        sizes=references.sizes()[pairs].min(axis=1),
        first_instance=instances[first],
        second_instance=instances[second],
    )


def _numbered(names: Sequence[Hashable]) -> NDArray[np.int64]:
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)
