from __future__ import annotations

import numpy as np
import pytest
from tests.unit.comparison.embedding_sets import (
    embeddings_of,
    mates_of,
    packed_rows,
    random_rows,
)

from biocapil.candidates import CandidateList
from biocapil.comparison import (
    EmbeddingPrecision,
    SignGates,
    embedding_pairs_above,
    search_embeddings,
    sign_gates_for,
)
from biocapil.comparison.reference import embeddings as twin
from biocapil.comparison.sign_gates import gates_at

INT8 = EmbeddingPrecision.INT8
OPEN = SignGates(words=1, first=-1.0, every=-1.0, weighed=None)


def found_in(lists: tuple[CandidateList, ...]) -> set[tuple[int, int]]:
    return {(one, candidate.row) for one, own in enumerate(lists) for candidate in own}


@pytest.mark.parametrize("freedom", [60, 150, 512])
def test_gates_for_some_mates_keep_as_many_of_others_as_was_asked_for(freedom: int) -> None:
    references = random_rows(1, 6000, 512, freedom=freedom)
    packed = packed_rows(references, INT8)
    mates = [mates_of(references[:3000], seed, noise=1.1) for seed in (2, 3)]
    mated = [twin.inner_products(own, references[:3000]).diagonal() for own in mates]
    threshold = float(np.quantile(mated[0], 0.05))

    gates = sign_gates_for(packed, threshold=threshold, mated=mated[0], kept=0.99)
    exact = found_in(search_embeddings(embeddings_of(mates[1]), packed, threshold=threshold))
    gated = found_in(
        search_embeddings(embeddings_of(mates[1]), packed, threshold=threshold, exact=False, gates=gates)
    )

    assert gated <= exact
    assert len(exact) > 2800
    assert len(gated) >= 0.985 * len(exact)
    assert len(gated) < len(exact)


def test_gates_rise_with_the_mates_and_fall_with_what_must_be_kept() -> None:
    packed = packed_rows(random_rows(4, 3000, 512, freedom=150), INT8)

    def gates(lowest: float, kept: float) -> SignGates:
        return sign_gates_for(packed, threshold=0.4, mated=np.linspace(lowest, 0.9, 500), kept=kept)

    near, far, strict = gates(0.4, 0.99), gates(0.6, 0.99), gates(0.4, 0.9999)

    assert far.every > near.every > strict.every
    assert near.weighed is not None
    assert strict.weighed is not None
    assert near.weighed > strict.weighed
    assert near.every > gates_at(packed, 0.4).every


def test_mates_below_the_threshold_do_not_count() -> None:
    packed = packed_rows(random_rows(5, 500, 256), INT8)
    mated = np.linspace(0.5, 0.9, 100)

    assert sign_gates_for(packed, threshold=0.5, mated=mated) == (
        sign_gates_for(packed, threshold=0.5, mated=np.concatenate([mated, np.zeros(50)]))
    )


def test_open_gates_find_what_the_exact_search_finds() -> None:
    references = random_rows(6, 400, 128)
    packed = packed_rows(references, EmbeddingPrecision.FLOAT32)
    probes = embeddings_of(mates_of(references[:20], 7, noise=0.9))

    exact = search_embeddings(probes, packed, threshold=0.3, limit=50)
    gated = search_embeddings(probes, packed, threshold=0.3, limit=50, exact=False, gates=OPEN)

    assert [own.candidates for own in gated] == [own.candidates for own in exact]
    assert embedding_pairs_above(packed, threshold=0.3, exact=False, gates=OPEN) == (
        embedding_pairs_above(packed, threshold=0.3)
    )


def test_no_mated_similarity_from_the_threshold_on_is_refused() -> None:
    packed = packed_rows(random_rows(8, 300, 64), INT8)
    with pytest.raises(ValueError, match=r"at least one mated similarity must be 0\.5 or more"):
        sign_gates_for(packed, threshold=0.5, mated=np.array([0.1, 0.4]))


@pytest.mark.parametrize("kept", [0.0, 1.0, np.nan])
def test_a_share_that_is_none_is_refused(kept: float) -> None:
    packed = packed_rows(random_rows(9, 300, 64), INT8)
    with pytest.raises(ValueError, match="kept must be between 0 and 1"):
        sign_gates_for(packed, threshold=0.5, mated=np.array([0.6]), kept=kept)


def test_gates_and_an_exact_search_contradict_each_other() -> None:
    packed = packed_rows(random_rows(10, 30, 64), INT8)
    with pytest.raises(ValueError, match="gates need exact=False"):
        search_embeddings([], packed, threshold=0.5, gates=OPEN)
    with pytest.raises(ValueError, match="gates need exact=False"):
        embedding_pairs_above(packed, threshold=0.5, gates=OPEN)
