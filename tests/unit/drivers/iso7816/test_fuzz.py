"""Random bytes, and good ones with faults, into every reader of what cards say; a million each in soak."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable

import numpy as np
import pytest

from biocapil.errors import FormatError, ProtocolError
from biocapil_drivers.emrtd.access_control import Session
from biocapil_drivers.emrtd.data_groups import groups_of_com, mrz_of_dg1, portrait_of_dg2
from biocapil_drivers.emrtd.invented import invented_document, invented_mrz
from biocapil_drivers.emrtd.mrz import parse_mrz
from biocapil_drivers.emrtd.secure_messaging import SecureChannel
from biocapil_drivers.emrtd.security_object import read_security_object
from biocapil_drivers.emrtd.triple_des import Keys
from biocapil_drivers.iso7816 import Command, PlainChannel, Response, read_tlvs
from biocapil_drivers.pn532.codec import Frame, FrameReader
from biocapil_drivers.pn532.messages import target_of

CASES = 1_000_000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 1_000
LONGEST = 400
ANSWER = bytes.fromhex("8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000")
FILES = invented_document().files


class Nobody:
    answer_to_reset = b""

    def transmit(self, *_: object, **__: object) -> bytes:
        raise NotImplementedError

    def close(self) -> None: ...


def opened(data: bytes) -> None:
    session = Session(keys=Keys(encryption=bytes(range(16)), authentication=bytes(range(16))), counter=0)
    SecureChannel(PlainChannel(Nobody()), session).opened(Response.decode(data))


READERS: tuple[tuple[str, Callable[[bytes], object], bytes], ...] = (
    ("command", Command.decode, bytes.fromhex("00d60000000002abcd0000")),
    ("answer", Response.decode, b"\x90\x00"),
    ("objects", lambda data: list(read_tlvs(data)), FILES[0x011E]),
    ("secured answer", opened, ANSWER),
    ("list of files", groups_of_com, FILES[0x011E]),
    ("printed lines", lambda data: parse_mrz(data.decode("latin-1")), invented_mrz().encode()),
    ("data group 1", mrz_of_dg1, FILES[0x0101]),
    ("data group 2", portrait_of_dg2, FILES[0x0102][:LONGEST]),
    ("security object", read_security_object, FILES[0x011D]),
    ("PN532 frames", lambda data: list(FrameReader().feed(data)), Frame(content=ANSWER).encode()),
    ("PN532 card", lambda data: target_of(data, "A"), bytes.fromhex("0101004420040102030405788070")),
)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("reader", "good"), [each[1:] for each in READERS], ids=[each[0] for each in READERS]
)
def test_no_bytes_crash_a_reader(reader: Callable[[bytes], object], good: bytes) -> None:
    rng = np.random.default_rng(11)
    for case in range(CASES):
        if case % 2:
            data = rng.bytes(int(rng.integers(0, LONGEST)))
        else:
            touched = np.frombuffer(good, np.uint8).copy()
            places = rng.integers(0, len(good), int(rng.integers(1, 4)))
            touched[places] = rng.integers(0, 256, len(places))
            data = touched[: int(rng.integers(0, len(good) + 1))].tobytes()
        with contextlib.suppress(FormatError, ProtocolError):
            reader(data)
