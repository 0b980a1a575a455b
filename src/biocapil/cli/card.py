"""``biocapil card``: find card readers, read what a card holds, watch cards come and go."""

from __future__ import annotations

import json
import time
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.table import Table

from biocapil.capture import (
    CancelToken,
    Deadline,
    Opening,
    StateChange,
    Supervisor,
    SystemClock,
    find_devices,
    list_drivers,
)
from biocapil.capture.cards import (
    CardRead,
    CardReader,
    CardReason,
    CardRefusal,
    CardRequest,
    card_sentence,
    find_card_application,
    list_card_applications,
    open_card_reader,
)
from biocapil.cli.card_lines import application_line, contents_line, presence_line, refusal_line
from biocapil.cli.card_wishes import read_authorities, read_secrets, write_portrait
from biocapil.cli.device_lines import change_line, found_line
from biocapil.cli.exit_codes import ExitCode
from biocapil.cli.progress import people_console
from biocapil.errors import DeviceError
from biocapil.vocabulary import Language

LOOK_S = 0.2

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Card readers, and the cards in them.")

AddressArgument = Annotated[
    str,
    typer.Argument(
        metavar="ADDRESS",
        help="pcsc:///READER as biocapil card list shows it, or emulated:pcsc?card=KIND.",
    ),
]
KindOption = Annotated[str, typer.Option(help="Kind of card, as biocapil card list shows them.")]
PersonalOption = Annotated[
    bool, typer.Option("--personal", help="Read the personal data too, and print them.")
]
PictureOption = Annotated[
    Path | None,
    typer.Option(
        help="Read the picture of the holder, and write it into this PNG file, for its owner alone."
    ),
]
SecretOption = Annotated[
    list[str] | None,
    typer.Option(
        "--secret-file",
        metavar="NAME=FILE",
        help="What opens the card, from a file, or from standard input for -: mrz=lines.txt.",
    ),
]
AuthorityOption = Annotated[
    list[Path] | None,
    typer.Option("--authority", help="Certificate, DER or PEM, of one who may vouch for the card's data."),
]
TimeoutOption = Annotated[float, typer.Option(min=0.0, help="Seconds to wait for a card.")]
LanguageOption = Annotated[Language, typer.Option("--lang", help="Language of what people are told.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Lines of JSON only, no table.")]

READ_S = 60.0
"""A slow chip needs 20 s for a picture."""


@app.callback()
def card() -> None:
    """Card readers, and the cards in them."""


@app.command(name="list")
def list_(*, as_json: JsonOption = False) -> None:
    """List the card readers that the system knows, and the kinds of cards that can be read."""
    readers = {each.name for each in list_drivers() if each.info is not None and each.info.reads_cards}
    search = find_devices()
    found = [each for each in search.found if each.address.partition(":")[0].partition("+")[0] in readers]
    applications = list_card_applications()
    for application in applications:
        print(json.dumps(application_line(application)))
    for reader in found:
        print(json.dumps(found_line(reader)))
    if as_json:
        return
    table = Table("kind of card", "state", "opened by", "proven against")
    for application in applications:
        info = application.info
        proven = "" if info is None else ", ".join(info.proven_against)
        secrets = "" if info is None else ", ".join(info.secrets) or "nothing"
        table.add_row(application.name, application.problem or "usable", secrets, proven)
    console = people_console()
    console.print(table)
    for reader in found:
        console.print(f"{reader.address}  {reader.description}", markup=False, soft_wrap=True)
    for name, problem in search.problems:
        if name in readers:
            console.print(f"{name}: {problem}", markup=False)
    if not found:
        console.print("There is no card reader that the system knows.")


@app.command()
def read(
    address: AddressArgument,
    *,
    kind: KindOption,
    personal: PersonalOption = False,
    picture: PictureOption = None,
    secret_file: SecretOption = None,
    authority: AuthorityOption = None,
    timeout: TimeoutOption = 30.0,
    lang: LanguageOption = Language.ENGLISH,
) -> None:
    """Read a card; without --personal and --picture only whether it opens."""
    authorities = read_authorities(authority or ())
    request = CardRequest(
        personal=personal,
        portrait=picture is not None,
        secrets=read_secrets(secret_file or ()),
        authorities=authorities,
        now=datetime.now(UTC) if authorities else None,
    )
    application, clock = find_card_application(kind), SystemClock()
    with closing(open_card_reader(address, Opening(clock=clock))) as reader:
        found = reader.connect(CancelToken(), Deadline.after(clock, timeout))
        if found is None:
            result: CardRead = CardRefusal(reason=CardReason.NO_CARD)
        else:
            with closing(found):
                result = application.read(found, request, Deadline.after(clock, READ_S))
    if isinstance(result, CardRefusal):
        print(json.dumps(refusal_line(result)))
        people_console().print(card_sentence(result.reason, lang), markup=False)
        raise typer.Exit(ExitCode.NO)
    print(json.dumps(contents_line(result)))
    if picture is not None:
        write_portrait(result, picture)


@app.command()
def watch(
    address: AddressArgument,
    *,
    seconds: Annotated[
        float | None, typer.Option(min=0.0, help="How long; without, until interrupted.")
    ] = None,
) -> None:
    """Keep a reader open and say each time that it or a card in it comes or goes; no card is read."""

    def tell(change: StateChange) -> None:
        print(json.dumps(change_line(change)), flush=True)

    clock, cancel = SystemClock(), CancelToken()
    supervisor = Supervisor(partial(open_card_reader, address), on_change=tell)
    supervisor.start()
    end = None if seconds is None else time.monotonic() + seconds
    present: bool | None = None
    try:
        while end is None or time.monotonic() < end:
            seen = _present(supervisor, cancel, Deadline.after(clock, LOOK_S))
            if seen is not None and seen != present:
                present = seen
                print(json.dumps(presence_line(present=seen)), flush=True)
            time.sleep(LOOK_S)
    finally:
        supervisor.stop()


def _present(supervisor: Supervisor, cancel: CancelToken, deadline: Deadline) -> bool | None:
    """Whether a card lies in a reader; None where the reader is away."""
    try:
        with supervisor.borrowed(cancel, deadline) as reader:
            return None if reader is None else cast("CardReader", reader).card_present(deadline)
    except DeviceError:
        return None
