"""`Mrz`: the machine readable zone with its check digits; `AccessKey`: the part of it that opens a chip.

Reference: ICAO Doc 9303 part 3, clause 4.9 (check digits); parts 4 (TD3), 5 (TD1) and 6 (TD2); part 11,
clause 4.3.2 (MRZ information).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from biocapil.errors import FormatError

RECORD = "machine readable zone"
FILLER = "<"
WEIGHTS = (7, 3, 1)
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
VALUES = {letter: value for value, letter in enumerate(ALPHABET)} | {FILLER: 0}
NUMBER_LENGTH = 9
SHAPES = {90: 30, 72: 36, 88: 44}
"""Length of a line by the length of the whole zone: TD1, TD2, TD3."""
DATE = re.compile(r"\d{6}")


def check_digit(text: str) -> str:
    """Check digit of a text.

    Args:
        text: Digits, capital letters and fillers.

    Raises:
        ValueError: It holds another letter.
    """
    if strangers := set(text) - set(VALUES):
        raise ValueError(f"{len(strangers)} letters of the text are none of a machine readable zone")
    return str(sum(VALUES[letter] * WEIGHTS[place % 3] for place, letter in enumerate(text)) % 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessKey:
    """What is printed on a document and opens its chip; none of it is part of `repr`.

    Attributes:
        number: Document number, without fillers.
        birth: Date of birth, YYMMDD.
        expiry: Date of expiry, YYMMDD.
    """

    number: str = field(repr=False)
    birth: str = field(repr=False)
    expiry: str = field(repr=False)

    def __post_init__(self) -> None:
        if not self.number or set(self.number) - set(VALUES):
            raise ValueError("a document number has digits, capital letters and fillers, and at least one")
        for name, date in (("birth", self.birth), ("expiry", self.expiry)):
            if not DATE.fullmatch(date):
                raise ValueError(f"the date of {name} must be six digits, YYMMDD, got {len(date)} letters")

    @property
    def information(self) -> str:
        """MRZ information: number, birth and expiry, each with its check digit."""
        number = self.number.ljust(NUMBER_LENGTH, FILLER)
        return "".join(part + check_digit(part) for part in (number, self.birth, self.expiry))

    @classmethod
    def parse(cls, text: str) -> AccessKey:
        """Read it from a whole machine readable zone, or from ``NUMBER/YYMMDD/YYMMDD`` (birth, expiry).

        Raises:
            ValueError: It is neither, or a check digit is wrong; the message shows nothing of the text.
        """
        parts = text.strip().upper().split("/")
        if len(parts) == 3:
            number, birth, expiry = (part.strip() for part in parts)
            return cls(number=number.rstrip(FILLER), birth=birth, expiry=expiry)
        try:
            mrz = parse_mrz(text)
        except FormatError as error:
            raise ValueError(f"neither a machine readable zone nor NUMBER/YYMMDD/YYMMDD: {error}") from error
        if mrz.wrong_digits:
            raise ValueError(f"the check digit of the {mrz.wrong_digits[0]} is wrong: read it once more")
        return mrz.access_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Mrz:
    """A machine readable zone; no personal datum is part of `repr`.

    Attributes:
        kind: ``"TD1"``, ``"TD2"`` or ``"TD3"``.
        document_code: Kind of document: ``P``, ``I`` …
        state: State that issued it, three letters.
        number: Document number.
        surname: Surname, or the whole name where it has one part.
        given_names: Given names; empty where there are none.
        nationality: Three letters.
        birth: Date of birth as printed, YYMMDD; a filler stands for what is not known.
        sex: ``M``, ``F``, or empty.
        expiry: Date of expiry as printed, YYMMDD.
        optional: What the state added; empty where nothing.
        wrong_digits: Names of the fields whose check digit is wrong.
    """

    kind: str
    document_code: str
    state: str
    number: str = field(repr=False)
    surname: str = field(repr=False)
    given_names: str = field(repr=False)
    nationality: str = field(repr=False)
    birth: str = field(repr=False)
    sex: str = field(repr=False)
    expiry: str = field(repr=False)
    optional: str = field(repr=False)
    wrong_digits: tuple[str, ...]

    @property
    def access_key(self) -> AccessKey:
        """The part that opens the chip.

        Raises:
            ValueError: A date is not known.
        """
        return AccessKey(number=self.number, birth=self.birth, expiry=self.expiry)


def parse_mrz(text: str) -> Mrz:
    """Read a machine readable zone; wrong check digits are told, not refused.

    Args:
        text: Its two or three lines, with or without line ends.

    Raises:
        FormatError: It has another length, or letters of no such zone; the message shows nothing of it.
    """
    flat = "".join(text.upper().split())
    width = SHAPES.get(len(flat))
    if width is None:
        lengths = ", ".join(map(str, sorted(SHAPES)))
        raise FormatError(f"{len(flat)} letters; there are {lengths}", record=RECORD)
    if set(flat) - set(VALUES):
        raise FormatError("letters other than A to Z, 0 to 9 and <", record=RECORD)
    lines = [flat[start : start + width] for start in range(0, len(flat), width)]
    return _td1(*lines) if width == 30 else _two_lines(*lines)


def _td1(first: str, second: str, third: str) -> Mrz:
    number, digit, optional = first[5:14], first[14], first[15:30]
    if digit == FILLER and optional.strip(FILLER):  # a long number goes on in the optional field
        rest, _, optional = optional.partition(FILLER)
        number, digit = number + rest[:-1], rest[-1]
    composite = first[5:30] + second[0:7] + second[8:15] + second[18:29]
    return _mrz(
        "TD1",
        head=first,
        names=third,
        number=(number, digit),
        birth=second[0:7],
        sex=second[7],
        expiry=second[8:15],
        nationality=second[15:18],
        optional=optional + second[18:29],
        checks=(("whole zone", composite, second[29]),),
    )


def _two_lines(first: str, second: str) -> Mrz:
    passport = len(second) == 44
    end = len(second) - 1
    checks = [("whole zone", second[0:10] + second[13:20] + second[21:end], second[end])]
    optional = second[28:end]
    if passport:
        optional = second[28:42]
        if second[42] != FILLER or optional.strip(FILLER):
            checks.append(("optional field", optional, second[42]))
    return _mrz(
        "TD3" if passport else "TD2",
        head=first,
        names=first[5:],
        number=(second[0:9], second[9]),
        birth=second[13:20],
        sex=second[20],
        expiry=second[21:28],
        nationality=second[10:13],
        optional=optional,
        checks=tuple(checks),
    )


def _mrz(
    kind: str,
    *,
    head: str,
    names: str,
    number: tuple[str, str],
    birth: str,
    sex: str,
    expiry: str,
    nationality: str,
    optional: str,
    checks: tuple[tuple[str, str, str], ...],
) -> Mrz:
    all_checks = (
        ("document number", *number),
        ("date of birth", birth[:6], birth[6]),
        ("date of expiry", expiry[:6], expiry[6]),
        *checks,
    )
    surname, _, given = names.rstrip(FILLER).partition(2 * FILLER)
    return Mrz(
        kind=kind,
        document_code=_words(head[0:2]),
        state=_words(head[2:5]),
        number=number[0].rstrip(FILLER),
        surname=_words(surname),
        given_names=_words(given),
        nationality=_words(nationality),
        birth=birth[:6],
        sex=sex.replace(FILLER, ""),
        expiry=expiry[:6],
        optional=_words(optional),
        wrong_digits=tuple(name for name, text, digit in all_checks if check_digit(text) != digit),
    )


def _words(text: str) -> str:
    return " ".join(text.replace(FILLER, " ").split())
