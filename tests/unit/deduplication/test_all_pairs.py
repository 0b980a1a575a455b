from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from biocapil import DecisionPolicy, FingerprintTemplate, IncompatibleTemplates, ModelId, SampleEntry
from biocapil.calibration import Calibration
from biocapil.comparison import COMPARATOR, compare, pack
from biocapil.deduplication import find_duplicates, report_to_json
from biocapil.deduplication.all_pairs import ComparisonRoom


def random_template(seed: int) -> FingerprintTemplate:
    rng = np.random.default_rng(seed)
    return FingerprintTemplate(
        positions_um=rng.uniform(0, 14_000, (40, 2)).astype(np.float32),
        angles_rad=rng.uniform(0, 6.28, 40).astype(np.float32),
        kinds=rng.integers(1, 3, 40).astype(np.uint8),
        qualities=np.zeros(40, np.uint8),
        extent_um=(14_000.0, 14_000.0),
        model_id=ModelId("made@1"),
    )


TEMPLATES = [random_template(seed) for seed in (1, 2, 3, 1)]


def test_the_comparison_room_finds_the_one_print_that_occurs_twice() -> None:
    told: list[tuple[int, int]] = []

    found = ComparisonRoom(TEMPLATES).above(
        5.0, lambda done, total: told.append((done, total)), fingers=np.zeros(4, np.int64), across=5.0
    )

    assert [(pair.first_row, pair.second_row) for pair in found.pairs] == [(0, 3)]
    assert found.compared == int(found.histogram.sum()) == 6
    assert told[-1] == (6, 6)


def test_a_second_look_gives_the_scores_of_the_first() -> None:
    room = ComparisonRoom(TEMPLATES)
    listed = room.above(1e-6, None, fingers=np.zeros(4, np.int64), across=1e-6)
    first = {(pair.first_row, pair.second_row): pair.similarity for pair in listed.pairs}

    again = room.similarities(np.array(list(first), np.int32))

    assert again.tolist() == list(first.values())
    assert room.similarities(np.array([[2, 1]], np.int32))[0] == np.float32(
        compare(TEMPLATES[1], TEMPLATES[2])
    )


def test_prints_of_two_finger_names_have_a_threshold_of_their_own() -> None:
    names = np.array([0, 0, 0, 1])
    found = ComparisonRoom(TEMPLATES).above(1e-6, None, fingers=names, across=1e6)
    assert {3} & {row for pair in found.pairs for row in (pair.first_row, pair.second_row)} == set()
    assert found.compared == 6


def test_the_room_tells_sizes_and_the_version_of_its_scores() -> None:
    room = ComparisonRoom(TEMPLATES)

    assert room.sizes().tolist() == pack(TEMPLATES).sizes().tolist() == [37] * 4
    assert room.comparator == COMPARATOR


def test_the_whole_way_from_templates_to_json(
    entry: Callable[..., SampleEntry], calibration: Calibration, policy: DecisionPolicy
) -> None:
    speaking = replace(calibration, comparator=COMPARATOR)

    report = find_duplicates(TEMPLATES, [entry(who) for who in "abcd"], speaking, policy)
    result = report_to_json(report, elapsed_s={}, environment={})

    (cluster,) = result["clusters"]
    assert [person["subject"] for person in cluster["persons"]] == ["a", "d"]
    assert json.loads(json.dumps(result, allow_nan=False))["modalities"][0]["histogram"]["edges"][-1] is None


def test_a_calibration_of_other_scores_is_refused(
    entry: Callable[..., SampleEntry], calibration: Calibration, policy: DecisionPolicy
) -> None:
    with pytest.raises(IncompatibleTemplates, match=f"table/1, these come from {COMPARATOR}"):
        find_duplicates(TEMPLATES, [entry(who) for who in "abcd"], calibration, policy)
