"""`ScardCalls`: the functions of pyscard's `scard` module that are used, with their types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

# ruff: noqa: N802, D102 - the names and meanings are those of PC/SC part 5


class ScardCalls(Protocol):
    """Plain calls of PC/SC: each returns its result code first."""

    def SCardEstablishContext(self, scope: int, /) -> tuple[int, int]: ...

    def SCardReleaseContext(self, context: int, /) -> int: ...

    def SCardListReaders(self, context: int, groups: Sequence[str], /) -> tuple[int, Sequence[str]]: ...

    def SCardGetStatusChange(
        self, context: int, timeout_ms: int, states: Sequence[tuple[str, int]], /
    ) -> tuple[int, Sequence[tuple[str, int, Sequence[int]]]]: ...

    def SCardConnect(
        self, context: int, reader: str, share: int, protocols: int, /
    ) -> tuple[int, int, int]: ...

    def SCardReconnect(
        self, card: int, share: int, protocols: int, disposition: int, /
    ) -> tuple[int, int]: ...

    def SCardStatus(self, card: int, /) -> tuple[int, str, int, int, Sequence[int]]: ...

    def SCardTransmit(
        self, card: int, protocol: int, command: Sequence[int], /
    ) -> tuple[int, Sequence[int]]: ...

    def SCardDisconnect(self, card: int, disposition: int, /) -> int: ...
