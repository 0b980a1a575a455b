import re

import numpy as np
import pytest

from biocapil.synthesis import Degradation, Impression, MasterPrint, SensorStyle, trace_impression
from biocapil.synthesis.degradation import NOT_DEGRADED, check_severities

STYLE = SensorStyle.OPTICAL_WHITE
SEEDS = range(4)


def touches(master: MasterPrint, degradation: Degradation | None, severity: float = 0.9) -> list[Impression]:
    """The same four touches with or without a degradation."""
    wanted = {} if degradation is None else {degradation: severity}
    return [
        trace_impression(master, seed, style=STYLE, difficulty=0.2, degradations=wanted) for seed in SEEDS
    ]


def area(impressions: list[Impression]) -> float:
    return float(np.mean([(impression.depth > 0).mean() for impression in impressions]))


def darkness(impressions: list[Impression]) -> float:
    """Mean grey inside the contact."""
    return float(np.mean([(255 - one.sample.pixels[one.depth == 1]).mean() for one in impressions]))


def agreement(master: MasterPrint, impressions: list[Impression]) -> float:
    """Correlation of dark with the master's ridges inside the contact."""
    found = []
    for one in impressions:
        inside = one.depth == 1
        expected = one.warp.carry(master.ridges, outside=-1.0)[inside]
        found.append(np.corrcoef(expected, -one.sample.pixels[inside].astype(float))[0, 1])
    return float(np.mean(found))


def test_every_degradation_is_described() -> None:
    described = re.findall(r"^\s+([A-Z_]+): ", Degradation.__doc__ or "", flags=re.MULTILINE)
    assert described == [degradation.name for degradation in Degradation]


def test_what_is_not_named_has_severity_zero() -> None:
    assert check_severities(None) == NOT_DEGRADED
    assert check_severities({Degradation.DRY: 0.5})[Degradation.WET] == 0


@pytest.mark.parametrize("severity", [-0.1, 1.1, float("nan")])
def test_a_severity_out_of_range_is_refused(master: MasterPrint, severity: float) -> None:
    with pytest.raises(ValueError, match=r"severity of wet must lie in 0\.\.1"):
        trace_impression(master, 1, degradations={Degradation.WET: severity})


@pytest.mark.parametrize("degradation", list(Degradation))
def test_severity_zero_changes_nothing_and_one_changes_the_picture(
    master: MasterPrint, degradation: Degradation
) -> None:
    plain, none, grave = (
        trace_impression(master, 5, degradations=wanted).sample.pixels.astype(float)
        for wanted in (None, {degradation: 0.0}, {degradation: 1.0})
    )
    assert np.array_equal(plain, none)
    assert np.abs(plain - grave).mean() > 1


@pytest.mark.parametrize("degradation", list(Degradation))
def test_degraded_touches_are_the_same_for_the_same_seed(
    master: MasterPrint, degradation: Degradation
) -> None:
    first, second = (trace_impression(master, (3, 4), degradations={degradation: 0.7}) for _ in range(2))
    assert np.array_equal(first.sample.pixels, second.sample.pixels)


@pytest.mark.parametrize(
    "degradation",
    [Degradation.LIGHT_PRESSURE, Degradation.PARTIAL, Degradation.SMALL_AREA, Degradation.NO_FINGER],
)
def test_contacts_shrink(master: MasterPrint, degradation: Degradation) -> None:
    assert area(touches(master, degradation)) < 0.8 * area(touches(master, None))


def test_dry_skin_loses_ridges_and_light_pressure_only_their_darkness(master: MasterPrint) -> None:
    plain, dry, light = (
        touches(master, degradation) for degradation in (None, Degradation.DRY, Degradation.LIGHT_PRESSURE)
    )
    assert darkness(dry) < darkness(plain)
    assert darkness(light) < darkness(plain)
    assert agreement(master, dry) < agreement(master, light) - 0.1
    assert area(light) < area(dry)


def test_wet_skin_merges_ridges_and_hard_pressure_keeps_them_apart(master: MasterPrint) -> None:
    plain, wet, hard = (
        touches(master, degradation) for degradation in (None, Degradation.WET, Degradation.HARD_PRESSURE)
    )
    assert darkness(wet) > darkness(plain)
    assert darkness(hard) > darkness(plain)
    assert agreement(master, wet) < agreement(master, hard) - 0.05
    assert area(hard) > area(wet)


@pytest.mark.parametrize(
    "degradation",
    [Degradation.SMUDGED, Degradation.MOVED, Degradation.ABRADED, Degradation.SCRATCHED, Degradation.WET],
)
def test_the_print_follows_its_master_less(master: MasterPrint, degradation: Degradation) -> None:
    assert agreement(master, touches(master, degradation)) < agreement(master, touches(master, None)) - 0.02


def test_no_finger_leaves_an_empty_platen(master: MasterPrint) -> None:
    for style in SensorStyle:
        empty = trace_impression(master, 3, style=style, degradations={Degradation.NO_FINGER: 1})
        assert not empty.depth.any()
    white = trace_impression(master, 3, style=STYLE, degradations={Degradation.NO_FINGER: 1})
    assert np.mean(white.sample.pixels > 200) > 0.95


def test_upside_down_turns_the_finger_by_half(master: MasterPrint) -> None:
    plain, turned = touches(master, None), touches(master, Degradation.UPSIDE_DOWN, 1)
    for before, after in zip(plain, turned, strict=True):
        assert after.warp.placement[:, :2] == pytest.approx(-before.warp.placement[:, :2])


def test_an_off_centre_finger_lies_away_from_the_middle(master: MasterPrint) -> None:
    for one in touches(master, Degradation.OFF_CENTRE, 1):
        rows, columns = np.nonzero(one.depth > 0)
        aside = np.abs(np.array([rows.mean(), columns.mean()]) / one.depth.shape - 0.5)
        assert aside.max() > 0.1


@pytest.mark.parametrize("degradation", [Degradation.STRETCHED, Degradation.HARD_PRESSURE])
def test_labels_follow_a_dragged_finger(master: MasterPrint, degradation: Degradation) -> None:
    points = np.random.default_rng(1).uniform(60, 300, (50, 2))
    for one, plain in zip(touches(master, degradation, 1), touches(master, None), strict=True):
        there = one.warp.to_master(points)
        assert np.abs(there - plain.warp.to_master(points)).max() > 3
        assert np.abs(one.warp.to_impression(there) - points).max() < 0.1


def test_a_ghost_shows_where_no_finger_lies(master: MasterPrint) -> None:
    plain, soiled = (
        np.mean([one.sample.pixels[one.depth == 0].std() for one in touches(master, degradation)])
        for degradation in (None, Degradation.LATENT_GHOST)
    )
    assert soiled > plain + 3
