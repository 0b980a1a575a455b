"""`Fix`: where a receiver says that it is.

Reference: NMEA 0183 (IEC 61162-1), sentence GGA.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from biocapil_drivers.gps.sentences import Sentence

GGA = "GGA"
LATITUDE, LONGITUDE = re.compile(r"(\d{2})(\d{2}(?:\.\d{1,8})?)"), re.compile(r"(\d{3})(\d{2}(?:\.\d{1,8})?)")
NUMBER = re.compile(r"-?\d{1,6}(?:\.\d{1,4})?")
COUNT = re.compile(r"\d{1,2}")
TIME = re.compile(r"([01]\d|2[0-3])([0-5]\d)([0-5]\d|60)(?:\.\d{1,4})?")
LEAST_FIELDS = 10
MINUTES = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A position.

    Attributes:
        latitude_deg: North of the equator, -90 to 90; not part of `repr`.
        longitude_deg: East of Greenwich, -180 to 180; not part of `repr`.
        altitude_m: Above mean sea level; None where the receiver does not say.
        satellites: How many were used.
        hdop: Horizontal dilution of precision, 1 good, above 5 poor; None where the receiver does not say.
        time_utc: Time of day, ``hhmmss``, as the receiver wrote it.
    """

    latitude_deg: float = field(repr=False)
    longitude_deg: float = field(repr=False)
    altitude_m: float | None = field(repr=False)
    satellites: int
    hdop: float | None
    time_utc: str


def fix_of(sentence: Sentence) -> Fix | None:
    """The position that a sentence tells; None where it tells none, or the receiver has none."""
    fields = sentence.fields
    if sentence.kind != GGA or len(fields) < LEAST_FIELDS:
        return None
    time_utc, latitude, north, longitude, east, quality, satellites, hdop, altitude, unit = fields[
        :LEAST_FIELDS
    ]
    north_deg = _degrees(latitude, LATITUDE, north, "NS", most_deg=90)
    east_deg = _degrees(longitude, LONGITUDE, east, "EW", most_deg=180)
    if north_deg is None or east_deg is None or not TIME.fullmatch(time_utc):
        return None
    if not COUNT.fullmatch(quality) or not int(quality) or not COUNT.fullmatch(satellites):
        return None
    return Fix(
        latitude_deg=north_deg,
        longitude_deg=east_deg,
        altitude_m=_number(altitude) if unit == "M" else None,
        satellites=int(satellites),
        hdop=_number(hdop),
        time_utc=time_utc[:6],
    )


def _degrees(text: str, form: re.Pattern[str], side: str, sides: str, *, most_deg: int) -> float | None:
    found = form.fullmatch(text)
    if found is None or len(side) != 1 or side not in sides or float(found[2]) >= MINUTES:
        return None
    degrees = int(found[1]) + float(found[2]) / MINUTES
    if degrees > most_deg:
        return None
    return degrees if side == sides[0] else -degrees


def _number(text: str) -> float | None:
    return float(text) if NUMBER.fullmatch(text) else None
