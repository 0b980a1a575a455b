"""Ask the ports of the interface on this machine which devices are there.

python -m biocapil_drivers.sbi.discover anchors.pem
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from biocapil.capture import Deadline, SystemClock
from biocapil.errors import BiocapilError, DeviceError, DeviceLost
from biocapil_drivers.sbi.link import SbiLink
from biocapil_drivers.sbi.messages import ServedDevice, read_devices
from biocapil_drivers.sbi.opening import time_of_day
from biocapil_drivers.sbi.trust import TrustAnchors
from biocapil_drivers.sbi.words import INFO, LOOPBACK, PORTS
from biocapil_drivers.transport import TcpLine

AT_ONCE = 8
ANSWER_S = 5.0
"""A port where nothing listens refuses at once; a service may take this long."""

DATA, USAGE = 4, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """What stands on one port.

    Attributes:
        port: The port.
        devices: Devices that somebody who is believed signed for.
        problem: Why there are none; empty where there are.
    """

    port: int
    devices: tuple[ServedDevice, ...] = ()
    problem: str = ""


def discover(anchors: TrustAnchors, *, ports: Iterable[int] = PORTS) -> Iterator[Discovered]:
    """Ask every port; those where nothing listens are left out.

    Args:
        anchors: Who is believed.
        ports: Which ones.

    Yields:
        What stands there, in order of the ports.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from (found for found in pool.map(partial(_ask, anchors), ports) if found is not None)


def main(words: list[str] | None = None) -> int:
    """List devices as JSON lines; the exit code."""
    given = sys.argv[1:] if words is None else words
    if len(given) != 1:
        print(__doc__, file=sys.stderr)  # noqa: T201 - this is a command
        return USAGE
    try:
        anchors = TrustAnchors.read(Path(given[0]))
    except (BiocapilError, OSError) as error:
        print(f"biocapil: {error}", file=sys.stderr)  # noqa: T201 - this is a command
        return DATA
    for found in discover(anchors):
        print(json.dumps(_line(found)), flush=True)  # noqa: T201 - this is a command
    return 0


def _ask(anchors: TrustAnchors, port: int) -> Discovered | None:
    place = f"{LOOPBACK}:{port}"
    link = SbiLink(lambda: TcpLine(LOOPBACK, port, address=place), place, name=place)
    try:
        body = link.ask(INFO, "/info", None, Deadline.after(SystemClock(), ANSWER_S))
        return Discovered(port=port, devices=read_devices(body, anchors, now=time_of_day()))
    except DeviceLost:
        return None
    except DeviceError as error:
        return Discovered(port=port, problem=str(error))
    finally:
        link.close()


def _line(found: Discovered) -> dict[str, object]:
    devices = [
        {
            "address": f"sbi+http://{LOOPBACK}:{found.port}/{each.digital_id.serial_number}",
            "type": each.digital_id.modality.value,
            "sub_type": each.digital_id.sub_type,
            "maker": each.digital_id.maker,
            "model": each.digital_id.model,
            "status": each.status,
            "certification": each.certification,
        }
        for each in found.devices
    ]
    return {"port": found.port, "devices": devices, "problem": found.problem}


if __name__ == "__main__":
    sys.exit(main())
