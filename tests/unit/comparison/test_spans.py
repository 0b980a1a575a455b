"""Spans cover every probe and block once, whatever the sizes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil.comparison.spans import FEWEST_BLOCKS, WORK, run_spans, spans


@given(st.integers(0, 90), st.integers(0, 500), st.sampled_from([1, 10_000, WORK, 2 * WORK]))
def test_every_probe_meets_every_block_once(probes: int, blocks: int, work: int) -> None:
    seen = [
        (probe, block)
        for span in spans(probes, blocks, work=work)
        for probe in range(span.probes.start, span.probes.stop)
        for block in range(span.first, span.last)
    ]
    assert len(seen) == len(set(seen)) == probes * blocks


def test_a_span_holds_about_the_same_work() -> None:
    long = list(spans(10, 100_000, work=100))
    assert {span.last - span.first for span in long} == {WORK // 1000}
    short = list(spans(10, 200, work=WORK))
    assert [span.last - span.first for span in short] == [FEWEST_BLOCKS, 64, 64, 8]


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_spans(workers: int) -> None:
    todo = list(spans(2, 600, work=WORK))
    assert [found for _, found in run_spans(lambda span: span.first, todo, workers=workers)] == [
        span.first for span in todo
    ]
