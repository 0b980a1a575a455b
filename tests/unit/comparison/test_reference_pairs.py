from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from biocapil.any_template import Template
from biocapil.comparison import (
    COMPARATOR,
    FACE_COMPARATOR,
    comparator_of,
    iris_comparator,
    pack,
    pair_similarities,
    pairs_above,
    reference_pairs_above,
    references_of,
    similarity_matrix,
    similarity_table,
    usual_turns,
)
from biocapil.comparison.reference_set import GRAIN
from biocapil.embedding import Embedding
from biocapil.errors import IncompatibleTemplates
from biocapil.iris_code import CodeGeometry, IrisCode
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ModelId

COUNT = GRAIN + 9
"""More than one strip, and the last not full."""


def finger(seed: int) -> FingerprintTemplate:
    rng = np.random.default_rng(seed)
    return FingerprintTemplate(
        positions_um=rng.uniform(0, 14_000, (24, 2)).astype(np.float32),
        angles_rad=rng.uniform(0, 6.28, 24).astype(np.float32),
        kinds=np.ones(24, np.uint8),
        qualities=np.zeros(24, np.uint8),
        extent_um=(14_000.0, 14_000.0),
        model_id=ModelId("fingers@1"),
    )


def face(seed: int) -> Embedding:
    """Faces of people that all look a little alike."""
    values = 0.3 + np.random.default_rng(seed).normal(size=32)
    return Embedding(values=(values / np.linalg.norm(values)).astype(np.float32), model_id=ModelId("faces@1"))


def iris(seed: int) -> IrisCode:
    rng = np.random.default_rng(seed)
    return IrisCode.from_bits(
        rng.random((64, 16)) < 0.5, rng.random((64, 16)) < 0.9, model_id=ModelId("irises@1")
    )


MADE: dict[str, Sequence[Template]] = {
    "finger": [finger(seed % 40) for seed in range(COUNT)],
    "face": [face(seed % 40) for seed in range(COUNT)],
    "iris": [iris(seed % 40) for seed in range(COUNT)],
}
every_modality = pytest.mark.parametrize("modality", MADE)


@every_modality
def test_the_table_says_what_each_pair_says(modality: str) -> None:
    references = references_of(MADE[modality])

    table = similarity_table(references)

    assert (table == table.T).all()
    pairs = np.array([(0, 40), (0, 1), (3, COUNT - 1), (COUNT - 1, 3), (50, 2)], np.int32)
    assert pair_similarities(references, pairs) == pytest.approx(table[pairs[:, 0], pairs[:, 1]], rel=1e-6)
    assert table[0, 40] == pytest.approx(table[0, 0])
    assert (np.delete(table[0], [0, 40]) < table[0, 40]).all()


def test_faces_are_as_alike_as_their_cosine() -> None:
    templates = [face(seed) for seed in range(COUNT)]
    rows = np.array([each.values for each in templates])
    wanted = np.maximum(100 * rows @ rows.T, 0)
    assert similarity_table(references_of(templates)) == pytest.approx(wanted, abs=1e-3)


def test_irises_are_as_alike_as_their_nearest_turn() -> None:
    one = iris(1)
    references = references_of([one, one.turned(2), one.turned(3)])
    table = similarity_table(references)
    assert usual_turns(one.geometry) == 2
    assert table[0, 1] == pytest.approx(100.0 * 1.5**0.5)  # more than the usual bits were compared
    assert table[0, 2] < 40


def test_fingers_are_as_alike_as_their_matrix_says() -> None:
    packed = pack([finger(seed) for seed in range(COUNT)])
    references = references_of([finger(seed) for seed in range(COUNT)])
    for exact in (True, False):
        assert (
            similarity_table(references, exact=exact) == similarity_matrix(packed, packed, exact=exact)
        ).all()


@every_modality
def test_the_pairs_above_a_threshold_are_those_of_the_table(modality: str) -> None:
    references = references_of(MADE[modality])
    kinds = np.arange(COUNT, dtype=np.int64) % 2
    table = similarity_table(references)
    middle = float(np.quantile(table[table > 0], 0.5))
    told: list[tuple[int, int]] = []

    found = reference_pairs_above(
        references,
        threshold=middle,
        kinds=kinds,
        threshold_across=90.0,
        on_progress=lambda done, total: told.append((done, total)),
    )

    expected = {
        (a, b): table[a, b]
        for a in range(COUNT)
        for b in range(a + 1, COUNT)
        if table[a, b] >= (middle if kinds[a] == kinds[b] else 90.0)
    }
    assert {(pair.first_row, pair.second_row): pair.similarity for pair in found.pairs} == pytest.approx(
        expected
    )
    assert [pair.similarity for pair in found.pairs] == sorted(expected.values(), reverse=True)
    total = COUNT * (COUNT - 1) // 2
    assert found.compared == int(found.histogram.sum()) == total
    assert told[-1] == (total, total)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_fingers_give_the_pairs_that_they_always_gave() -> None:
    templates = MADE["finger"]
    fingers = [each for each in templates if isinstance(each, FingerprintTemplate)]
    kinds = np.zeros(COUNT, np.int64)
    ours = reference_pairs_above(
        references_of(templates), threshold=1e-3, kinds=kinds, threshold_across=1e-3, workers=2
    )
    theirs = pairs_above(pack(fingers), threshold=1e-3)
    assert ours.pairs == theirs.pairs
    assert (ours.histogram == theirs.histogram).all()


def test_each_modality_names_its_comparison() -> None:
    assert comparator_of(finger(1)) == COMPARATOR
    assert comparator_of(face(1)) == FACE_COMPARATOR
    assert comparator_of(iris(1)) == iris_comparator(2)
    assert references_of([iris(1)], turns=5).comparator == iris_comparator(5)
    assert usual_turns(CodeGeometry(columns=256, column_bits=64)) == 8


def test_templates_of_two_modalities_never_compare() -> None:
    with pytest.raises(IncompatibleTemplates, match="got 1 of finger, 2 of face"):
        references_of([finger(1), face(1), face(2)])


def test_packing_nothing_is_a_broken_contract() -> None:
    with pytest.raises(ValueError, match="packing no template"):
        references_of([])


@pytest.mark.parametrize(("threshold", "across"), [(0.0, 1.0), (1.0, float("nan"))])
def test_a_threshold_that_lets_everything_through_is_refused(threshold: float, across: float) -> None:
    references = references_of(MADE["face"])
    with pytest.raises(ValueError, match="every pair would be returned"):
        reference_pairs_above(
            references, threshold=threshold, kinds=np.zeros(COUNT, np.int64), threshold_across=across
        )


def test_kinds_of_another_number_are_refused() -> None:
    with pytest.raises(ValueError, match=r"kinds must have the shape \(57,\)"):
        reference_pairs_above(
            references_of(MADE["face"]), threshold=1.0, kinds=np.zeros(3, np.int64), threshold_across=1.0
        )
