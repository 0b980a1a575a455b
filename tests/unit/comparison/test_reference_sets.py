"""One seam for three modalities: scans equal all pairs computed one by one, whatever the stretch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.unit.comparison.code_strategies import SMALL, code_of, correlated_codes, noisy
from tests.unit.comparison.embedding_sets import embeddings_of, mates_of, packed_rows, random_rows
from tests.unit.comparison.strategies import finger, impression

from biocapil.comparison import (
    FULL_SIZE,
    GRAIN,
    EmbeddingPrecision,
    FaceReferences,
    FingerReferences,
    FoundPairs,
    IrisReferences,
    ProbeSet,
    ReferenceSet,
    compare,
    face_probes,
    finger_probes,
    iris_probes,
    pack,
    pack_codes,
    thin,
)
from biocapil.comparison.face_references import face_similarity
from biocapil.comparison.iris_references import iris_similarity, normalised_distance
from biocapil.comparison.reference import bits as code_twin
from biocapil.errors import IncompatibleTemplates
from biocapil.iris_code import CodeGeometry, IrisCode
from biocapil.vocabulary import Modality, ModelId

COUNT = 2 * GRAIN + 7
TURNS = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Room:
    """References, probes among whom are mates, and the similarity of each pair as computed one by one."""

    references: ReferenceSet
    probes: ProbeSet
    expected: NDArray[np.float32]


def fingers() -> Room:
    """Fingers, two of whom are sought."""
    sources = [finger(seed, minutiae=24) for seed in range(COUNT)]
    probes = [impression(sources[3], 1), impression(sources[COUNT - 1], 2)]
    return Room(
        references=FingerReferences(packed=pack(sources)),
        probes=finger_probes(probes),
        expected=np.array([[compare(probe, each) for each in sources] for probe in probes], np.float32),
    )


def irises() -> Room:
    """Eyes, two of which are sought, and one code without a valid bit."""
    rng = np.random.default_rng(5)
    codes = [code_of(rng, SMALL) for _ in range(COUNT - 1)] + [code_of(rng, SMALL, valid=0.0)]
    probes = [noisy(codes[3], rng, flipped=0.1, turn=2), noisy(codes[50], rng, flipped=0.3, turn=-1)]
    expected = np.zeros((len(probes), COUNT), np.float32)
    for number, probe in enumerate(probes):
        said, _ = code_twin.search(
            probe, codes, turns=TURNS, threshold=1.0, limit=None, fewest_bits=SMALL.bits // 8
        )
        for each in said:
            usual = normalised_distance(np.array(each.dissimilarity), np.array(each.compared_bits), SMALL)
            expected[number, each.row] = iris_similarity(usual)
    return Room(
        references=IrisReferences(packed=pack_codes(codes), turns=TURNS),
        probes=iris_probes(probes),
        expected=expected,
    )


def faces(precision: EmbeddingPrecision) -> Room:
    """Faces, two of whom are sought."""
    rows = random_rows(7, COUNT, 70)
    probes = mates_of(rows[[3, 50]], 8, noise=0.5)
    packed = packed_rows(rows, precision)
    cosines: NDArray[Any] = probes.astype(np.float64) @ rows.T.astype(np.float64)
    return Room(
        references=FaceReferences(packed=packed),
        probes=face_probes(embeddings_of(probes)),
        expected=face_similarity(cosines),
    )


ROOMS: dict[str, Callable[[], Room]] = {
    "fingers": fingers,
    "irises": irises,
    "faces": lambda: faces(EmbeddingPrecision.FLOAT32),
    "quantised faces": lambda: faces(EmbeddingPrecision.INT8),
}


@pytest.fixture(scope="module", params=ROOMS)
def room(request: pytest.FixtureRequest) -> Room:
    """Each modality in turn."""
    return ROOMS[request.param]()


def near(room: Room) -> dict[str, float]:
    """How far similarities may lie from those computed one by one: quantised ones are coarse."""
    quantised = isinstance(room.references, FaceReferences) and room.references.packed.values is None
    return {"abs": 0.7 if quantised else 1e-4}


def all_pairs(room: Room, **wanted: Any) -> FoundPairs:
    """A scan of everything."""
    return room.references.scan(room.probes, 0, len(room.references), **wanted)


def keys(found: FoundPairs) -> list[tuple[int, int]]:
    """Probe and row of each pair."""
    return list(zip(found.probes.tolist(), found.rows.tolist(), strict=True))


def test_a_scan_finds_each_pair_that_has_something_in_common(room: Room) -> None:
    found = all_pairs(room)

    matrix = np.zeros_like(room.expected)
    matrix[found.probes, found.rows] = found.similarities
    assert matrix == pytest.approx(room.expected, **near(room))
    assert (found.similarities > 0).all()
    assert keys(found) == sorted(keys(found))


def test_chosen_pairs_have_the_similarities_of_the_scan(room: Room) -> None:
    found = all_pairs(room)
    shuffled = np.random.default_rng(1).permutation(len(found))

    again = room.references.similarities(room.probes, found.probes[shuffled], found.rows[shuffled])

    assert again.tolist() == found.similarities[shuffled].tolist()


def test_pairs_with_nothing_in_common_have_similarity_0(room: Room) -> None:
    matrix = np.zeros_like(room.expected)
    found = all_pairs(room)
    matrix[found.probes, found.rows] = 1
    probes, rows = np.nonzero(matrix == 0)

    assert not room.references.similarities(room.probes, probes, rows).any()


def test_stretches_together_find_what_one_scan_finds(room: Room) -> None:
    borders = [0, GRAIN, 2 * GRAIN, len(room.references)]
    parts = [room.references.scan(room.probes, first, last) for first, last in pairwise(borders)]

    together = sorted(each for part in parts for each in keys(part))

    assert together == keys(all_pairs(room))


def test_an_empty_stretch_finds_nothing(room: Room) -> None:
    assert not len(room.references.scan(room.probes, GRAIN, GRAIN))


def test_a_threshold_leaves_out_the_weaker(room: Room) -> None:
    found = all_pairs(room)
    least = float(np.sort(found.similarities)[-4])

    assert keys(all_pairs(room, least=least)) == keys(found.where(found.similarities >= least))


def test_a_threshold_above_everything_finds_nothing(room: Room) -> None:
    assert not len(all_pairs(room, least=1e6))


@pytest.mark.parametrize("limit", [1, 3, 2000])
def test_a_limit_keeps_the_most_alike_of_each_probe(room: Room, limit: int) -> None:
    assert keys(all_pairs(room, limit=limit)) == keys(all_pairs(room).strongest(limit))


def test_own_rows_are_probes(room: Room) -> None:
    own = room.references.probes(GRAIN, len(room.references))

    found = room.references.scan(own, GRAIN, len(room.references))

    diagonal = found.rows == found.probes + GRAIN
    assert len(own) == len(room.references) - GRAIN
    for number in np.unique(found.probes[diagonal]).tolist():
        of_one = found.where(found.probes == number)
        assert of_one.rows[np.argmax(of_one.similarities)] == number + GRAIN
    turned = set(zip((found.rows - GRAIN).tolist(), (found.probes + GRAIN).tolist(), strict=True))
    assert turned == set(keys(found))


def test_taken_rows_are_copies_in_a_new_order(room: Room) -> None:
    rows = np.array([50, 3, COUNT - 1, 3])
    found = all_pairs(room)

    taken = room.references.take(rows).scan(room.probes, 0, len(rows))

    expected = dict(zip(keys(found), found.similarities.tolist(), strict=True))
    for (probe, place), alike in zip(keys(taken), taken.similarities.tolist(), strict=True):
        assert expected[probe, int(rows[place])] == alike
    assert len(taken) == sum((probe, int(row)) in expected for probe in range(2) for row in rows)


def test_chosen_rows_are_probes_in_their_order(room: Room) -> None:
    rows = np.array([GRAIN + 3, 2, GRAIN + 3, 0])

    found = room.references.scan(room.references.chosen(rows), 0, len(room.references))
    everybody = room.references.probes(0, len(room.references))
    own = room.references.scan(everybody, 0, len(room.references))

    for place, row in enumerate(rows.tolist()):
        again, of_one = found.where(found.probes == place), own.where(own.probes == row)
        assert again.rows.tolist() == of_one.rows.tolist()
        assert again.similarities.tolist() == of_one.similarities.tolist()


def test_sizes_are_what_a_calibration_asks_for(room: Room) -> None:
    sizes = room.references.sizes()

    assert sizes.shape == (len(room.references),)
    assert room.probes.sizes().shape == (len(room.probes),)
    if room.references.modality is not Modality.FINGER:
        assert (sizes == FULL_SIZE).all()


def test_many_fingers_are_prepared_as_they_are_scanned(monkeypatch: pytest.MonkeyPatch) -> None:
    room = fingers()
    kept = all_pairs(room)
    monkeypatch.setattr("biocapil.comparison.finger_references.KEPT_READY", 1)

    made = all_pairs(room)

    assert keys(made) == keys(kept)
    assert (
        room.references.similarities(room.probes, made.probes, made.rows).tolist()
        == made.similarities.tolist()
    )


def test_gates_only_leave_out() -> None:
    room = fingers()
    exact = keys(all_pairs(room))

    assert set(keys(all_pairs(room, exact=False))) <= set(exact)


def test_two_stages_find_mates_and_leave_out_strangers() -> None:
    rng = np.random.default_rng(3)
    enrolled, again = correlated_codes(rng, 60, SMALL, noise=0.5, largest_turn=2)
    packed = pack_codes(enrolled)
    room = IrisReferences(packed=packed, turns=TURNS, stage_one=thin(packed, every=2))

    exact = room.scan(iris_probes(again), 0, len(room), least=30.0)
    gated = room.scan(iris_probes(again), 0, len(room), least=30.0, exact=False)

    assert len(exact) >= 50
    assert set(keys(gated)) <= set(keys(exact))
    assert len(gated) >= len(exact) - 2


def test_signs_find_mates() -> None:
    rows = random_rows(2, 400, 256)
    room = FaceReferences(packed=packed_rows(rows, EmbeddingPrecision.FLOAT32))
    probes = face_probes(embeddings_of(mates_of(rows[:50], 4, noise=0.4)))

    assert keys(room.scan(probes, 0, 400, least=70.0, exact=False)) == [(row, row) for row in range(50)]


def test_a_longer_list_than_there_was_room_for_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    room = irises()
    expected = keys(all_pairs(room))
    monkeypatch.setattr("biocapil.comparison.iris_references.FIRST_LONGEST", 2)

    assert keys(all_pairs(room)) == expected


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), unique=True), st.integers(1, 4), st.data())
def test_the_strongest_are_those_a_sort_finds(
    pairs: list[tuple[int, int]], limit: int, data: st.DataObject
) -> None:
    ordered = sorted(pairs)
    alike = data.draw(st.lists(st.sampled_from([1.0, 2.0, 3.0]), min_size=len(pairs), max_size=len(pairs)))
    found = FoundPairs(
        probes=np.array([probe for probe, _ in ordered], np.int64),
        rows=np.array([row for _, row in ordered], np.int64),
        similarities=np.array(alike, np.float32),
    )

    kept = keys(found.strongest(limit))

    ranked = sorted(zip(ordered, alike, strict=True), key=lambda each: (each[0][0], -each[1], each[0][1]))
    counted: dict[int, int] = {}
    expected = []
    for (probe, row), _ in ranked:
        counted[probe] = counted.get(probe, 0) + 1
        if counted[probe] <= limit:
            expected.append((probe, row))
    assert kept == sorted(expected)


@pytest.mark.parametrize(
    ("first", "last"), [(1, COUNT), (0, 5), (-GRAIN, GRAIN), (GRAIN, 0), (0, 10 * GRAIN)]
)
def test_a_stretch_that_cuts_a_block_is_refused(room: Room, first: int, last: int) -> None:
    with pytest.raises(ValueError, match="a scan reads rows from a multiple of 48"):
        room.references.scan(room.probes, first, last)


def test_numbers_out_of_range_are_refused(room: Room) -> None:
    with pytest.raises(ValueError, match="limit must be at least 1, got 0"):
        all_pairs(room, limit=0)
    with pytest.raises(ValueError, match="least must be a similarity of at least 0, got nan"):
        all_pairs(room, least=float("nan"))


def test_probes_of_another_modality_or_model_are_refused(room: Room) -> None:
    others: Sequence[ProbeSet] = [
        face_probes(embeddings_of(random_rows(1, 1, 70), model=ModelId("other@1"))),
        finger_probes([finger(1, model=ModelId("other@1"))]),
    ]
    for other in others:
        with pytest.raises(IncompatibleTemplates, match="templates of different models never compare"):
            room.references.scan(other, 0, GRAIN)
        with pytest.raises(IncompatibleTemplates, match="templates of different models never compare"):
            room.references.similarities(other, np.zeros(1, np.int64), np.zeros(1, np.int64))


def test_probes_of_another_form_are_refused() -> None:
    rng = np.random.default_rng(1)
    with pytest.raises(IncompatibleTemplates, match="the probes have CodeGeometry"):
        irises().references.scan(
            iris_probes([code_of(rng, CodeGeometry(columns=64, column_bits=16))]), 0, GRAIN
        )
    with pytest.raises(IncompatibleTemplates, match="the probes have 8 dimensions, the references 70"):
        ROOMS["faces"]().references.scan(face_probes(embeddings_of(random_rows(1, 1, 8))), 0, GRAIN)


def test_rows_of_a_gallery_in_other_steps_are_refused() -> None:
    ours, theirs = ROOMS["faces"]().references, ROOMS["quantised faces"]().references
    with pytest.raises(IncompatibleTemplates, match="pack both in one precision and scale"):
        ours.scan(theirs.probes(0, 3), 0, GRAIN)


def test_no_probe_is_no_search() -> None:
    with pytest.raises(ValueError, match="at least one iris code, got none"):
        iris_probes([])
    with pytest.raises(ValueError, match="at least one embedding, got none"):
        face_probes([])


def test_turns_beyond_half_of_the_columns_are_refused() -> None:
    rng = np.random.default_rng(1)
    packed = pack_codes([code_of(rng, SMALL)])
    with pytest.raises(ValueError, match=r"turns must lie in 0\.\.64"):
        IrisReferences(packed=packed, turns=65)
    other = thin(pack_codes([code_of(rng, SMALL), code_of(rng, SMALL)]))
    with pytest.raises(ValueError, match="stage_one must be made of the references"):
        IrisReferences(packed=packed, turns=1, stage_one=other)


def test_comparators_name_what_changes_a_score() -> None:
    assert fingers().references.comparator == "cascade/2"
    assert irises().references.comparator == "hamming/2/3"
    assert ROOMS["faces"]().references.comparator == "cosine/1"


def test_more_bits_make_the_same_distance_surer() -> None:
    compared = (np.array([0.25, 1.0, 1.5, 4.0]) * 0.3174 * SMALL.bits).round().astype(int)
    distances = normalised_distance(np.full(4, 0.3), compared, SMALL)
    stretch = np.sqrt(np.minimum(compared / (0.3174 * SMALL.bits), 1.5))
    assert distances == pytest.approx(0.5 - 0.2 * stretch)
    assert normalised_distance(np.full(4, 0.5), compared, SMALL) == pytest.approx(0.5)


def test_a_short_list_holds_the_most_similar_though_they_are_not_the_nearest() -> None:
    """Ten codes of few valid bits differ less, one of many bits more: that one is the most similar."""
    rng = np.random.default_rng(8)
    probe = code_of(rng, SMALL, valid=1.0)
    few = noisy(probe, rng, flipped=0.20)
    rest = [thinned_mask(noisy(probe, rng, flipped=0.16), rng) for _ in range(10)]
    references = IrisReferences(packed=pack_codes([*rest, few]), turns=0)
    everything = references.scan(iris_probes([probe]), 0, 11)
    for limit in (1, 2, 5, 11):
        short = references.scan(iris_probes([probe]), 0, 11, limit=limit)
        expected = everything.strongest(limit)
        assert short.rows.tolist() == expected.rows.tolist()
        assert (short.similarities == expected.similarities).all()
        assert 10 in short.rows


def thinned_mask(code: IrisCode, rng: np.random.Generator) -> IrisCode:
    """The code with a quarter of its valid bits."""
    words = [rng.integers(0, 2**63, code.mask.shape, np.uint64) for _ in range(2)]
    return replace(code, mask=code.mask & words[0] & words[1])
