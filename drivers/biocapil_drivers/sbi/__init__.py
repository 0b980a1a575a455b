"""MOSIP Secure Biometric Interface: a client for certified devices, and a service over any device of ours."""

from biocapil_drivers.sbi.driver import DRIVER

__all__ = ["DRIVER"]
