"""The structure of LEADER as a table: one row a block, from the image to the maps.

    image ─┬─ stem0 ─ encoder 0 ─ decoder 0 ─┬─ attention ─┐
           │                                 └─────────── × ─┬─ encoder 1 ─ decoder 1 ─┬─ head 0 ─ score
           └─ stem1 ─────────────────────────────────────────┘                         ├─ head 1 ─ direction
                                                                                       └─ head 2 ─ kind

Both stems halve the image. The first encoder and decoder read the context around a place, down to 1/32
of the image; the attention turns that into a gate; the second pair refines the gated features, and the
heads answer at the full size of the image. The blocks are drawn in :mod:`biocapil_models.leader.blocks`.

Reference:
    R. Cappelli, LEADER, arXiv:2602.15493; structure as published in the package pyfing 0.7.3 (MIT).
"""

from __future__ import annotations

from typing import NamedTuple

INPUT = "image"
OUTPUT = "maps"
OUTPUT_CHANNELS = ("score", "cos", "sin", "ending")


class Row(NamedTuple):
    """One block of the network.

    Attributes:
        name: Name of the block, of what it delivers, and the start of its layers' names.
        block: Which block it is, a function of :mod:`biocapil_models.leader.blocks`.
        reads: Names of the rows it reads.
    """

    name: str
    block: str
    reads: tuple[str, ...]


STRUCTURE = (
    Row("stem0", "stem_strongest", ("image",)),
    Row("stem1", "stem_mean", ("image",)),
    # context: from 1/2 to 1/32 of the image and back
    Row("enc0_0", "separable", ("stem0",)),
    Row("half0_0", "halve", ("enc0_0",)),
    Row("enc0_1", "separable", ("half0_0",)),
    Row("half0_1", "halve", ("enc0_1",)),
    Row("enc0_2", "separable", ("half0_1",)),
    Row("half0_2", "halve", ("enc0_2",)),
    Row("enc0_3", "separable", ("half0_2",)),
    Row("half0_3", "halve", ("enc0_3",)),
    Row("dec0_3", "separable", ("half0_3",)),
    Row("full0_3", "double", ("dec0_3", "enc0_3")),
    Row("dec0_2", "separable", ("full0_3",)),
    Row("full0_2", "double", ("dec0_2", "enc0_2")),
    Row("dec0_1", "separable", ("full0_2",)),
    Row("full0_1", "double", ("dec0_1", "enc0_1")),
    Row("dec0_0", "separable", ("full0_1",)),
    Row("full0_0", "double", ("dec0_0", "enc0_0")),
    # attention: where to look
    Row("attention", "attention", ("full0_0",)),
    Row("gated", "gate", ("full0_0", "attention")),
    Row("features", "join", ("gated", "stem1")),
    # refinement: again from 1/2 to 1/32 and back
    Row("enc1_0", "bottleneck", ("features",)),
    Row("half1_0", "halve", ("enc1_0",)),
    Row("enc1_1", "bottleneck", ("half1_0",)),
    Row("half1_1", "halve", ("enc1_1",)),
    Row("enc1_2", "bottleneck", ("half1_1",)),
    Row("half1_2", "halve", ("enc1_2",)),
    Row("enc1_3", "bottleneck", ("half1_2",)),
    Row("half1_3", "halve", ("enc1_3",)),
    Row("dec1_3", "bottleneck", ("half1_3",)),
    Row("full1_3", "double", ("dec1_3", "enc1_3")),
    Row("dec1_2", "bottleneck", ("full1_3",)),
    Row("full1_2", "double", ("dec1_2", "enc1_2")),
    Row("dec1_1", "bottleneck", ("full1_2",)),
    Row("full1_1", "double", ("dec1_1", "enc1_1")),
    Row("dec1_0", "bottleneck", ("full1_1",)),
    Row("full1_0", "double", ("dec1_0", "enc1_0")),
    # heads: where, which way, which kind
    Row("head_0", "head", ("full1_0",)),
    Row("head_1", "head", ("full1_0",)),
    Row("head_2", "head", ("full1_0",)),
    Row("head_conv_pos", "probability", ("head_0",)),
    Row("head_conv_dir", "convolution", ("head_1",)),
    Row("head_conv_typ", "probability", ("head_2",)),
    Row("nms_Gaussian_blur", "peaks", ("head_conv_pos",)),
    Row("maps", "join", ("nms_Gaussian_blur", "head_conv_dir", "head_conv_typ")),
)
