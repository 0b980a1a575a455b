"""From a finger on an emulated scanner to the decision that somebody is registered twice."""

from __future__ import annotations

from importlib.metadata import entry_points

import numpy as np
import pytest

from biocapil import (
    CapturedSample,
    Decision,
    FailureToExtract,
    FingerPosition,
    InstanceEvidence,
    PolicyTarget,
)
from biocapil.calibration import decide, model_calibration, policy_for
from biocapil.capture import (
    CancelToken,
    Captured,
    CaptureRequest,
    Deadline,
    DeviceAddress,
    Opening,
    SystemClock,
    ignore_events,
)
from biocapil.comparison import compare
from biocapil.extraction import load_extractor
from biocapil.quality import assess_finger
from biocapil.sample import Origin
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import Instance, Modality
from biocapil_drivers.zfm import DRIVER

pytest.importorskip("serial", reason="pyserial is not installed: pip install 'biocapil[devices]'")

INDEX = Instance(modality=Modality.FINGER, position=FingerPosition.RIGHT_INDEX)


def captured(finger: int, times: int) -> list[CapturedSample]:
    """Touches of one finger on a scanner."""
    clock = SystemClock()
    device = DRIVER.open(DeviceAddress.parse(f"emulated:zfm?finger={finger}&paced=off"), Opening(clock=clock))
    request = CaptureRequest(instances=(INDEX,), judge=assess_finger, least_quality=20)
    try:
        ends = [
            device.acquire(request, ignore_events, CancelToken(), Deadline.after(clock, 20))
            for _ in range(times)
        ]
    finally:
        device.close()
    samples = [end.samples[0] for end in ends if isinstance(end, Captured)]
    assert len(samples) == times
    return samples


def template_of(sample: CapturedSample) -> FingerprintTemplate:
    outcome = load_extractor().extract(sample)
    assert not isinstance(outcome, FailureToExtract)
    return outcome


def decision(first: FingerprintTemplate, second: FingerprintTemplate) -> Decision:
    calibration = model_calibration()
    policy = policy_for(PolicyTarget(people=1000, fpir=0.01), calibration)
    similarity = compare(first, second)
    size = min(len(first), len(second))
    llr = float(calibration.evidence(np.array([similarity]), np.array([size]))[0])
    evidence = InstanceEvidence(instance=INDEX.name, similarity=similarity, llr=llr, comparisons=1)
    return decide([evidence], policy).outcome


def test_one_finger_twice_is_a_duplicate_and_two_fingers_are_not() -> None:
    first, second = captured(11, 2)
    (other,) = captured(12, 1)
    assert (first.position, first.origin) == (FingerPosition.RIGHT_INDEX, Origin.SYNTHETIC)
    one, again, another = (template_of(sample) for sample in (first, second, other))
    assert decision(one, again) is Decision.DUPLICATE
    assert decision(one, another) is Decision.UNIQUE


def test_the_driver_is_registered() -> None:
    found = [entry for entry in entry_points(group="biocapil.drivers") if entry.name == "zfm"]
    if not found:
        pytest.skip("this copy of BioCapil was not installed: its entry points are not registered")
    assert found[0].load() is DRIVER
