"""Devices on their emulators: a ZFM image beside the line's own limit, time until a capture is taken back.

    python benchmarks/bench_devices.py [--images N] [--cancels N]

The line is a pseudo-terminal that keeps the time of a real one, so times are wall-clock times. Figures go to
benchmarks/results/devices.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from pathlib import Path

import numpy as np

from biocapil.capture import (
    CANCEL_WITHIN_S,
    CancelToken,
    Captured,
    CaptureRequest,
    Deadline,
    SystemClock,
    ignore_events,
)
from biocapil_drivers.testing.plain_cases import took_back
from biocapil_drivers.zfm.bench import ZfmBench
from biocapil_drivers.zfm.models import SensorModel, model_named

RESULTS = Path(__file__).resolve().parent / "results" / "devices.json"
SPEEDS = (57_600, 115_200)
MOST_OVER_LIMIT = 0.10
MODEL = model_named("zfm20")
CLOCK = SystemClock()


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--images", type=int, default=10, help="images at each speed")
    parser.add_argument("--cancels", type=int, default=300, help="captures that are taken back")
    arguments = parser.parse_args()
    images = [image_times(MODEL, speed, arguments.images) for speed in SPEEDS]
    result = {
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version()},
        "image": images,
        "cancel": cancel_times(arguments.cancels),
    }
    for line in images:
        print(line)
        assert float(line["over_limit"]) <= MOST_OVER_LIMIT, line
    print(result["cancel"])
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def image_times(model: SensorModel, bits_per_s: int, count: int) -> dict[str, float]:
    """Seconds from the request to the sample, beside what the line needs for the image's packets alone."""
    bench = ZfmBench(model, bits_per_s=bits_per_s)
    bench.keep_time()
    device = bench.open()
    times: list[float] = []
    for _ in range(count):
        begun = time.perf_counter()
        deadline = Deadline.after(CLOCK, 60)
        end = device.acquire(CaptureRequest(), ignore_events, CancelToken(), deadline)
        times.append(time.perf_counter() - begun)
        assert isinstance(end, Captured), end
        assert bench.is_right(end.samples[0])
    limit_s = device.sensor.link.seconds_for(model.image_bytes, device.sensor.packet_bytes)
    device.close()
    bench.close()
    median_s = statistics.median(times)
    return {
        "bits_per_s": bits_per_s,
        "limit_s": round(limit_s, 3),
        "median_s": round(median_s, 3),
        "worst_s": round(max(times), 3),
        "over_limit": round(median_s / limit_s - 1, 4),
    }


def cancel_times(count: int) -> dict[str, float]:
    """Seconds from the wish to the end, at random moments of captures with and without a finger."""
    rng = np.random.default_rng(3)
    bench = ZfmBench()
    bench.keep_time()
    late_s: list[float] = []
    for number in range(count):
        bench.present(there=number % 2 == 0)
        late_s.append(took_back(bench, rng.uniform(0, 0.5)))
    bench.close()
    late_s.sort()
    return {
        "count": count,
        "median_s": round(statistics.median(late_s), 4),
        "p99_s": round(late_s[int(0.99 * (count - 1))], 4),
        "worst_s": round(late_s[-1], 4),
        "allowed_s": CANCEL_WITHIN_S,
    }


if __name__ == "__main__":
    main()
