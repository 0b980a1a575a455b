"""An emulated ten-print scanner: a person who does not exist lays slaps on it."""

from biocapil_drivers.scanner.driver import DRIVER

__all__ = ["DRIVER"]
