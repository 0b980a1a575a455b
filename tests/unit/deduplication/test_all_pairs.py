from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest

from biocapil import DecisionPolicy, FingerprintTemplate, ModelId, SampleEntry
from biocapil.deduplication import find_duplicates, report_to_json
from biocapil.deduplication.all_pairs import compare_all_templates, fuse_fingers


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

    found = compare_all_templates(
        TEMPLATES, threshold=5.0, on_progress=lambda done, total: told.append((done, total))
    )

    assert [(pair.first_row, pair.second_row) for pair in found.pairs] == [(0, 3)]
    assert found.compared == int(found.histogram.sum()) == 6
    assert told[-1] == (6, 6)


def test_fingers_add_up() -> None:
    assert fuse_fingers([2.0, 3.5]) == pytest.approx(5.5)


def test_the_whole_way_from_templates_to_json(entry: Callable[..., SampleEntry]) -> None:
    policy = DecisionPolicy(review_similarity=5.0, duplicate_similarity=8.0, basis="test")

    report = find_duplicates(TEMPLATES, [entry(who) for who in "abcd"], policy)
    result = report_to_json(report, elapsed_s={}, environment={})

    (cluster,) = result["clusters"]
    assert [person["subject"] for person in cluster["persons"]] == ["a", "d"]
    assert json.loads(json.dumps(result, allow_nan=False))["histogram"]["edges"][-1] is None
