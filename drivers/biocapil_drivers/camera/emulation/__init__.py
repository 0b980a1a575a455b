"""Cameras of our own making, with the faults of real ones."""

from biocapil_drivers.camera.emulation.faults import MjpegFault
from biocapil_drivers.camera.emulation.mjpeg_server import MjpegServer
from biocapil_drivers.camera.emulation.rtsp_server import RtspServer, why_no_rtsp

__all__ = ["MjpegFault", "MjpegServer", "RtspServer", "why_no_rtsp"]
