"""Client libraries of others, which know nothing of this project, understand the emulator.

They are no dependency: the tests skip where they are absent (pip install pyfingerprint
adafruit-circuitpython-fingerprint).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from biocapil_drivers.zfm.bench import ZfmBench
from biocapil_drivers.zfm.fingers import touch_of
from biocapil_drivers.zfm.models import model_named, pack_image

serial = pytest.importorskip("serial", reason="pyserial is not installed: pip install 'biocapil[devices]'")

ZFM20 = model_named("zfm20")
SEEN = touch_of(1, 1, (288, 256))


@pytest.fixture
def bench() -> Iterator[ZfmBench]:
    made = ZfmBench(ZFM20, bits_per_s=57_600)
    yield made
    made.close()


def test_pyfingerprint_enrolls_searches_and_fetches_the_image(bench: ZfmBench, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        client_module: Any = pytest.importorskip(
            "pyfingerprint.pyfingerprint", reason="pyfingerprint is not installed"
        )
    client = client_module.PyFingerprint(str(bench.line.path), 57_600, 0xFFFFFFFF, 0)
    assert client.verifyPassword()
    assert (client.getStorageCapacity(), client.getMaxPacketSize(), client.getBaudRate()) == (
        1000,
        128,
        57_600,
    )
    for buffer in (1, 2):
        assert client.readImage()
        client.convertImage(buffer)
    assert client.createTemplate()
    assert client.storeTemplate(7) == 7
    assert client.getTemplateCount() == 1
    assert client.getTemplateIndex(0)[7]
    client.loadTemplate(7, 1)
    assert tuple(client.searchTemplate()) == (7, 150)
    characteristics = client.downloadCharacteristics(1)
    assert len(characteristics) == ZFM20.template_bytes
    assert client.uploadCharacteristics(2, characteristics)
    assert client.compareCharacteristics() == 150
    image = tmp_path / "image.bmp"
    client.downloadImage(str(image))
    from PIL import Image  # noqa: PLC0415 - only this test looks at a bitmap

    with Image.open(image) as opened:
        assert np.array_equal(np.asarray(opened.convert("L")), SEEN // 16 * 17)


def test_the_adafruit_client_enrolls_searches_and_fetches_the_image(bench: ZfmBench) -> None:
    client_module: Any = pytest.importorskip(
        "adafruit_fingerprint", reason="adafruit-circuitpython-fingerprint is not installed"
    )
    with serial.Serial(str(bench.line.path), 57_600, timeout=2) as port:
        client = client_module.Adafruit_Fingerprint(port)
        assert client.verify_password() == client_module.OK
        assert client.read_sysparam() == client_module.OK
        assert (client.library_size, client.data_packet_size, client.baudrate) == (1000, 2, 6)
        for buffer in (1, 2):
            assert client.get_image() == client_module.OK
            assert client.image_2_tz(buffer) == client_module.OK
        assert client.create_model() == client_module.OK
        assert client.store_model(7) == client_module.OK
        assert client.finger_search() == client_module.OK
        assert (client.finger_id, client.confidence) == (7, 150)
        assert client.count_templates() == client_module.OK
        assert client.template_count == 1
        assert bytes(client.get_fpdata("image")) == pack_image(SEEN)
