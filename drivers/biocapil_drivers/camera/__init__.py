"""Cameras for faces, and near-infrared ones for irises: one source of frames, many kinds.

address ─► source ─► grabber: the newest frame ─► Camera.acquire ─► the caller's judge ─► the end
"""

from biocapil_drivers.camera.driver import CameraDriver

DRIVER = CameraDriver()

__all__ = ["DRIVER", "CameraDriver"]
