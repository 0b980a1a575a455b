from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from tests.unit.comparison.strategies import MODEL, finger, templates

from biocapil.comparison import prepare_probe
from biocapil.comparison.layout import POSE_WORD
from biocapil.comparison.packed import pack_template
from biocapil.comparison.parameters import GATE_WINDOW
from biocapil.comparison.probe import LANES
from biocapil.template import FingerprintTemplate


def turns_of(words: np.ndarray) -> np.ndarray:
    return (words >> np.uint64(32)).astype(np.int64) & 255


def test_a_probe_keeps_the_packed_rows_and_the_model() -> None:
    probe = prepare_probe(finger(1))

    assert (probe.rows == pack_template(finger(1))[0]).all()
    assert probe.model_id == MODEL


@settings(max_examples=30)
@given(templates())
def test_columns_are_the_rows_by_direction_three_times_over_then_zeros(template: FingerprintTemplate) -> None:
    probe = prepare_probe(template)
    count = len(probe.rows)
    order = np.argsort(turns_of(probe.rows[:, POSE_WORD]), kind="stable")

    assert probe.columns.shape == (8, 3 * count + 2 * LANES)
    assert probe.columns.flags.c_contiguous
    assert np.array_equal(probe.columns[:, : 3 * count].T, np.tile(probe.rows[order], (3, 1)))
    assert not probe.columns[:, 3 * count :].any()


@settings(max_examples=30)
@given(templates())
def test_a_window_holds_every_minutia_of_about_its_direction(template: FingerprintTemplate) -> None:
    probe = prepare_probe(template)
    turns = turns_of(probe.rows[:, POSE_WORD])
    for direction in range(256):
        first, count = probe.windows[:, direction]
        near = int((np.abs((turns - direction + 128) % 256 - 128) <= GATE_WINDOW).sum())
        read = turns_of(probe.columns[POSE_WORD, first : first + near])

        assert near <= count < near + LANES
        assert count % LANES == 0
        assert first + count <= probe.columns.shape[1]
        assert (np.abs((read - direction + 128) % 256 - 128) <= GATE_WINDOW).all()


def test_the_representation_shows_no_features() -> None:
    assert repr(prepare_probe(finger(1))) == "Probe(36 minutiae, model made@1)"
