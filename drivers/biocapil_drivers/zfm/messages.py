"""Commands, answers and what is in them; knows no device and no time.

Reference: user manuals of the ZFM-20, R305 and R503 modules, chapter "Instructions".
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

from biocapil.errors import ProtocolError

SPEED_STEP = 9600
PACKET_SIZES = (32, 64, 128, 256)
INDEX_SLOTS = 256
PARAMETERS = struct.Struct(">HHHHIHH")
PRODUCT = struct.Struct(">16s4s8sBB8sHHHH")


class Command(IntEnum):
    """What a sensor can be asked; "up" is from the sensor to the host."""

    GET_IMAGE = 0x01
    EXTRACT = 0x02
    MATCH = 0x03
    SEARCH = 0x04
    COMBINE = 0x05
    STORE = 0x06
    LOAD = 0x07
    UP_TEMPLATE = 0x08
    DOWN_TEMPLATE = 0x09
    UP_IMAGE = 0x0A
    DOWN_IMAGE = 0x0B
    DELETE = 0x0C
    EMPTY = 0x0D
    SET_PARAMETER = 0x0E
    READ_PARAMETERS = 0x0F
    SET_PASSWORD = 0x12
    VERIFY_PASSWORD = 0x13
    RANDOM = 0x14
    SET_ADDRESS = 0x15
    FAST_SEARCH = 0x1B
    TEMPLATE_COUNT = 0x1D
    READ_INDEX = 0x1F
    AURA_LIGHT = 0x35
    READ_PRODUCT = 0x3C
    SOFT_RESET = 0x3D
    LIGHT_ON = 0x50
    LIGHT_OFF = 0x51
    GET_IMAGE_ONLY = 0x52
    ECHO = 0x53


class Confirmation(IntEnum):
    """First byte of every answer."""

    OK = 0x00
    PACKET_ERROR = 0x01
    NO_FINGER = 0x02
    IMAGE_FAILED = 0x03
    TOO_MESSY = 0x06
    TOO_FEW_FEATURES = 0x07
    NO_MATCH = 0x08
    NOT_FOUND = 0x09
    COMBINE_FAILED = 0x0A
    BAD_PAGE = 0x0B
    TEMPLATE_UNREADABLE = 0x0C
    UP_TEMPLATE_FAILED = 0x0D
    NO_DATA_PACKETS = 0x0E
    UP_IMAGE_FAILED = 0x0F
    DELETE_FAILED = 0x10
    EMPTY_FAILED = 0x11
    WRONG_PASSWORD = 0x13
    NO_IMAGE = 0x15
    FLASH_FAILED = 0x18
    UNDEFINED = 0x19
    BAD_REGISTER = 0x1A
    BAD_REGISTER_VALUE = 0x1B
    BAD_NOTEPAD_PAGE = 0x1C
    PORT_FAILED = 0x1D
    LIBRARY_FULL = 0x1F
    WRONG_ADDRESS = 0x20
    PASSWORD_NEEDED = 0x21
    EMPTY_TEMPLATE = 0x22
    EMPTY_LIBRARY = 0x24
    TIMED_OUT = 0x26
    ALREADY_THERE = 0x27
    SENSOR_FAILED = 0x29
    ECHO = 0x55
    UNSUPPORTED = 0xFC
    HARDWARE_FAILED = 0xFD
    COMMAND_FAILED = 0xFE


class Register(IntEnum):
    """Settings that a sensor keeps."""

    SPEED = 4
    SECURITY = 5
    PACKET_SIZE = 6


class AuraColour(IntEnum):
    """Colours of the ring; those from GREEN on need newer firmware."""

    RED = 1
    BLUE = 2
    PURPLE = 3
    GREEN = 4
    YELLOW = 5
    CYAN = 6
    WHITE = 7


class AuraEffect(IntEnum):
    """What the ring does."""

    BREATHE = 1
    FLASH = 2
    ON = 3
    OFF = 4
    FADE_IN = 5
    FADE_OUT = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer.

    Attributes:
        code: First byte; a number that stands in `Confirmation`, or one that no manual names.
        data: What follows.
    """

    code: int
    data: bytes

    @property
    def words(self) -> str:
        """What the code means."""
        if self.code in Confirmation.__members__.values():
            return Confirmation(self.code).name.lower().replace("_", " ")
        return "a code that no manual names"


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemParameters:
    """How a sensor is set.

    Attributes:
        status: Bits of its state.
        system_id: Fixed number of the family.
        capacity: How many templates it can keep.
        security: 1 to 5; the higher, the fewer false matches.
        address: Its address.
        packet_bytes: Payload of its data packets.
        bits_per_s: Speed of its line.
    """

    status: int
    system_id: int
    capacity: int
    security: int
    address: int
    packet_bytes: int
    bits_per_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductInformation:
    """What newer modules say about themselves.

    Attributes:
        model: Type of the module.
        batch: Batch number.
        serial_number: Its own number.
        hardware: Version, for example ``"1.0"``.
        sensor: Type of the sensor in it.
        width_px: Width of its image.
        height_px: Height of its image.
        template_bytes: Length of a template.
        capacity: How many templates it can keep.
    """

    model: str
    batch: str
    serial_number: str
    hardware: str
    sensor: str
    width_px: int
    height_px: int
    template_bytes: int
    capacity: int


