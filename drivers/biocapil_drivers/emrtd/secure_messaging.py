"""`SecureChannel`: commands encrypted and sealed, answers opened and checked.

    CLA' INS P1 P2 | Lc' | 87 [01 data] | 97 [Le] | 8E [MAC] | 00
    87 [01 data] | 99 [status] | 8E [MAC] | status

Reference: ICAO Doc 9303 part 11, clause 9.8 and appendix D.
"""

from __future__ import annotations

from dataclasses import replace

from biocapil.capture import Deadline
from biocapil.errors import FormatError, ProtocolError
from biocapil_drivers.emrtd.access_control import Session
from biocapil_drivers.emrtd.triple_des import BLOCK, decrypt, encrypt, mac, pad, same, unpad
from biocapil_drivers.iso7816 import CardChannel, Command, Response, Status, Tlv, encode_tlv, read_tlvs

SECURED = 0x0C
DATA, ODD_DATA, EXPECTED, STATUS, SEAL = 0x87, 0x85, 0x97, 0x99, 0x8E
PADDED = b"\x01"
WHOLE = 256
ODD = 0x01


class SecureChannel:
    """Secure messaging over a channel in the clear; any fault ends it."""

    def __init__(self, inner: CardChannel, session: Session) -> None:
        self._inner = inner
        self._session = session
        self._open = True

    def send(self, command: Command, deadline: Deadline, *, private: bool = False) -> Response:
        """Send a command and wait for the whole answer.

        Raises:
            ProtocolError: The answer is not sealed with the session's key, or the session has ended.
        """
        if not self._open:
            raise ProtocolError("the secured session has ended")
        self._open = False
        sealed = self._inner.send(self.seal(command), deadline, private=private)
        response = self.opened(sealed)
        self._open = bool(sealed.data)
        return response

    def seal(self, command: Command) -> Command:
        """The command as it is sent; moves the counter on."""
        keys = self._session.keys
        head = bytes((command.cla | SECURED,)) + command.head[1:]
        body = b""
        if command.data:
            hidden = encrypt(keys.encryption, pad(command.data))
            odd = command.ins & ODD
            body += encode_tlv(ODD_DATA, hidden) if odd else encode_tlv(DATA, PADDED + hidden)
        if command.expected is not None:
            size = 2 if command.expected > WHOLE else 1
            body += encode_tlv(EXPECTED, (command.expected % 256**size).to_bytes(size, "big"))
        seal = mac(keys.authentication, self._counted() + pad(head) + body)
        return replace(
            command, cla=head[0], data=body + encode_tlv(SEAL, seal), expected=WHOLE, extended=False
        )

    def opened(self, sealed: Response) -> Response:
        """The answer as it was meant; moves the counter on.

        A chip that gives up the session says why in the clear, without data: that is passed on. Success is
        believed only with a seal.
        """
        counter = self._counted()
        if not sealed.data:
            if sealed.status == Status.OK:
                raise ProtocolError("the chip answered in the clear within a secured session")
            return sealed
        try:
            parts = list(read_tlvs(sealed.data))
        except FormatError as error:
            raise ProtocolError(f"the chip's answer is not secured as it should be: {error}") from error
        seal = _one(parts, SEAL)
        covered = sealed.data[: seal.start]
        if seal.end != len(sealed.data) or not same(
            mac(self._session.keys.authentication, counter + covered), seal.value
        ):
            raise ProtocolError("the chip's answer is not sealed with the session's key")
        return Response(data=self._plain(parts), status=int.from_bytes(_one(parts, STATUS).value, "big"))

    def _plain(self, parts: list[Tlv]) -> bytes:
        hidden = next((part for part in parts if part.tag in {DATA, ODD_DATA}), None)
        if hidden is None:
            return b""
        data = hidden.value if hidden.tag == ODD_DATA else hidden.value[1:]
        said = hidden.tag == ODD_DATA or hidden.value.startswith(PADDED)
        if not said or not data or len(data) % BLOCK:
            raise ProtocolError(f"{len(data)} encrypted bytes are no whole padded blocks")
        return unpad(decrypt(self._session.keys.encryption, data))

    def _counted(self) -> bytes:
        counter: int = (self._session.counter + 1) % 256**BLOCK
        self._session = replace(self._session, counter=counter)
        return counter.to_bytes(BLOCK, "big")


def _one(parts: list[Tlv], tag: int) -> Tlv:
    found = [part for part in parts if part.tag == tag]
    wanted = 2 if tag == STATUS else BLOCK
    if len(found) != 1 or len(found[0].value) != wanted:
        raise ProtocolError(f"a secured answer holds one object {tag:02X} of {wanted} bytes")
    return found[0]
