"""The conformance suite is worth something only if it fails drivers that misbehave: one fault, one case."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.unit.drivers.testing.made_bench import MadeBench, MadeDevice

from biocapil.capture import DeviceAddress
from biocapil_drivers.testing import CASES, Violation, run_case, run_suite, suite
from biocapil_drivers.testing.plain_cases import took_back

BY_NAME = {case.name: case for case in CASES}


@pytest.mark.parametrize("name", BY_NAME)
def test_a_device_that_does_all_right_passes(name: str) -> None:
    run_case(BY_NAME[name], MadeBench)


@pytest.mark.parametrize(
    ("wrong", "name", "message"),
    [
        ("two owners", "refuses_a_second_owner", "a second owner was let in"),
        ("no name", "says_what_it_is", "must name driver, address, model"),
        ("no capability", "says_what_it_is", "info.capability is None"),
        ("no capability", "captures_what_is_presented", "info.capability is None"),
        ("takes any setting", "refuses_settings_that_it_has_not", "ValueError is due"),
        ("captures anything", "refuses_what_it_cannot_capture", "two_fingers was asked of a device"),
        ("sees nobody", "times_out_where_nobody_comes", "nobody came"),
        ("too late", "times_out_where_nobody_comes", "the capture took"),
        ("other end", "captures_what_is_presented", "one of four ways, got NoneType"),
        ("not cancelled", "ends_at_once_when_taken_back", "Cancelled is due"),
        ("slow to end", "ends_at_once_when_taken_back", "after it was taken back"),
        ("captures when closed", "fails_after_it_was_closed", "Failed is due"),
        ("always there", "fails_after_it_was_closed", "a closed device answered"),
        ("says nothing", "captures_what_is_presented", "no event came"),
        ("wrong sample", "captures_what_is_presented", "that nobody presented"),
        ("sees nobody", "notices_the_plug_while_it_waits", "DeviceLost is due"),
        ("takes any quality", "keeps_the_best_where_quality_is_never_reached", "best sample is due"),
        ("reports the worst", "keeps_the_best_where_quality_is_never_reached", "reported were 38 of"),
        ("takes damage", "gives_up_on_silence", "nothing answered"),
        ("opens damage", "gives_up_on_silence", "a silent device was opened"),
        ("takes damage", "takes_no_sample_of_bad_checksums", "became a sample"),
        ("opens damage", "takes_no_sample_of_bad_checksums", "only damage was opened"),
        ("takes damage", "takes_no_sample_of_another_size", "wrong size became a sample"),
        ("opens nothing", "says_that_there_is_nothing", "where nothing is plugged in"),
        ("misses the plug", "notices_the_plug_while_it_waits", "DeviceLost is due"),
        ("always there", "notices_the_plug_while_it_waits", "an unplugged device answered"),
        ("new number", "comes_back_as_the_same_device", "came back as made:2"),
    ],
)
def test_a_device_that_does_one_thing_wrong_is_found(wrong: str, name: str, message: str) -> None:
    benches: list[MadeBench] = []

    def make() -> MadeBench:
        benches.append(MadeBench(wrong))
        return benches[-1]

    with pytest.raises(Violation, match=message):
        run_case(BY_NAME[name], make)
    assert benches[0].closed


def test_a_capture_that_was_faster_than_the_hand_counts_as_in_time() -> None:
    assert took_back(MadeBench(), 0.3) == 0.0


def test_a_bench_without_a_line_cannot_try_faults() -> None:
    bench = MadeBench()
    bench.line = None  # type: ignore[assignment] # a real device
    with pytest.raises(Violation, match="needs a bench with a line"):
        BY_NAME["gives_up_on_silence"].run(bench)


def test_the_suite_runs_on_a_bench_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = [BY_NAME["closes_twice"], BY_NAME["captures_what_is_presented"], BY_NAME["says_what_it_is"]]
    monkeypatch.setattr(suite, "CASES", quick)
    monkeypatch.setattr(suite, "_bench_of", lambda _: lambda: MadeBench("no name"))
    results = list(run_suite(DeviceAddress.parse("emulated:made")))
    assert [(result.name, bool(result.problem)) for result in results] == [
        ("closes_twice", False),
        ("captures_what_is_presented", False),
        ("says_what_it_is", True),
    ]
    assert results[2].problem == "Violation: info must name driver, address, model and identity"


def test_a_real_device_is_put_through_what_needs_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = MadeBench()
    bench.there = False
    made: Callable[..., MadeDevice] = lambda *_: bench.open()  # noqa: E731 - typed here
    monkeypatch.setattr(suite, "open_device", made)
    results = list(run_suite(DeviceAddress.parse("made:1")))
    assert {result.name for result in results} == {case.name for case in CASES if case.on_any}
    assert {result.problem for result in results} == {""}


def test_a_driver_without_a_bench_is_tried_like_a_real_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "entry_points", lambda **_: ())
    monkeypatch.setattr(suite, "CASES", [BY_NAME["closes_twice"], BY_NAME["gives_up_on_silence"]])
    results = list(run_suite(DeviceAddress.parse("emulated:none")))
    assert [result.name for result in results] == ["closes_twice"]
    assert "none" in results[0].problem
