"""Cameras of our own making, with the faults of real ones."""

from biocapil_drivers.camera.emulation.faults import MjpegFault
from biocapil_drivers.camera.emulation.mjpeg_server import MjpegServer

__all__ = ["MjpegFault", "MjpegServer"]
