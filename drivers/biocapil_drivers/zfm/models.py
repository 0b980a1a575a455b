"""Models of the family by what cannot be asked of them: the geometry of the image, the lights, the search.

Newer modules say all of it (READ_PRODUCT). For the others the number of bytes of an image decides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import ProtocolError

PIXELS_PER_BYTE = 2
GREY_STEP = 17
"""4 bits a pixel are spread over 8: 15 becomes 255."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorModel:
    """One model.

    Attributes:
        name: Its name in addresses, lower case.
        title: Its name for people.
        width_px: Width of its image.
        height_px: Height of its image.
        resolution_ppi: Nominal pixels per inch; nobody certified it.
        template_bytes: Length of a template.
        capacity: How many templates it keeps.
        aura: Whether it has a coloured ring.
        product: Whether it answers READ_PRODUCT.
    """

    name: str
    title: str
    width_px: int
    height_px: int
    resolution_ppi: float = 500.0
    template_bytes: int = 512
    capacity: int = 1000
    aura: bool = False
    product: bool = False

    @property
    def image_bytes(self) -> int:
        """Length of an image on the wire."""
        return self.width_px * self.height_px // PIXELS_PER_BYTE


MODELS = (
    SensorModel(name="zfm20", title="ZFM-20", width_px=256, height_px=288),
    SensorModel(name="r305", title="R305", width_px=256, height_px=288, capacity=980),
    SensorModel(name="r307", title="R307", width_px=256, height_px=288),
    SensorModel(name="as608", title="AS608", width_px=256, height_px=288, capacity=300),
    SensorModel(
        name="r503",
        title="R503",
        width_px=192,
        height_px=192,
        resolution_ppi=508.0,
        template_bytes=1536,
        capacity=200,
        aura=True,
        product=True,
    ),
)
DEFAULT = MODELS[0]


def model_named(name: str) -> SensorModel:
    """Model of a name.

    Raises:
        ValueError: There is none.
    """
    found = next((model for model in MODELS if model.name == name), None)
    if found is None:
        raise ValueError(f"no model {name!r}; there are: {', '.join(model.name for model in MODELS)}")
    return found


def unpack_image(data: bytes, *, width_px: int, height_px: int) -> NDArray[np.uint8]:
    """Grey values of an image as it comes over the wire, the left pixel in the high half of a byte.

    Returns:
        Shape (rows, columns), uint8.

    Raises:
        ProtocolError: There are more or fewer bytes than such an image has.
    """
    expected = width_px * height_px // PIXELS_PER_BYTE
    if len(data) != expected:
        raise ProtocolError(
            f"an image of {width_px}x{height_px} pixels has {expected} bytes, got {len(data)}: "
            f"a damaged transfer, or another model of sensor"
        )
    packed = np.frombuffer(data, np.uint8)
    pixels = np.stack((packed >> 4, packed & 0x0F), axis=1).reshape(height_px, width_px)
    return (pixels * np.uint8(GREY_STEP)).astype(np.uint8)


def pack_image(pixels: NDArray[np.uint8]) -> bytes:
    """The opposite of `unpack_image`; the four low bits of each pixel are lost.

    Args:
        pixels: Shape (rows, columns), an even number of columns, uint8.
    """
    halves = pixels.reshape(-1, PIXELS_PER_BYTE) >> 4
    return (halves[:, 0] << 4 | halves[:, 1]).astype(np.uint8).tobytes()
