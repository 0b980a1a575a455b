"""Serve a device of ours to clients of the Secure Biometric Interface.

    python -m biocapil_drivers.sbi.serve emulated:zfm --anchors out/anchors.pem
    python -m biocapil_drivers.sbi.serve ADDRESS --key key.pem --chain chain.pem --port 4501

Without a key it makes one for development, and writes who vouches for it where ``--anchors`` says.
"""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from biocapil.capture import open_device
from biocapil.errors import BiocapilError
from biocapil.quality import assess_finger
from biocapil.vocabulary import Modality
from biocapil_drivers.sbi.identity import make_authority, read_identity
from biocapil_drivers.sbi.opening import time_of_day
from biocapil_drivers.sbi.server import SbiServer
from biocapil_drivers.sbi.service import SbiService
from biocapil_drivers.sbi.trust import SigningIdentity
from biocapil_drivers.sbi.words import ENVIRONMENTS, PORTS

DEVICE, DATA = 3, 4


def main(words: list[str] | None = None, *, stop: threading.Event | None = None) -> int:
    """Serve until it is interrupted; the exit code.

    Args:
        words: What was typed; None takes the program's own.
        stop: Ends it; None waits for an interrupt.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address")
    parser.add_argument("--port", type=int, default=PORTS.start, help="0 takes a free one")
    parser.add_argument("--key", type=Path, help="private key, PEM")
    parser.add_argument("--chain", type=Path, help="certificates that vouch for it, PEM, the device's first")
    parser.add_argument("--anchors", type=Path, help="where to write who vouches for a made key")
    parser.add_argument("--env", choices=ENVIRONMENTS, default="Developer")
    given = parser.parse_args(words)
    if bool(given.key) != bool(given.chain) or bool(given.key) == bool(given.anchors):
        parser.error("give --key and --chain, or --anchors for a key that is made for development")
    try:
        return _serve(given, _identity(given), stop or threading.Event())
    except (BiocapilError, ValueError, OSError) as error:
        print(f"biocapil: {error}", file=sys.stderr)  # noqa: T201 - this is a command
        return DATA if isinstance(error, OSError) else DEVICE


def _identity(given: argparse.Namespace) -> SigningIdentity:
    if given.key:
        return read_identity(given.key, given.chain)
    authority = make_authority(time_of_day())
    given.anchors.write_bytes(
        b"".join(each.public_bytes(Encoding.PEM) for each in authority.anchors.certificates)
    )
    return authority.identity


def _serve(given: argparse.Namespace, identity: SigningIdentity, stop: threading.Event) -> int:
    device = open_device(given.address)
    try:
        capability = device.info.capability
        finger = capability is not None and capability.modality is Modality.FINGER
        judge = assess_finger if finger else None
        service = SbiService(device, identity, now=time_of_day, judge=judge, environment=given.env)
        server = SbiServer(service, port=given.port)
        print(f"http://127.0.0.1:{server.port}", flush=True)  # noqa: T201 - this is a command
        try:
            stop.wait()
        except KeyboardInterrupt:
            pass
        finally:
            server.close()
    finally:
        device.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
