"""`SamProvider`: the seam to the secure access module (SAM) of a licensed integrator.

All but the public picture of a KTP-el opens only with a SAM, which the Directorate General of Population and
Civil Registration hands out to institutions under agreement. How a SAM speaks to the card is not public, so
the seam is as high as it can be: the provider gets the card and gives fields. An integrator registers one by
entry point of group ``biocapil.sam_providers``; nothing in this project is one.

Reference: Permendagri 34/2014, replaced by 76/2020 (readers and writers of KTP-el).
"""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Protocol, cast

from biocapil.capture import Deadline
from biocapil.capture.cards import Card, CardField, CardRefusal
from biocapil.errors import DeviceError

GROUP = "biocapil.sam_providers"


class SamProvider(Protocol):
    """Opens cards with a SAM, and asks for the finger that the card wants to see."""

    def read(self, card: Card, deadline: Deadline) -> tuple[CardField, ...] | CardRefusal:
        """Read the personal data of a card.

        Args:
            card: The card, nothing selected.
            deadline: When all of it must be there, the person's finger included.

        Returns:
            The data, or why the card did not show them.

        Raises:
            DeviceError: Card, reader or SAM do not work.
        """
        ...


def find_sam_provider() -> SamProvider | None:
    """The installed provider; None where there is none.

    Raises:
        DeviceError: There are several, or it cannot be loaded.
    """
    entries = list(entry_points(group=GROUP))
    if not entries:
        return None
    if len(entries) > 1:
        names = ", ".join(sorted(entry.value for entry in entries))
        raise DeviceError(f"several SAM providers are installed: {names}; uninstall all but one")
    try:
        return cast("SamProvider", entries[0].load())
    except Exception as error:  # foreign code runs here: whatever it raises is one diagnosis
        raise DeviceError(
            f"SAM provider {entries[0].value} cannot be loaded: {type(error).__name__}: {error}"
        ) from error
