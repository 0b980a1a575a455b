from __future__ import annotations

import numpy as np
import pytest
from tests.unit.comparison.strategies import OTHER_MODEL, finger, impression

from biocapil.comparison import (
    GRAIN,
    CompactReferences,
    FingerProbes,
    FingerReferences,
    compact,
    finger_probes,
    pack,
    search_compact,
)
from biocapil.comparison import compact_references as module
from biocapil.comparison.compact import COMPACT_COMPARATOR, coarse
from biocapil.comparison.compare import compare_pairs
from biocapil.comparison.packed import PackedTemplates, join_packed
from biocapil.errors import IncompatibleTemplates
from biocapil.vocabulary import Modality

COUNT = 2 * GRAIN + 7
SOUGHT = (3, COUNT - 1)


@pytest.fixture(scope="module")
def sources() -> PackedTemplates:
    return pack([finger(seed, minutiae=24) for seed in range(COUNT)])


@pytest.fixture(scope="module")
def probes() -> FingerProbes:
    return finger_probes([impression(finger(seed, minutiae=24), 1) for seed in SOUGHT])


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXPANDED_AT_ONCE", GRAIN)


def expected(probes: PackedTemplates, references: PackedTemplates) -> np.ndarray:
    both = coarse(join_packed([probes, references]))
    pairs = [(p, len(probes) + r) for p in range(len(probes)) for r in range(len(references))]
    return compare_pairs(both, np.array(pairs)).reshape(len(probes), -1)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize(("first", "last"), [(0, COUNT), (GRAIN, COUNT), (0, GRAIN), (GRAIN, GRAIN)])
def test_an_exact_scan_is_every_pair_compared_in_the_coarse_form(
    sources: PackedTemplates, probes: FingerProbes, first: int, last: int
) -> None:
    references = CompactReferences(compact=compact(sources))
    found = references.scan(probes, first, last)
    wanted = expected(probes.packed, sources)[:, first:last]
    where = np.nonzero(wanted)
    np.testing.assert_array_equal(found.probes, where[0])
    np.testing.assert_array_equal(found.rows, where[1] + first)
    np.testing.assert_array_equal(found.similarities, wanted[where])
    best = references.scan(probes, first, last, limit=1, least=0.02)
    wanted_best = found.where(found.similarities >= 0.02).strongest(1)
    np.testing.assert_array_equal(best.rows, wanted_best.rows)
    np.testing.assert_array_equal(best.similarities, wanted_best.similarities)


def test_the_mates_come_first_with_and_without_gates(sources: PackedTemplates, probes: FingerProbes) -> None:
    gallery = compact(sources)
    for place, row in enumerate(SOUGHT):
        probe = probes.packed.stretch(place, place + 1)
        for exact in (True, False):
            answer = search_compact(probe, gallery, exact=exact, limit=2)
            assert next(iter(answer)).row == row
            assert answer.searched == COUNT


@pytest.mark.usefixtures("small_blocks")
def test_a_search_is_the_same_on_one_thread_and_on_two(sources: PackedTemplates) -> None:
    template = impression(finger(3, minutiae=24), 5)
    answers = [search_compact(template, compact(sources), limit=COUNT, workers=workers) for workers in (1, 2)]
    assert answers[0] == answers[1]
    one = pack([template])
    scanned = FingerReferences(packed=coarse(sources)).scan(
        FingerProbes(packed=coarse(one)), 0, COUNT, exact=False
    )
    assert sorted(c.row for c in answers[0]) == scanned.rows.tolist()


def test_an_empty_gallery_has_no_candidate(sources: PackedTemplates, probes: FingerProbes) -> None:
    nobody = compact(sources.take(np.empty(0, np.int64)))
    answer = search_compact(probes.packed.stretch(0, 1), nobody)
    assert (list(answer), answer.searched, answer.passed_gates) == ([], 0, (0, 0))
    assert len(CompactReferences(compact=nobody).scan(probes, 0, 0)) == 0


def test_chosen_pairs_have_the_similarity_of_a_scan(sources: PackedTemplates, probes: FingerProbes) -> None:
    references = CompactReferences(compact=compact(sources))
    which, rows = np.array([1, 0, 1, 0]), np.array([5, 5, SOUGHT[1], SOUGHT[0]])
    found = references.similarities(probes, which, rows)
    np.testing.assert_array_equal(found, expected(probes.packed, sources)[which, rows])


def test_references_are_probes_of_the_same_coarse_form(sources: PackedTemplates) -> None:
    references = CompactReferences(compact=compact(sources))
    np.testing.assert_array_equal(references.probes(2, 5).packed.words, coarse(sources).stretch(2, 5).words)
    rows = np.array([9, 1])
    np.testing.assert_array_equal(references.chosen(rows).packed.words, coarse(sources).take(rows).words)
    taken = references.take(rows)
    assert (len(taken), taken.sizes().tolist()) == (2, sources.sizes()[rows].tolist())
    assert (references.modality, references.model_id) == (Modality.FINGER, sources.model_id)
    assert references.comparator == COMPACT_COMPARATOR


def test_another_model_another_modality_and_wrong_numbers_are_refused(
    sources: PackedTemplates, probes: FingerProbes
) -> None:
    gallery = compact(sources)
    with pytest.raises(IncompatibleTemplates, match="other@2"):
        search_compact(finger(1, model=OTHER_MODEL), gallery)
    with pytest.raises(IncompatibleTemplates, match="other@2"):
        CompactReferences(compact=gallery).scan(finger_probes([finger(1, model=OTHER_MODEL)]), 0, COUNT)
    with pytest.raises(ValueError, match="the probe must be one template, got 2"):
        search_compact(probes.packed, gallery)
    with pytest.raises(ValueError, match="limit must be at least 1"):
        search_compact(finger(1), gallery, limit=0)
    with pytest.raises(ValueError, match="from a multiple of"):
        CompactReferences(compact=gallery).scan(probes, 1, COUNT)
