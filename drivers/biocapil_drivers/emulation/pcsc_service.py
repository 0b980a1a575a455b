"""`PcscService`: the real PC/SC service with the virtual reader, as a child of a test.

Its port lies below those that the system hands out: another program's leftover connection on it would leave
the service without its reader. The virtual reader listens on every network: for test machines only.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import IO

from biocapil.errors import DeviceBusy, DeviceNotFound, DeviceTimeout

VPCD = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
SOCKET = Path("/run/pcscd/pcscd.comm")
LOCK = Path("/run/lock/biocapil-pcscd")
PORT = 23_100
READER = "BioCapil Virtual PCD"
START_S = 10.0
END_S = 5.0
CONFIGURATION = """FRIENDLYNAME "{reader}"
DEVICENAME   /dev/null:{port:#06x}
LIBPATH      {library}
CHANNELID    {port:#06x}
"""


def why_not() -> str:
    """Why the service cannot be started here; empty where it can."""
    if shutil.which("pcscd") is None:
        return "pcscd is not installed: apt-get install pcscd"
    if not VPCD.exists():
        return "the virtual reader is not installed: apt-get install vsmartcard-vpcd"
    if os.geteuid() != 0:
        return "only root may start pcscd"
    return ""


class PcscService:
    """pcscd with one virtual reader of two slots; one at a time on a machine.

    Attributes:
        port: Where cards of the first slot connect; those of the second one above.
    """

    def __init__(self, port: int = PORT) -> None:
        """Start it and wait until it listens.

        Raises:
            DeviceNotFound: It cannot be started here; `why_not` says why.
            DeviceBusy: Another one runs.
            DeviceTimeout: It did not listen in time.
        """
        if reason := why_not():
            raise DeviceNotFound(reason)
        self.port = port
        self._lock = _locked()
        self._folder = tempfile.TemporaryDirectory(prefix="biocapil-pcscd-")
        self._process: subprocess.Popen[bytes] | None = None
        text = CONFIGURATION.format(reader=READER, port=port, library=VPCD)
        (Path(self._folder.name) / "vpcd").write_text(text, encoding="utf-8")
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self) -> None:
        """Start it; does nothing where it runs.

        Raises:
            DeviceTimeout: It did not listen in time.
        """
        if self._process is not None:
            return
        SOCKET.parent.mkdir(parents=True, exist_ok=True)
        command = [shutil.which("pcscd") or "pcscd", "--foreground", "--config", self._folder.name]
        # a service that inherits a test's pipe would keep it open
        self._process = subprocess.Popen(  # noqa: S603 - a fixed command
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + START_S
        while not (SOCKET.exists() and _listens(self.port)):
            if time.monotonic() > end or self._process.poll() is not None:
                raise DeviceTimeout("pcscd with its virtual reader did not start")
            time.sleep(0.02)

    def stop(self) -> None:
        """End it; readers and cards are gone."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        SOCKET.unlink(missing_ok=True)

    def pause(self) -> None:
        """Let it hang, as a service that does not answer any more."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGSTOP)
        end = time.monotonic() + START_S
        while not _all_stopped(self._process.pid):
            if time.monotonic() > end:
                raise DeviceTimeout("pcscd cannot be stopped")
            time.sleep(0.005)

    def resume(self) -> None:
        """Let it go on."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        """End it for good."""
        self.stop()
        self._folder.cleanup()
        self._lock.close()


def _all_stopped(process: int) -> bool:
    """Whether every thread of a process has come to a stop; the signal alone does not wait for that."""
    stats = Path(f"/proc/{process}/task").glob("*/stat")
    return all(stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "T" for stat in stats)


def _locked() -> IO[bytes]:
    LOCK.parent.mkdir(parents=True, exist_ok=True)
    lock = LOCK.open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise DeviceBusy("another test of this machine runs pcscd") from error
    if SOCKET.exists() and _answers():
        lock.close()
        raise DeviceBusy("a pcscd runs on this machine; a test cannot start its own beside it")
    SOCKET.unlink(missing_ok=True)
    return lock


def _answers() -> bool:
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as line:
        return line.connect_ex(str(SOCKET)) == 0


def _listens(port: int) -> bool:
    """Whether the virtual reader has its port; looked up, for to connect would be to insert a card."""
    wanted = f":{port:04X}"
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        words = line.split()
        if words[1].endswith(wanted) and words[3] == "0A":
            return True
    return False
