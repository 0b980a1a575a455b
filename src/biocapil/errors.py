"""The error tree. An error means that the caller or the machine must change something.

What a person or a finger did ("no ridges", "too few minutiae") is not an error but an outcome:
see :mod:`biocapil.outcomes`.

    BiocapilError
     ├─ FormatError ─┬─ TruncatedRecord
     │               └─ UnsupportedVersion
     ├─ ResolutionUnknown
     ├─ ModelError ──┬─ ModelNotFound
     │               ├─ ChecksumMismatch
     │               ├─ LicenceRefused
     │               └─ IncompatibleTemplates
     ├─ DeviceError ─┬─ DeviceNotFound ── DeviceLost
     │               ├─ DeviceBusy
     │               ├─ DeviceTimeout
     │               ├─ CardRemoved
     │               └─ ProtocolError
     ├─ StoreError
     └─ MissingPart
"""

from __future__ import annotations


class BiocapilError(Exception):
    """Root of every error that this library raises on purpose."""


class FormatError(BiocapilError):
    """Bytes from outside do not follow the format they claim.

    Attributes:
        record: What was being read, for example ``"ISO/IEC 19794-2:2005"``.
        field: Name of the field in the standard, or an empty string.
        offset: Position of the field in bytes from the start of the record, or None.
    """

    def __init__(self, message: str, *, record: str = "", field: str = "", offset: int | None = None) -> None:
        self.record = record
        self.field = field
        self.offset = offset
        place = [part for part in (record, field) if part]
        if offset is not None:
            place.append(f"byte {offset}")
        super().__init__(f"{', '.join(place)}: {message}" if place else message)


class TruncatedRecord(FormatError):
    """The bytes end before the record does."""


class UnsupportedVersion(FormatError):
    """The record names an edition that this library does not read."""


class ResolutionUnknown(BiocapilError):
    """An image carries no resolution and the caller named none; 500 ppi is never assumed."""


class ModelError(BiocapilError):
    """A model cannot be used."""


class ModelNotFound(ModelError):
    """No installed package registers a model of that name."""


class ChecksumMismatch(ModelError):
    """A file is not the one its manifest names."""


class LicenceRefused(ModelError):
    """The caller's licence policy does not allow this model."""


class IncompatibleTemplates(ModelError):
    """Templates of different models never compare."""


class DeviceError(BiocapilError):
    """A device, or the driver for it, does not work; what a person can mend is never raised.

    Attributes:
        address: Address of the device, or an empty string.
        vendor_code: The device's own code for what is wrong, or None.
    """

    def __init__(self, message: str, *, address: str = "", vendor_code: int | None = None) -> None:
        self.address = address
        self.vendor_code = vendor_code
        place = f"{address}: " if address else ""
        code = "" if vendor_code is None else f" (code of the device: {vendor_code:#04x})"
        super().__init__(f"{place}{message}{code}")


class DeviceNotFound(DeviceError):
    """There is no such device, or no driver for it."""


class DeviceLost(DeviceNotFound):
    """The device was there and has gone: unplugged, switched off, or its service ended."""


class DeviceBusy(DeviceError):
    """Somebody else holds the device."""


class DeviceTimeout(DeviceError):
    """The device did not answer in time."""


class CardRemoved(DeviceError):
    """The card was taken out of its reader while it was read; the reader is still there."""


class ProtocolError(DeviceError):
    """The device answered, but not as its protocol says, or it reported a fault of its own."""


class StoreError(BiocapilError):
    """A store on disk cannot be opened, read or written."""


class MissingPart(BiocapilError):
    """An optional part is not installed; the message names the extra that brings it."""

    def __init__(self, part: str, *, extra: str, purpose: str) -> None:
        self.part = part
        self.extra = extra
        super().__init__(f"{purpose} needs {part}: install it with pip install 'biocapil[{extra}]'")
