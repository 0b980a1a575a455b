"""What to tell the person at the counter about an iris: what is wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from biocapil.vocabulary import IrisReason

SENTENCES: Mapping[IrisReason, tuple[str, str]] = MappingProxyType(
    {
        IrisReason.NO_EYE: (
            "There is no eye in the picture. Please look into the camera.",
            "Tidak ada mata pada gambar. Silakan melihat ke kamera.",
        ),
        IrisReason.TOO_SMALL: (
            "The eye is too far away. Please come closer to the camera.",
            "Mata terlalu jauh. Silakan mendekat ke kamera.",
        ),
        IrisReason.CUT_OFF: (
            "A part of the eye is outside the picture. Please move to the middle.",
            "Sebagian mata berada di luar gambar. Silakan bergeser ke tengah.",
        ),
        IrisReason.COVERED: (
            "Lids or lashes cover the eye. Please open it wide.",
            "Mata tertutup kelopak atau bulu mata. Silakan buka mata lebar-lebar.",
        ),
        IrisReason.BLURRED: (
            "The picture is blurred. Please keep the right distance and hold still.",
            "Gambar tampak kabur. Mohon jaga jarak dan jangan bergerak.",
        ),
        IrisReason.MOVED: (
            "The eye moved. Please hold still.",
            "Mata bergerak. Mohon jangan bergerak.",
        ),
        IrisReason.INTERLACED: (
            "The lines of the picture do not fit together. Please set the camera to whole frames.",
            "Baris gambar tidak selaras. Mohon atur kamera ke mode bingkai penuh.",
        ),
        IrisReason.LOW_CONTRAST: (
            "The iris hardly stands out. Please mend the light of the camera.",
            "Iris kurang terlihat jelas. Mohon perbaiki pencahayaan kamera.",
        ),
        IrisReason.GLARE: (
            "Light is reflected in the eye. Please take off the glasses or turn them a little.",
            "Ada pantulan cahaya pada mata. Silakan lepas kacamata atau miringkan sedikit.",
        ),
        IrisReason.PUPIL_TOO_WIDE: (
            "The pupil is too wide. Please brighten the room a little.",
            "Pupil terlalu lebar. Mohon terangkan ruangan sedikit.",
        ),
        IrisReason.PUPIL_TOO_NARROW: (
            "The pupil is too narrow. Please dim the room a little.",
            "Pupil terlalu sempit. Mohon redupkan ruangan sedikit.",
        ),
        IrisReason.LOOKING_AWAY: (
            "The eye looks aside. Please look straight into the camera.",
            "Mata melihat ke samping. Silakan melihat lurus ke kamera.",
        ),
    }
)
