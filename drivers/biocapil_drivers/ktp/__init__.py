"""Indonesian identity cards (KTP-el). Never tried on a real card; the README says what stands behind it."""

from biocapil_drivers.ktp.application import APPLICATION, KtpApplication
from biocapil_drivers.ktp.sam import SamProvider, find_sam_provider

__all__ = ["APPLICATION", "KtpApplication", "SamProvider", "find_sam_provider"]
