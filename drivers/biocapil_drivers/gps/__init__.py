"""Receivers of satellite navigation on a serial line; the README says what they were proven against."""

from biocapil_drivers.gps.driver import DRIVER, GpsDriver

__all__ = ["DRIVER", "GpsDriver"]
