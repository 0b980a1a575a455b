"""Selecting applications and files, and reading a file in blocks.

Reference: ISO/IEC 7816-4:2020, clauses 11.2.2 and 11.3.3.
"""

from __future__ import annotations

from biocapil.capture import Deadline
from biocapil.errors import FormatError, ProtocolError
from biocapil_drivers.iso7816.apdu import Command, Response
from biocapil_drivers.iso7816.channel import CardChannel
from biocapil_drivers.iso7816.status import Status
from biocapil_drivers.iso7816.tlv import encode_tlv, read_head, read_tlv

SELECT, READ_BINARY, READ_BINARY_ODD = 0xA4, 0xB0, 0xB1
BY_NAME, BY_FILE = 0x04, 0x02
NO_ANSWER = 0x0C
SHORT_OFFSETS = 0x8000
OFFSET_TAG, DATA_TAG = 0x54, 0x53
MOST_BYTES = 8 * 1024 * 1024
BLOCK = 0xE0
"""Fits into one short answer also under secure messaging."""
HEAD = 8


def select_application(channel: CardChannel, name: bytes, deadline: Deadline) -> Response:
    """Select an application by its name (AID)."""
    return channel.send(Command(ins=SELECT, p1=BY_NAME, p2=NO_ANSWER, data=name), deadline)


def select_file(channel: CardChannel, file_id: int, deadline: Deadline) -> Response:
    """Select a file of the application."""
    return channel.send(
        Command(ins=SELECT, p1=BY_FILE, p2=NO_ANSWER, data=file_id.to_bytes(2, "big")), deadline
    )


def read_binary(
    channel: CardChannel, offset: int, count: int, deadline: Deadline, *, private: bool = True
) -> Response:
    """Read a block of the selected file: at most `count` bytes from `offset`."""
    if offset < SHORT_OFFSETS:
        command = Command(ins=READ_BINARY, p1=offset >> 8, p2=offset & 0xFF, expected=count)
        return channel.send(command, deadline, private=private)
    place = encode_tlv(OFFSET_TAG, offset.to_bytes(3, "big"))
    command = Command(ins=READ_BINARY_ODD, data=place, expected=count + HEAD)
    answer = channel.send(command, deadline, private=private)
    if answer.status not in {Status.OK, Status.END_OF_FILE}:
        return answer
    try:
        block = read_tlv(answer.data).require(DATA_TAG, "block of a file")
    except FormatError as error:
        raise ProtocolError(f"the card's answer cannot be read: {error}") from error
    return Response(data=block, status=answer.status)


def read_file(
    channel: CardChannel, file_id: int, deadline: Deadline, *, block: int = BLOCK
) -> bytes | Response:
    """Read a file that holds one TLV object, as long as that object says.

    Args:
        channel: In the clear, or under secure messaging.
        file_id: Its identifier.
        deadline: When all of it must be there.
        block: Bytes of one command.

    Returns:
        The object with its head; or the card's answer where it does not open the file.

    Raises:
        ProtocolError: The file ends too early, or does not begin with an object.
    """
    answer = select_file(channel, file_id, deadline)
    if answer.status != Status.OK:
        return answer
    answer = read_binary(channel, 0, HEAD, deadline)
    if answer.status not in {Status.OK, Status.END_OF_FILE}:
        return answer
    data = bytearray(answer.data)
    total = _total(bytes(data), file_id)
    while len(data) < total:
        part = read_binary(channel, len(data), min(block, total - len(data)), deadline)
        if part.status not in {Status.OK, Status.END_OF_FILE} or not part.data:
            raise ProtocolError(
                f"file {file_id:04X} ends after {len(data)} of {total} bytes", vendor_code=part.status
            )
        data += part.data
    return bytes(data[:total])


def _total(head: bytes, file_id: int) -> int:
    try:
        _, start, length = read_head(head)
    except FormatError as error:
        raise ProtocolError(f"file {file_id:04X} does not begin with an object: {error}") from error
    if length > MOST_BYTES:
        raise ProtocolError(f"file {file_id:04X} states {length} bytes; at most {MOST_BYTES} are read")
    return start + length
