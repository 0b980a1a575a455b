"""Fingerprint sensors of the ZFM family: ZFM-20, R305, R307, AS608, R503 and their kin, over a serial line.

codec, messages ─► link ─► sensor ─► device ─► driver        bytes become frames, answers, images, samples
emulator on a pty ─┘           an independent reading of the same manuals
"""

from biocapil_drivers.zfm.device import ZfmDevice
from biocapil_drivers.zfm.driver import DRIVER, ZfmDriver
from biocapil_drivers.zfm.sensor import ZfmSensor

__all__ = ["DRIVER", "ZfmDevice", "ZfmDriver", "ZfmSensor"]