def command_payload(command: Command, arguments: bytes = b"") -> bytes:
    """Payload of a command frame."""
    return bytes([command]) + arguments


def parse_answer(payload: bytes) -> Answer:
    """Read the payload of an acknowledge frame.

    Raises:
        ProtocolError: It is empty.
    """
    if not payload:
        raise ProtocolError("an answer holds at least its confirmation code, got nothing")
    return Answer(code=payload[0], data=payload[1:])


def parse_parameters(data: bytes) -> SystemParameters:
    """Read the answer to READ_PARAMETERS.

    Raises:
        ProtocolError: It is too short, or names a packet size or a speed that no sensor has.
    """
    if len(data) < PARAMETERS.size:
        raise ProtocolError(f"system parameters are {PARAMETERS.size} bytes, got {len(data)}")
    status, system_id, capacity, security, address, size_code, speed = PARAMETERS.unpack_from(data)
    if size_code >= len(PACKET_SIZES) or not 1 <= speed <= 12:
        raise ProtocolError(f"packet size code must be 0..3 and speed 1..12, got {size_code} and {speed}")
    return SystemParameters(
        status=status,
        system_id=system_id,
        capacity=capacity,
        security=security,
        address=address,
        packet_bytes=PACKET_SIZES[int(size_code)],
        bits_per_s=speed * SPEED_STEP,
    )


def parse_product(data: bytes) -> ProductInformation:
    """Read the answer to READ_PRODUCT.

    Raises:
        ProtocolError: It is too short or names an image without pixels.
    """
    if len(data) < PRODUCT.size:
        raise ProtocolError(f"product information is at least {PRODUCT.size} bytes, got {len(data)}")
    model, batch, serial, major, minor, sensor, width, height, template, capacity = PRODUCT.unpack_from(data)
    if not (width and height):
        raise ProtocolError(f"an image has at least one pixel, got {width}x{height}")
    return ProductInformation(
        model=_text(model),
        batch=_text(batch),
        serial_number=_text(serial),
        hardware=f"{major}.{minor}",
        sensor=_text(sensor),
        width_px=width,
        height_px=height,
        template_bytes=template,
        capacity=capacity,
    )


def parse_index(data: bytes, page: int) -> frozenset[int]:
    """Slots that hold a template, from one page of the index: 32 bytes, lowest slot in the lowest bit.

    Raises:
        ProtocolError: The page is too short.
    """
    if len(data) < INDEX_SLOTS // 8:
        raise ProtocolError(f"a page of the index is {INDEX_SLOTS // 8} bytes, got {len(data)}")
    first = page * INDEX_SLOTS
    return frozenset(first + slot for slot in range(INDEX_SLOTS) if data[slot // 8] >> (slot % 8) & 1)


def parse_number(data: bytes, length: int = 2) -> int:
    """Read a number at the start of an answer.

    Raises:
        ProtocolError: The answer is shorter.
    """
    if len(data) < length:
        raise ProtocolError(f"the answer must hold {length} bytes, got {len(data)}")
    return int.from_bytes(data[:length], "big")


def _text(data: bytes) -> str:
    """Printable ASCII of a padded field."""
    text = data.split(b"\0", 1)[0].decode("ascii", "replace")
    return "".join(each for each in text if each.isprintable()).strip()
