"""Basic Access Control: reader and chip prove to each other that they know what is printed on the document.

    chip   ─► RND.IC
    reader ─► E(RND.IFD | RND.IC | K.IFD) | MAC
    chip   ─► E(RND.IC | RND.IFD | K.IC) | MAC          keys of the session from K.IFD xor K.IC

Reference: ICAO Doc 9303 part 11, clause 4.3 and appendix D.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from biocapil.capture import Deadline
from biocapil.errors import ProtocolError
from biocapil_drivers.emrtd.triple_des import Keys, decrypt, encrypt, mac, same
from biocapil_drivers.iso7816 import CardChannel, Command, Response, Status

GET_CHALLENGE, EXTERNAL_AUTHENTICATE = 0x84, 0x82
RANDOM_BYTES, PART_BYTES, ANSWER_BYTES = 8, 16, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What both sides agreed on; no part of it is part of `repr`.

    Attributes:
        keys: Keys of the session.
        counter: Send sequence counter that the next message adds one to.
    """

    keys: Keys = field(repr=False)
    counter: int = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The reader's part of the mutual authentication; nothing is part of `repr`.

    Attributes:
        keys: Keys from the document.
        ours: Random bytes of the reader, 8.
        theirs: Random bytes of the chip, 8.
        part: The reader's part of the session's seed, 16 bytes.
    """

    keys: Keys = field(repr=False)
    ours: bytes = field(repr=False)
    theirs: bytes = field(repr=False)
    part: bytes = field(repr=False)

    def command_data(self) -> bytes:
        """What is sent to the chip."""
        sealed = encrypt(self.keys.encryption, self.ours + self.theirs + self.part)
        return sealed + mac(self.keys.authentication, sealed)

    def session(self, answer: bytes) -> Session:
        """Check the chip's answer.

        Raises:
            ProtocolError: The chip does not know the key, or answers to somebody else.
        """
        sealed, seal = answer[:-8], answer[-8:]
        if len(answer) != ANSWER_BYTES or not same(mac(self.keys.authentication, sealed), seal):
            raise ProtocolError(
                "the chip's answer to the authentication is not sealed with the document's key"
            )
        plain = decrypt(self.keys.encryption, sealed)
        if plain[:RANDOM_BYTES] != self.theirs or plain[RANDOM_BYTES : 2 * RANDOM_BYTES] != self.ours:
            raise ProtocolError("the chip answers to another authentication than ours")
        seed = bytes(mine ^ theirs for mine, theirs in zip(self.part, plain[PART_BYTES:], strict=True))
        return Session(keys=Keys.of(seed), counter=int.from_bytes(self.theirs[4:] + self.ours[4:], "big"))


def authenticate_by_mrz(
    channel: CardChannel, keys: Keys, deadline: Deadline, random: Callable[[int], bytes]
) -> Session | Response:
    """Authenticate to the selected application.

    Args:
        channel: In the clear.
        keys: Keys from the document.
        deadline: When it must be done.
        random: Source of random bytes, fit for keys.

    Returns:
        The session; or the chip's answer where it does not take the key.

    Raises:
        ProtocolError: The chip took the key, but does not prove that it knows it.
    """
    challenge = channel.send(Command(ins=GET_CHALLENGE, expected=RANDOM_BYTES), deadline, private=True)
    if challenge.status != Status.OK:
        return challenge
    if len(challenge.data) != RANDOM_BYTES:
        raise ProtocolError(f"a challenge has {RANDOM_BYTES} bytes, got {len(challenge.data)}")
    proof = Proof(keys=keys, ours=random(RANDOM_BYTES), theirs=challenge.data, part=random(PART_BYTES))
    command = Command(ins=EXTERNAL_AUTHENTICATE, data=proof.command_data(), expected=ANSWER_BYTES)
    answer = channel.send(command, deadline, private=True)
    return proof.session(answer.data) if answer.status == Status.OK else answer
