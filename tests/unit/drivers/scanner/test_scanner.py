"""The emulated ten-print scanner does what every driver must, and shows what its person has."""

from __future__ import annotations

from time import monotonic

import numpy as np
import pytest

from biocapil.capture import (
    Cancelled,
    CancelToken,
    Captured,
    CaptureRequest,
    Deadline,
    DeviceAddress,
    Opening,
    Presentation,
    SystemClock,
    ignore_events,
)
from biocapil.segmentation import segment_slap, segment_thumbs
from biocapil.vocabulary import FingerPosition, Hand, Instance, Modality
from biocapil_drivers.scanner import DRIVER
from biocapil_drivers.scanner.device import ScannerDevice


def scanner(options: str = "") -> ScannerDevice:
    return DRIVER.open(DeviceAddress.parse(f"emulated:scanner{options}"), Opening())


def shown(device: ScannerDevice, presentation: Presentation, fingers: tuple[FingerPosition, ...]) -> Captured:
    asked = tuple(Instance(modality=Modality.FINGER, position=each) for each in fingers)
    request = CaptureRequest(presentation=presentation, instances=asked)
    end = device.acquire(request, ignore_events, CancelToken(), Deadline.after(SystemClock(), 60))
    device.close()
    assert isinstance(end, Captured)
    return end


def test_a_hand_lacks_what_its_person_lacks() -> None:
    gone = FingerPosition.LEFT_MIDDLE
    end = shown(scanner("?person=5&missing=left_middle"), Presentation.FOUR_FINGERS, Hand.LEFT.fingers)
    found = segment_slap(end.samples[0], missing=[gone])
    assert found.hand is Hand.LEFT
    assert found.positions == frozenset(Hand.LEFT.fingers) - {gone}


def test_another_visit_shows_the_same_finger_in_another_picture() -> None:
    first, again, other = (
        shown(scanner(options), Presentation.ONE_FINGER, ()).samples[0].pixels
        for options in ("?person=5", "?person=5", "?person=5&visit=1")
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_two_thumbs_lie_side_by_side() -> None:
    end = shown(scanner("?person=5"), Presentation.TWO_THUMBS, ())
    assert len(segment_thumbs(end.samples[0]).segments) == 2


def test_a_look_is_taken_back_while_it_lasts() -> None:
    device, token = scanner(), CancelToken()
    begun = monotonic()

    def cancel_at_first(_: object) -> None:
        token.cancel()

    end = device.acquire(CaptureRequest(), cancel_at_first, token, Deadline.after(SystemClock(), 60))
    device.close()
    assert isinstance(end, Cancelled)
    assert monotonic() - begun < 0.3


@pytest.mark.parametrize("options", ["?person=x", "?swaps=", "?visit=x", "?finger=1", "?missing=tail"])
def test_options_that_make_no_sense_are_refused(options: str) -> None:
    with pytest.raises(ValueError, match=r"whole number|no option|names no finger"):
        scanner(options)


def test_nothing_is_ever_found() -> None:
    assert DRIVER.find() == ()
