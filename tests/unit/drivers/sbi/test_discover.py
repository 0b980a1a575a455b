from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest
from tests.unit.drivers.sbi.conftest import now

from biocapil.capture import DeviceAddress, Opening
from biocapil_drivers.sbi import serve
from biocapil_drivers.sbi.discover import discover, main
from biocapil_drivers.sbi.identity import DevelopmentAuthority
from biocapil_drivers.sbi.listeners import listening_ports
from biocapil_drivers.sbi.server import SbiServer
from biocapil_drivers.scanner import DRIVER as SCANNER

TABLE = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1195 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1
   1: 00000000:1196 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2
   2: 0100007F:1197 0100007F:ABCD 01 00000000:00000000 00:00000000 00000000     0        0 3
   3: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4
"""


def test_services_are_found_where_they_listen(
    server: SbiServer, authority: DevelopmentAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biocapil_drivers.sbi.discover.time_of_day", now)
    (found,) = discover(authority.anchors, ports=[server.port])
    assert found.problem == ""
    assert found.devices[0].digital_id.serial_number == "S-77"


def test_a_service_that_nobody_vouches_for_is_named_with_the_reason(
    server: SbiServer, stranger: DevelopmentAuthority
) -> None:
    (found,) = discover(stranger.anchors, ports=[server.port])
    assert found.devices == ()
    assert "no trust anchor" in found.problem


def test_ports_come_from_the_kernels_list(tmp_path: Path) -> None:
    file = tmp_path / "tcp"
    file.write_text(TABLE)
    assert listening_ports(range(4501, 4601), file) == (4501, 4502)
    assert listening_ports(range(4501, 4601), tmp_path / "none") == ()


def test_a_scanner_is_served_from_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def open_scanner(address: str) -> object:
        return SCANNER.open(DeviceAddress.parse(address), Opening())

    monkeypatch.setattr(serve, "open_device", open_scanner)
    anchors, stop = tmp_path / "anchors.pem", threading.Event()
    words = ["emulated:scanner?person=", "--port", "4597", "--anchors", str(anchors)]
    serving = threading.Thread(target=serve.main, args=(words,), kwargs={"stop": stop})
    serving.start()
    try:
        until = time.monotonic() + 20
        while 4597 not in listening_ports(range(4501, 4601)) and time.monotonic() < until:
            time.sleep(0.05)
        capsys.readouterr()
        assert main([str(anchors)]) == 0
    finally:
        stop.set()
        serving.join()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (line,) = [each for each in lines if each["port"] == 4597]
    assert line["devices"][0]["address"] == "sbi+http://127.0.0.1:4597/E-nobody"
    assert line["devices"][0]["sub_type"] == "slap"


def test_what_makes_no_sense_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main([str(tmp_path / "none.pem")]) == 4
    with pytest.raises(SystemExit):
        serve.main(["emulated:scanner"])
    assert serve.main(["emulated:none", "--anchors", str(tmp_path / "a.pem")]) == 3
    assert "no installed package" in capsys.readouterr().err
