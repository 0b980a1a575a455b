"""`DeviceAddress`: where a device is, as a URL.

zfm+serial:///dev/serial/by-id/usb-1a86-if00?baud=57600    driver zfm over a serial line
sbi+http://127.0.0.1:4501/2                                 driver sbi over HTTP
pcsc:///Reader%20name                                       driver pcsc, with a way of its own
emulated:zfm?model=r503                                     driver zfm, speaking to its own emulator
replay:trace.jsonl                                          the driver that the trace names, fed by the trace
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl, unquote, urlsplit

EMULATED = "emulated"
REPLAY = "replay"
SECRETS = (
    re.compile(r"(://[^/?@:]*:)[^/?@]*(?=@)"),
    re.compile(r"([?&](?:password|key|token|secret)=)[^&]*"),
)
"""What an address may hold that is shown to nobody: it is left out of texts, logs and traces."""

NAME = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceAddress:
    """One address, taken apart.

    Attributes:
        text: As it was written; `str` shows it without passwords.
        driver: Name of the driver; empty for a trace, which names it itself.
        transport: How the driver reaches the device: ``serial``, ``http``, ``emulated``, ``replay``; empty
            where the driver has one way only.
        host: Host of a network address, or an empty string.
        port: Port of a network address, or None.
        path: Where the device is: a device file, a path on the host, a reader's name, a trace.
        options: What stands behind the question mark.
    """

    text: str
    driver: str
    transport: str
    host: str
    port: int | None
    path: str
    options: Mapping[str, str]

    @classmethod
    def parse(cls, text: str) -> DeviceAddress:
        """Read an address.

        Raises:
            ValueError: The text is no address of a device.
        """
        scheme, colon, rest = text.partition(":")
        driver, plus, transport = scheme.partition("+")
        if not (colon and rest and NAME.fullmatch(driver) and (not plus or NAME.fullmatch(transport))):
            raise ValueError(
                f"{text!r} is no address of a device; write DRIVER+TRANSPORT://PLACE, emulated:DRIVER or "
                f"replay:FILE, for example zfm+serial:///dev/ttyUSB0"
            )
        parts = urlsplit(text)
        options = MappingProxyType(dict(parse_qsl(parts.query, keep_blank_values=True)))
        path = unquote(parts.path)
        if driver == EMULATED:
            if not NAME.fullmatch(path):
                raise ValueError(f"{text!r} names no driver to emulate; write for example emulated:zfm")
            driver, transport, path = path, EMULATED, ""
        elif driver == REPLAY:
            driver, transport = "", REPLAY
        return cls(
            text=text,
            driver=driver,
            transport=transport,
            host=parts.hostname or "",
            port=parts.port,
            path=path,
            options=options,
        )

    def __str__(self) -> str:
        shown = self.text
        for secret in SECRETS:
            shown = secret.sub(r"\1***", shown)
        return shown

    def __repr__(self) -> str:
        return f"DeviceAddress({str(self)!r})"
