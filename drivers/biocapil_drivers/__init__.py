"""Drivers for kiosk hardware, one folder a device family, found by entry point ``biocapil.drivers``."""
