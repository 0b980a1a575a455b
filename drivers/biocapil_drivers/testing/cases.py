"""The cases of the conformance suite, in the order in which a driver is best mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from biocapil_drivers.testing import fault_cases, plain_cases, plug_cases
from biocapil_drivers.testing.bench import Bench


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing that a driver must do.

    Attributes:
        name: Its name.
        run: Tries it on a bench; raises `Violation`.
        on_any: Whether it can be tried on a real device: it needs neither faults nor a plug, nor anybody
            who presents something.
    """

    name: str
    run: Callable[[Bench], None]
    on_any: bool = False


def run_case(case: Case, make_bench: Callable[[], Bench]) -> None:
    """Try one case on a bench of its own.

    Raises:
        Violation: The driver did what no driver may do.
    """
    bench = make_bench()
    try:
        case.run(bench)
    finally:
        bench.close()


def _cases(module: object, *names: str, on_any: bool = False) -> tuple[Case, ...]:
    return tuple(Case(name=name, run=getattr(module, name), on_any=on_any) for name in names)


CASES = (
    *_cases(
        plain_cases,
        "opens_and_closes_again",
        "closes_twice",
        "says_what_it_is",
        "refuses_a_second_owner",
        "refuses_settings_that_it_has_not",
        "refuses_what_it_cannot_capture",
        "answers_its_heartbeat",
        "times_out_where_nobody_comes",
        "ends_at_once_when_taken_back",
        "fails_after_it_was_closed",
        on_any=True,
    ),
    *_cases(
        plain_cases,
        "captures_what_is_presented",
        "keeps_the_best_where_quality_is_never_reached",
        "is_taken_back_within_the_limit_at_any_moment",
        "works_again_after_it_was_taken_back",
    ),
    *_cases(
        fault_cases,
        "gives_up_on_silence",
        "finds_frames_in_garbage",
        "mends_one_bad_checksum",
        "takes_no_sample_of_bad_checksums",
        "mends_one_truncated_frame",
        "takes_no_sample_of_truncated_frames",
        "takes_no_wrong_sample_of_duplicated_frames",
        "takes_no_sample_of_another_size",
        "keeps_up_with_a_slow_line",
    ),
    *_cases(
        plug_cases,
        "says_that_there_is_nothing",
        "notices_the_plug_while_it_waits",
        "notices_the_plug_at_every_byte",
        "comes_back_as_the_same_device",
    ),
)
