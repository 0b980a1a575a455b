"""Travel documents with a chip, ICAO Doc 9303; the README says what they were proven against.

What needs the `cryptography` package stands in modules of its own, loaded when a document is read.
"""

from biocapil_drivers.emrtd.application import APPLICATION, EmrtdApplication
from biocapil_drivers.emrtd.mrz import AccessKey, Mrz, check_digit, parse_mrz

__all__ = ["APPLICATION", "AccessKey", "EmrtdApplication", "Mrz", "check_digit", "parse_mrz"]
