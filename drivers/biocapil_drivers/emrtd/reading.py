"""A travel document from the first command to its contents.

select ─► Basic Access Control ─► secure messaging ─► EF.SOD, DG1, DG2 as asked ─► passive authentication
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from biocapil.capture import Deadline
from biocapil.capture.cards import (
    Authenticity,
    Card,
    CardContents,
    CardField,
    CardRead,
    CardReason,
    CardRefusal,
    CardRequest,
)
from biocapil.errors import ProtocolError
from biocapil_drivers.emrtd.access_control import authenticate_by_mrz
from biocapil_drivers.emrtd.data_groups import (
    APPLICATION_NAME,
    EF_DG1,
    EF_DG2,
    EF_SOD,
    mrz_of_dg1,
    portrait_of_dg2,
)
from biocapil_drivers.emrtd.mrz import AccessKey, Mrz
from biocapil_drivers.emrtd.passive_authentication import PassiveAuthentication, authenticate
from biocapil_drivers.emrtd.secure_messaging import SecureChannel
from biocapil_drivers.emrtd.triple_des import Keys, mrz_seed
from biocapil_drivers.iso7816 import PlainChannel, Response, Status, read_file, select_application
from biocapil_drivers.iso7816.status import REFUSALS

NAME = "emrtd"


def read_document(
    card: Card,
    key: AccessKey,
    request: CardRequest,
    deadline: Deadline,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> CardRead:
    """Read what is asked for.

    Args:
        card: The document.
        key: What is printed on it.
        request: What is wanted.
        deadline: When all of it must be there.
        random: Source of random bytes, fit for keys.

    Returns:
        The contents, or why the document was not read.

    Raises:
        DeviceError: As `Card.transmit`.
        FormatError: A file does not follow its format.
    """
    channel = PlainChannel(card)
    if select_application(channel, APPLICATION_NAME, deadline).status != Status.OK:
        return CardRefusal(reason=CardReason.OTHER_CARD)
    session = authenticate_by_mrz(channel, Keys.of(mrz_seed(key.information)), deadline, random)
    if isinstance(session, Response):
        return CardRefusal(reason=_refusal(session))
    files = _Files(SecureChannel(channel, session), deadline)
    groups: dict[int, bytes] = {}
    if request.personal:
        groups[1] = files.read(EF_DG1)
    if request.portrait:
        groups[2] = files.read(EF_DG2)
    outcome = _outcome(files, groups, request)
    return CardContents(
        application=NAME,
        fields=fields_of(mrz_of_dg1(groups[1])) if 1 in groups else (),
        portrait=portrait_of_dg2(groups[2]) if 2 in groups else None,
        authenticity=outcome.authenticity,
        problem=outcome.problem,
    )


def fields_of(mrz: Mrz) -> tuple[CardField, ...]:
    """The printed lines as data with names; empty ones are left out."""
    pairs = (
        ("document_code", mrz.document_code),
        ("state", mrz.state),
        ("document_number", mrz.number),
        ("surname", mrz.surname),
        ("given_names", mrz.given_names),
        ("nationality", mrz.nationality),
        ("birth", mrz.birth),
        ("sex", mrz.sex),
        ("expiry", mrz.expiry),
        ("optional", mrz.optional),
    )
    return tuple(CardField(name=name, value=value) for name, value in pairs if value)


class _Files:
    """Files behind a session; one that must be there and is not is a fault of the document."""

    def __init__(self, channel: SecureChannel, deadline: Deadline) -> None:
        self._channel = channel
        self._deadline = deadline

    def read(self, file_id: int) -> bytes:
        found = read_file(self._channel, file_id, self._deadline)
        if isinstance(found, Response):
            raise ProtocolError(f"the document does not open file {file_id:04X}", vendor_code=found.status)
        return found


def _outcome(files: _Files, groups: dict[int, bytes], request: CardRequest) -> PassiveAuthentication:
    if not request.authorities or request.now is None:
        return PassiveAuthentication(
            authenticity=Authenticity.NOT_CHECKED, problem="no certificates of authorities were given"
        )
    if not groups:
        return PassiveAuthentication(authenticity=Authenticity.NOT_CHECKED, problem="no data were asked for")
    return authenticate(files.read(EF_SOD), groups, request.authorities, request.now)


def _refusal(answer: Response) -> CardReason:
    """A wrong key is refused in several ways; a chip without this kind of access control refuses at all."""
    return CardReason.WRONG_KEY if answer.status in REFUSALS else CardReason.NOT_ALLOWED
