"""`FileCard`: a card made of software that holds files in the clear; emulators of plain cards stand on it.

It reads commands with a reader of its own, so that a fault in `apdu` cannot hide in both ends.
"""

from __future__ import annotations

from collections.abc import Mapping

SELECT, READ_BINARY, READ_BINARY_ODD = 0xA4, 0xB0, 0xB1
OK, NOT_FOUND, WRONG_LENGTH, UNKNOWN, BEYOND, NO_FILE = (
    b"\x90\x00",
    b"\x6a\x82",
    b"\x67\x00",
    b"\x6d\x00",
    b"\x6b\x00",
    b"\x69\x86",
)
CONTACTLESS = bytes.fromhex("3b8f8001804f0ca000000306030001000000006a")
"""Answer to reset that PC/SC readers make up for a contactless card."""


class FileCard:
    """Files by path, each below the folders that lead to it.

    Attributes:
        answer_to_reset: What it answers to a reset.
    """

    def __init__(
        self, files: Mapping[tuple[bytes, ...], bytes], *, answer_to_reset: bytes = CONTACTLESS
    ) -> None:
        """Make a card.

        Args:
            files: Content by path: names of folders (AIDs or identifiers), then that of the file.
            answer_to_reset: What it answers to a reset.
        """
        self.answer_to_reset = answer_to_reset
        self._files = dict(files)
        self._folders = {path[:-1] for path in self._files}
        self._path: tuple[bytes, ...] = ()
        self._content: bytes | None = None

    def power_up(self) -> None:
        """Nothing is selected any more."""
        self._path, self._content = (), None

    def answer(self, command: bytes) -> bytes:
        """Answer a command."""
        if len(command) < 4:
            return WRONG_LENGTH
        if command[1] == SELECT:
            return self._select(command)
        if command[1] == READ_BINARY_ODD:
            return self._read_far(command)
        if command[1] == READ_BINARY:
            return self._read(command)
        return UNKNOWN

    def _select(self, command: bytes) -> bytes:
        count = command[4] if len(command) > 4 else 0
        name = command[5 : 5 + count]
        if not name or len(name) < count:
            return WRONG_LENGTH
        if (name,) in self._folders:
            self._path, self._content = (name,), None
            return OK
        content = self._files.get((*self._path, name))
        if content is None:
            return NOT_FOUND
        self._content = content
        return OK

    def _read(self, command: bytes) -> bytes:
        if self._content is None:
            return NO_FILE
        if len(command) != 5:
            return WRONG_LENGTH
        offset = command[2] << 8 | command[3]
        if offset > len(self._content):
            return BEYOND
        return self._content[offset : offset + (command[4] or 256)] + OK

    def _read_far(self, command: bytes) -> bytes:
        """Offset in an object of tag 54, up to 127 or 65,535 bytes in one of tag 53."""
        if self._content is None:
            return NO_FILE
        if len(command) != 11 or command[4:7] != b"\x05\x54\x03":
            return WRONG_LENGTH
        offset = int.from_bytes(command[7:10], "big")
        block = self._content[offset : offset + (command[10] or 256) - 8]
        return b"\x53\x82" + len(block).to_bytes(2, "big") + block + OK
