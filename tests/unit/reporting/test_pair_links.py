from __future__ import annotations

import re
from collections.abc import Callable

from biocapil import FingerprintTemplate
from biocapil.comparison.explanation import Explanation
from biocapil.reporting.minutia_marks import marks_of
from biocapil.reporting.pair_links import draw_links, draw_unpaired
from biocapil.reporting.panel import Panel

PANEL = Panel(left=0, top=0, extent_um=(10_000, 12_000), units_per_um=0.01)


def test_a_heavier_pair_has_a_stronger_line(
    template: Callable[..., FingerprintTemplate], explanation: Explanation
) -> None:
    marks = marks_of(template, PANEL)

    drawn = draw_links(explanation, marks, marks)

    heavy, light = (float(value) for value in re.findall(r'class="link"[^>]* opacity="([\d.]+)"', drawn))
    assert heavy > light > 0


def test_unpaired_leaves_the_paired_out(template: Callable[..., FingerprintTemplate]) -> None:
    marks = marks_of(template, PANEL)

    assert draw_unpaired(marks, {0, 1, 2, 3}).count("<path") == 0
    assert draw_unpaired(marks, {0, 1}).count("<path") == 4
