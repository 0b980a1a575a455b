"""Thai national identity cards, text and picture in the clear. Never tried on a real card."""

from biocapil_drivers.thai_id.application import APPLICATION, ThaiIdApplication

__all__ = ["APPLICATION", "ThaiIdApplication"]
