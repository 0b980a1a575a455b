"""`Capability` and `DeviceInfo`: what a device says about itself, before anything is asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from biocapil.capture.parameters import Parameter
from biocapil.vocabulary import Instance, Modality


class Presentation(Enum):
    """What is shown to a device at once."""

    ONE_FINGER = "one_finger"
    TWO_FINGERS = "two_fingers"
    TWO_THUMBS = "two_thumbs"
    FOUR_FINGERS = "four_fingers"
    FACE = "face"
    ONE_IRIS = "one_iris"
    TWO_IRISES = "two_irises"


class SecurityLevel(Enum):
    """How far samples can be trusted, by the levels of the MOSIP Secure Biometric Interface."""

    NONE = "none"
    """Nothing is signed: the sample is as good as the cable and the machine."""
    L0 = "L0"
    """Signed on the host."""
    L1 = "L1"
    """Signed inside the device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """What a capture device can do.

    Attributes:
        modality: What it captures.
        presentations: What can be shown to it at once.
        instances: Fingers or eyes that it can capture; empty for all of the modality.
        width_px: Width of its largest picture in pixels.
        height_px: Height of its largest picture in pixels.
        resolution_ppi: Pixels per inch; None where that means nothing (a camera).
        certificate: Certification of its picture quality, for example ``"FBI Appendix F"``; empty for none.
        enrollment_grade: Whether its samples are fit to register a person, not only to recognise one.
        bit_depth: Bits per pixel that the sensor delivers, before they are spread over 8.
        colour: Whether pictures have three channels.
        preview: Whether `acquire` sends `Preview` events before the sample.
        auto_capture: Whether the device itself decides when the sample is good enough.
        liveness: Whether the device reports signs of presentation attacks.
        security_level: How far its samples can be trusted.
        parameters: Settings that `configure` takes.
    """

    modality: Modality
    presentations: frozenset[Presentation]
    width_px: int
    height_px: int
    bit_depth: int
    instances: tuple[Instance, ...] = ()
    resolution_ppi: float | None = None
    certificate: str = ""
    enrollment_grade: bool = False
    colour: bool = False
    preview: bool = False
    auto_capture: bool = False
    liveness: bool = False
    security_level: SecurityLevel = SecurityLevel.NONE
    parameters: tuple[Parameter, ...] = ()

    def __post_init__(self) -> None:
        if self.width_px < 1 or self.height_px < 1 or self.bit_depth < 1:
            raise ValueError(
                f"a picture has at least one pixel of one bit, got {self.width_px}x{self.height_px} "
                f"of {self.bit_depth} bits"
            )
        if not self.presentations:
            raise ValueError("a device captures at least one presentation, got none")
        strangers = [each.name for each in self.instances if each.modality is not self.modality]
        if strangers:
            raise ValueError(f"a {self.modality.value} device captures no {', '.join(strangers)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceInfo:
    """Which device it is.

    Attributes:
        driver: Name of its driver.
        address: Address that it was opened by.
        maker: Who makes it; empty where it does not say.
        model: Its model.
        serial_number: Its own number; empty where it has none.
        firmware: Version of its software; empty where it does not say.
        capability: What it can capture; None for a peripheral that captures nothing (a card reader).
    """

    driver: str
    address: str
    model: str
    maker: str = ""
    serial_number: str = ""
    firmware: str = ""
    capability: Capability | None = None

    @property
    def identity(self) -> str:
        """Name that stays when the device is plugged in elsewhere; without a serial number, the address."""
        return f"{self.driver}:{self.serial_number}" if self.serial_number else self.address
