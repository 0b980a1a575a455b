"""What to tell the person at the counter about a finger: what is wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from biocapil.vocabulary import FingerReason

SENTENCES: Mapping[FingerReason, tuple[str, str]] = MappingProxyType(
    {
        FingerReason.DRY: (
            "The skin is too dry. Please moisten the fingertip a little, then place it again.",
            "Kulit jari terlalu kering. Silakan lembapkan ujung jari sedikit, lalu tempelkan kembali.",
        ),
        FingerReason.WET: (
            "The finger is too wet. Please wipe it dry, then place it again.",
            "Jari terlalu basah. Silakan keringkan jari terlebih dahulu, lalu tempelkan kembali.",
        ),
        FingerReason.LIGHT_PRESSURE: (
            "The finger touched too lightly. Please press a little harder.",
            "Tekanan jari terlalu ringan. Silakan tekan sedikit lebih kuat.",
        ),
        FingerReason.HARD_PRESSURE: (
            "The finger was pressed too hard. Please let it rest on the sensor more lightly.",
            "Tekanan jari terlalu kuat. Silakan tempelkan jari dengan lebih ringan.",
        ),
        FingerReason.OFF_CENTRE: (
            "The finger is not in the middle. Please place it in the centre of the sensor.",
            "Posisi jari belum di tengah. Silakan letakkan jari tepat di tengah sensor.",
        ),
        FingerReason.PARTIAL: (
            "A part of the fingerprint is missing. Please place the whole fingertip on the sensor.",
            "Sidik jari hanya terekam sebagian. Silakan tempelkan seluruh ujung jari pada sensor.",
        ),
        FingerReason.SMALL_AREA: (
            "Too little of the finger touched. Please lay the pad of the finger flat on the sensor.",
            "Bagian jari yang menempel terlalu kecil. Silakan tempelkan jari secara mendatar pada sensor.",
        ),
        FingerReason.SMUDGED: (
            "The fingerprint is smudged. Please wipe finger and sensor clean, then place the finger again.",
            "Sidik jari tampak kabur. Silakan bersihkan jari dan permukaan sensor, lalu tempelkan kembali.",
        ),
        FingerReason.MOVED: (
            "The finger moved. Please place it again and hold it still.",
            "Jari bergerak saat direkam. Silakan tempelkan kembali dan tahan agar tidak bergeser.",
        ),
        FingerReason.LATENT_GHOST: (
            "The sensor still shows an earlier fingerprint. Please wipe it clean, then try again.",
            "Masih ada bekas sidik jari sebelumnya pada sensor. Mohon bersihkan sensor, lalu coba lagi.",
        ),
        FingerReason.NO_FINGER: (
            "There is no finger on the sensor. Please place the finger.",
            "Belum ada jari pada sensor. Silakan tempelkan jari.",
        ),
        FingerReason.UPSIDE_DOWN: (
            "The fingerprint is upside down. Please turn the hand: the fingertip points away from you.",
            "Sidik jari terbalik. Silakan putar tangan agar ujung jari mengarah ke depan.",
        ),
    }
)
