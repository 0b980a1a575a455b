from __future__ import annotations

import numpy as np
import pytest

from biocapil.errors import ProtocolError
from biocapil_drivers.zfm.models import MODELS, model_named, pack_image, unpack_image


def test_the_left_pixel_is_in_the_high_half() -> None:
    image = unpack_image(bytes([0x0F, 0xA0]), width_px=2, height_px=2)
    assert image.tolist() == [[0, 255], [170, 0]]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_an_image_survives_the_way_in_sixteen_grey_values(model: object) -> None:
    known = model_named(model.name)  # type: ignore[attr-defined] # pytest gives objects
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, (known.height_px, known.width_px), np.uint8)
    packed = pack_image(pixels)
    assert len(packed) == known.image_bytes
    again = unpack_image(packed, width_px=known.width_px, height_px=known.height_px)
    assert np.array_equal(again, pixels // 16 * 17)


def test_images_have_the_bytes_that_the_manuals_say() -> None:
    assert model_named("zfm20").image_bytes == 36_864
    assert model_named("r503").image_bytes == 18_432


@pytest.mark.parametrize("count", [0, 35, 37])
def test_an_image_of_another_size_is_refused(count: int) -> None:
    with pytest.raises(ProtocolError, match=f"12x6 pixels has 36 bytes, got {count}"):
        unpack_image(bytes(count), width_px=12, height_px=6)


def test_an_unknown_model_is_named() -> None:
    with pytest.raises(ValueError, match="no model 'r999'; there are: zfm20, "):
        model_named("r999")
