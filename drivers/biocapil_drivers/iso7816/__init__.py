"""What all cards with a chip share: commands and answers, TLV objects, files, a card made of software.

Reference: ISO/IEC 7816-4:2020.
"""

from biocapil_drivers.iso7816.apdu import Command, Response
from biocapil_drivers.iso7816.channel import CardChannel, PlainChannel
from biocapil_drivers.iso7816.files import read_binary, read_file, select_application, select_file
from biocapil_drivers.iso7816.status import Status
from biocapil_drivers.iso7816.tlv import Tlv, encode_tlv, find_value, read_tlv, read_tlvs

__all__ = [
    "CardChannel",
    "Command",
    "PlainChannel",
    "Response",
    "Status",
    "Tlv",
    "encode_tlv",
    "find_value",
    "read_binary",
    "read_file",
    "read_tlv",
    "read_tlvs",
    "select_application",
    "select_file",
]
