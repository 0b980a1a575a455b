"""PN532 contactless readers on a serial line; the README says what they were proven against."""

from biocapil_drivers.pn532.driver import DRIVER, Pn532Driver

__all__ = ["DRIVER", "Pn532Driver"]
