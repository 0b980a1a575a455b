"""What to tell the person at the counter about a face: what is wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from biocapil.vocabulary import FaceReason

SENTENCES: Mapping[FaceReason, tuple[str, str]] = MappingProxyType(
    {
        FaceReason.NO_FACE: (
            "There is no face in the picture. Please look into the camera.",
            "Tidak ada wajah pada gambar. Silakan menghadap ke kamera.",
        ),
        FaceReason.SEVERAL_FACES: (
            "There is more than one face in the picture. Please let only one person stand before the camera.",
            "Ada lebih dari satu wajah pada gambar. Mohon hanya satu orang yang berdiri di depan kamera.",
        ),
        FaceReason.TOO_SMALL: (
            "The face is too far away. Please come closer to the camera.",
            "Wajah terlalu jauh. Silakan mendekat ke kamera.",
        ),
        FaceReason.CROPPED: (
            "A part of the face is outside the picture. Please move to the middle.",
            "Sebagian wajah berada di luar gambar. Silakan bergeser ke tengah.",
        ),
        FaceReason.BLURRED: (
            "The picture is blurred. Please hold still.",
            "Gambar tampak kabur. Mohon jangan bergerak.",
        ),
        FaceReason.TOO_DARK: (
            "The face is too dark. Please turn towards the light.",
            "Wajah terlalu gelap. Silakan menghadap ke arah cahaya.",
        ),
        FaceReason.TOO_BRIGHT: (
            "The face is too bright. Please step out of the strong light.",
            "Wajah terlalu terang. Silakan menjauh dari cahaya yang kuat.",
        ),
        FaceReason.LOW_CONTRAST: (
            "The picture is too flat. Please clean the lens and mend the light.",
            "Kontras gambar terlalu rendah. Mohon bersihkan lensa dan perbaiki pencahayaan.",
        ),
        FaceReason.UNEVEN_LIGHT: (
            "One side of the face is in shadow. Please face the light.",
            "Satu sisi wajah tertutup bayangan. Silakan menghadap lurus ke cahaya.",
        ),
        FaceReason.HEAD_TURNED: (
            "The head is turned. Please look straight into the camera.",
            "Kepala menoleh. Silakan melihat lurus ke kamera.",
        ),
        FaceReason.HEAD_TILTED: (
            "The head is tilted. Please hold it upright.",
            "Kepala miring. Silakan tegakkan kepala.",
        ),
        FaceReason.EYES_CLOSED: (
            "The eyes are closed or covered. Please open them and take off dark glasses.",
            "Mata tertutup atau terhalang. Silakan buka mata dan lepas kacamata gelap.",
        ),
        FaceReason.BUSY_BACKGROUND: (
            "The background is restless. Please stand before a plain wall.",
            "Latar belakang terlalu ramai. Silakan berdiri di depan dinding polos.",
        ),
    }
)
