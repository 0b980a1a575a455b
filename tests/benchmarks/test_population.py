"""People who do not exist are the same in any batch, and duplicates are the same people captured anew."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from biocapil.comparison import search_codes
from biocapil.comparison.compare import compare_pairs
from biocapil.vocabulary import Modality
from population import EYES, FINGERS, DrawnPeople, draw_people, planted_duplicates
from population.draws import Draws, Stream
from population.irises import pack_irises
from population.people import BLOCK
from population.scores import TURNS, drawn_calibration, drawn_scores, nearest_turn

COUNT = BLOCK + 40
SEED = 9


@pytest.fixture(scope="module")
def everybody() -> DrawnPeople:
    (people,) = draw_people(COUNT, duplicates=20, seed=SEED, batch=COUNT)
    return people


def same(one: DrawnPeople, other: DrawnPeople) -> bool:
    return (
        one.first == other.first
        and (one.sources == other.sources).all()
        and all((a.words == b.words).all() for a, b in zip(one.fingers, other.fingers, strict=True))
        and all((a.offsets == b.offsets).all() for a, b in zip(one.fingers, other.fingers, strict=True))
        and all((a == b).all() for a, b in zip(one.irises, other.irises, strict=True))
        and bool((one.faces == other.faces).all())
    )


@pytest.mark.parametrize("batch", [1, 7, BLOCK, BLOCK + 1])
def test_people_are_the_same_in_any_batch(everybody: DrawnPeople, batch: int) -> None:
    batches = list(draw_people(COUNT, duplicates=20, seed=SEED, batch=batch))

    assert sum(map(len, batches)) == COUNT
    for each in [batches[0], *batches[-2:]]:
        assert [each.person_id(0), each.sources[0]] == [
            everybody.person_id(each.first),
            everybody.sources[each.first],
        ]
        for record in (0, len(each) - 1):
            there = each.first + record
            assert (each.fingers_of(record).words == everybody.fingers_of(there).words).all()
            assert (each.irises[1][record] == everybody.irises[1][there]).all()
            assert (each.faces[record] == everybody.faces[there]).all()


def test_several_processes_may_share_the_work(everybody: DrawnPeople) -> None:
    (some,) = draw_people(COUNT, duplicates=20, seed=SEED, batch=COUNT, among=range(500, 530))

    assert some.person_id(0) == "p000000500"
    assert (some.faces == everybody.faces[500:530]).all()
    assert (some.fingers_of(29).words == everybody.fingers_of(529).words).all()


def test_the_same_seed_gives_the_same_people_and_another_others(everybody: DrawnPeople) -> None:
    (again,) = draw_people(COUNT, duplicates=20, seed=SEED, batch=COUNT)
    (others,) = draw_people(COUNT, duplicates=20, seed=SEED + 1, batch=COUNT)

    assert same(again, everybody)
    assert not same(others, everybody)


def test_leaving_out_a_modality_does_not_change_the_others(everybody: DrawnPeople) -> None:
    (eyes,) = draw_people(COUNT, duplicates=20, seed=SEED, batch=COUNT, modalities=frozenset({Modality.IRIS}))

    assert (eyes.irises[0] == everybody.irises[0]).all()
    assert eyes.fingers == ()
    assert len(eyes.faces) == 0


def test_planted_duplicates_are_the_records_with_one_source(everybody: DrawnPeople) -> None:
    pairs = planted_duplicates(COUNT, duplicates=20, seed=SEED)

    assert pairs.shape == (20, 2)
    assert len(np.unique(pairs)) == 40
    assert (everybody.sources[pairs[:, 1]] == pairs[:, 0]).all()
    assert len(np.unique(everybody.sources)) == COUNT - 20


def test_duplicates_are_captured_anew_and_alike_and_others_are_not(everybody: DrawnPeople) -> None:
    pairs = planted_duplicates(COUNT, duplicates=20, seed=SEED)
    first, second = pairs.T

    for fingers in everybody.fingers:
        mated = compare_pairs(fingers, pairs)
        strangers = compare_pairs(fingers, np.stack([first, np.roll(second, 1)], axis=1))
        assert np.median(mated) > 20
        assert strangers.max() < 2
    for eyes in everybody.irises:
        near = np.array([nearest_turn(eyes[a], eyes[b : b + 1])[0] for a, b in pairs])
        far = np.array(
            [
                nearest_turn(eyes[a], eyes[b : b + 1])[0]
                for a, b in zip(first, np.roll(second, 1), strict=True)
            ]
        )
        assert 0.03 < np.median(near) < 0.2
        assert far.min() > 0.33
    cosines = np.einsum("nd,nd->n", everybody.faces[first], everybody.faces[second])
    assert 0.5 < np.median(cosines) < 0.9
    assert not (everybody.irises[0][first] == everybody.irises[0][second]).all(axis=(1, 2)).any()


def test_two_fingers_and_two_eyes_of_a_person_are_different(everybody: DrawnPeople) -> None:
    assert len(everybody.fingers) == len(FINGERS) == len(everybody.irises) == len(EYES) == 2
    assert max(compare_pairs_of_fingers(everybody, record) for record in range(20)) < 3
    assert nearest_turn(everybody.irises[0][0], everybody.irises[1][:1])[0] > 0.33


def compare_pairs_of_fingers(people: DrawnPeople, record: int) -> float:
    return float(compare_pairs(people.fingers_of(record), np.array([[0, 1]]))[0])


def test_packed_irises_are_searched_with_the_distances_that_calibrations_use(everybody: DrawnPeople) -> None:
    packed = pack_irises(everybody.irises[0])
    pairs = planted_duplicates(COUNT, duplicates=20, seed=SEED)
    probe = int(pairs[0, 0])

    (found,) = search_codes(everybody.irises_of(probe)[:1], packed, turns=TURNS, limit=None)

    least = nearest_turn(everybody.irises[0][probe], everybody.irises[0])
    assert [each.row for each in found][:2] == [probe, int(pairs[0, 1])]
    assert all(each.dissimilarity == pytest.approx(least[each.row]) for each in found)


def test_records_become_nouns(everybody: DrawnPeople) -> None:
    assert everybody.person_id(3) == "p000000003"
    assert len(everybody.fingers_of(3)) == 2
    assert [each.geometry.bits for each in everybody.irises_of(3)] == [2048, 2048]
    assert len(everybody.face_of(3)) == 512


def test_scattered_rows_are_those_of_a_run() -> None:
    draws = Draws(seed=1, stream=Stream.FACE)
    run = draws.words(np.arange(50), 3)

    rows = np.array([4, 5, 6, 2, 2, 49, 0])
    assert (draws.words(rows, 3) == run[rows]).all()
    assert len(np.unique(run)) == run.size


def test_uniform_and_normal_numbers_are_such() -> None:
    draws = Draws(seed=1, stream=Stream.EYE)
    uniform, normal = draws.uniforms(np.arange(500), (40,)), draws.normals(np.arange(500), (41,))

    assert 0 < uniform.min() < 0.01
    assert 0.99 < uniform.max() < 1
    assert abs(uniform.mean() - 0.5) < 0.01
    assert abs(normal.mean()) < 0.03
    assert abs(normal.std() - 1) < 0.02
    assert abs(np.corrcoef(normal[:, 0], normal[:, 1])[0, 1]) < 0.15


def test_impossible_registries_are_refused() -> None:
    with pytest.raises(ValueError, match=r"duplicates must lie in 0\.\.5"):
        planted_duplicates(10, duplicates=6, seed=1)
    with pytest.raises(ValueError, match="batch must be at least 1"):
        next(draw_people(10, duplicates=0, seed=1, batch=0))
    with pytest.raises(ValueError, match="among must be a run of the 10 records"):
        next(draw_people(10, duplicates=0, seed=1, among=range(5, 11)))


@pytest.mark.parametrize("modality", list(Modality))
def test_a_calibration_of_drawn_people_tells_mates_from_strangers(modality: Modality) -> None:
    scores = drawn_scores(modality, people=40, seed=3)
    calibration = drawn_calibration(modality, people=40)

    evidence = np.interp(np.sqrt(scores.similarities), calibration.table.roots, calibration.table.llr)
    assert np.median(evidence[scores.mated]) > 3
    assert np.median(evidence[scores.nonmated]) < 0
    assert calibration.modality is modality
    assert modality is Modality.FINGER or set(scores.sizes.tolist()) == {255}


def test_codes_are_drawn_without_the_compiler() -> None:
    code = (
        "import sys; sys.path.insert(0, 'benchmarks'); from population import irises;"
        "import numpy as np;"
        "irises.draw_irises(np.arange(3), np.arange(3), eye=1, seed=1); assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)  # noqa: S603 fixed command
