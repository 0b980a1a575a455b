"""Which cameras this process holds: one owner at a time."""

from __future__ import annotations

import threading

from biocapil.errors import DeviceBusy

_held: set[str] = set()
_lock = threading.Lock()


def claim(place: str, address: str) -> None:
    """Take a place until it is released.

    Raises:
        DeviceBusy: It is taken.
    """
    with _lock:
        if place in _held:
            raise DeviceBusy("this program holds the camera already", address=address)
        _held.add(place)


def release(place: str) -> None:
    """Let others have a place."""
    with _lock:
        _held.discard(place)
