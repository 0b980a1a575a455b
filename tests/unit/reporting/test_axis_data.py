from __future__ import annotations

from biocapil.reporting.axes import LogScale
from biocapil.reporting.axis_data import axis_data


def test_the_ends_are_told_in_full_precision() -> None:
    scale = LogScale(low=1 / 3e5, high=40, start=64, end=700)

    data = axis_data(scale)

    assert float(str(data["data_low"])) == 1 / 3e5
    assert (data["data_high"], data["data_left"], data["data_right"]) == ("40.0", 64, 700)
    assert data["data_scale"] == "log"
