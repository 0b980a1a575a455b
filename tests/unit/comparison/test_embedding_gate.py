from __future__ import annotations

import numpy as np
import pytest
from tests.unit.comparison.embedding_sets import mates_of, packed_rows, random_rows

from biocapil.comparison import EmbeddingPrecision, SignGates, embedding_gate
from biocapil.comparison.embedding_scan import words_of
from biocapil.comparison.reference import embeddings as twin
from biocapil.comparison.sign_gates import gates_at


@pytest.mark.parametrize("weighed", [None, 0.25])
def test_what_passes_has_the_shares_and_the_weighed_sum_that_are_asked_for(weighed: float | None) -> None:
    references = random_rows(1, 300, 200)
    probes = mates_of(references[:25], 2, noise=1.0)
    packed = packed_rows(references, EmbeddingPrecision.INT8)
    gates = SignGates(words=2, first=0.597, every=0.5525, weighed=weighed)

    found = embedding_gate.pairs_through(packed, words_of(probes, packed), gates, 0, len(packed.signs))

    early = twin.equal_signs(probes[:, :128], references[:, :128]) / 128 >= 0.597
    every = twin.equal_signs(probes, references) / 200 >= 0.5525
    steps = twin.steps_of(probes, packed.scale)
    sums = steps @ np.where(references > 0, 1, -1).T / np.sqrt(200) / np.linalg.norm(steps, axis=1)[:, None]
    passing = early & every & (sums >= (-2.0 if weighed is None else weighed))
    expected = list(zip(*(places.tolist() for places in np.nonzero(passing)), strict=True))
    assert sorted(zip(found.probes.tolist(), found.rows.tolist(), strict=True)) == expected
    assert len(expected) > 20


def test_more_pairs_than_there_was_room_for_are_all_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding_gate, "FIRST_ROOM", 3)
    references = random_rows(3, 300, 128)
    packed = packed_rows(references, EmbeddingPrecision.INT8)

    gates = gates_at(packed, 0.7)
    found = embedding_gate.pairs_through(packed, words_of(references, packed), gates, 0, len(packed.signs))

    pairs = set(zip(found.probes.tolist(), found.rows.tolist(), strict=True))
    assert {(one, one) for one in range(300)} <= pairs
    assert len(pairs) == len(found.rows) > 300


def test_few_signs_may_differ_where_a_large_share_must_be_equal() -> None:
    assert embedding_gate.most_differing(1.0, 100) == 0
    assert embedding_gate.most_differing(0.905, 100) == 9
    assert embedding_gate.most_differing(-0.5, 100) == 150
