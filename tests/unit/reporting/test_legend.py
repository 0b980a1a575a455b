from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from biocapil import FingerprintTemplate
from biocapil.reporting.legend import draw_legend, kind_items


def test_only_kinds_that_occur_are_named_with_their_count(
    template: Callable[..., FingerprintTemplate], empty_template: FingerprintTemplate
) -> None:
    assert [item.label for item in kind_items(template)] == [
        "1 ridge ending",
        "2 bifurcations",
        "1 of another kind",
    ]
    assert kind_items(empty_template) == ()
    assert draw_legend((), left=0, baseline=0) == ""


def test_labels_do_not_overlap(template: Callable[..., FingerprintTemplate]) -> None:
    drawn = draw_legend(kind_items(template), left=0, baseline=10)

    labels = re.findall(r'<text x="([\d.]+)"[^>]*>([^<]+)<', drawn)
    assert len(labels) == 3
    for (left, label), (right, _) in pairwise(labels):
        assert float(right) - float(left) > 6 * len(label)
