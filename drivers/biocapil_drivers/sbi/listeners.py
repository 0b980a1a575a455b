"""`listening_ports`: where services of this machine listen, as the kernel lists them."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

TABLE = Path("/proc/net/tcp")
LISTENING = "0A"
LOCAL = frozenset({"0100007F", "00000000"})
"""127.0.0.1 and every address, as the table writes them."""


def listening_ports(ports: Container[int], table: Path = TABLE) -> tuple[int, ...]:
    """Ports on which something listens for this machine itself; none where the system has no such table.

    Args:
        ports: Which of them count.
        table: The kernel's list of TCP sockets.
    """
    try:
        lines = table.read_text(encoding="ascii").splitlines()[1:]
    except (OSError, UnicodeError):
        return ()
    found: set[int] = set()
    for words in (line.split() for line in lines):
        if len(words) > 3 and words[3] == LISTENING:
            host, _, port = words[1].partition(":")
            if host in LOCAL and int(port, 16) in ports:
                found.add(int(port, 16))
    return tuple(sorted(found))
