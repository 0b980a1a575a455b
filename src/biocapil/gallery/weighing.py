"""The second look: every instance that two persons have in common, compared in full, and the decision.

a probe's templates x a reference's of each common instance ─► similarity ─► evidence ─► best of them
                                                         all instances together ─► PersonDecision
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration import Calibration, decide_person
from biocapil.comparison import ProbeSet, ReferenceSet
from biocapil.decision import InstanceEvidence, PersonDecision
from biocapil.gallery.searched_part import SearchedPart
from biocapil.joint_policy import JointPolicy
from biocapil.vocabulary import Instance, Modality

InstanceRows = Mapping[Instance, NDArray[np.int64]]
"""Numbers of one person's templates of each instance."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weighing:
    """What turns similarities into decisions.

    Attributes:
        calibrations: Turn similarity into evidence, by modality.
        policy: Thresholds.
    """

    calibrations: Mapping[Modality, Calibration]
    policy: JointPolicy

    def weighed(
        self,
        probes: Mapping[Instance, ProbeSet],
        own: InstanceRows,
        part: SearchedPart,
        theirs: InstanceRows,
    ) -> PersonDecision:
        """Decide whether two persons are one.

        Args:
            probes: Prepared templates of each instance, of this person and perhaps of others.
            own: Which of them are this person's; none that is empty.
            part: Where the other person's templates are.
            theirs: Which of its references those are, by instance; none that is empty.
        """
        evidence: dict[Modality, list[InstanceEvidence]] = defaultdict(list)
        for instance in sorted(own.keys() & theirs.keys()):
            found = self._of_instance(
                instance, probes[instance], own[instance], part.references(instance), theirs[instance]
            )
            evidence[instance.modality].append(found)
        return decide_person(evidence, self.policy)

    def evidence(
        self, modality: Modality, similarities: NDArray[np.float32], sizes: NDArray[np.integer]
    ) -> NDArray[np.float64]:
        """Evidence of some pairs; `sizes` are those of the smaller template of each. Shape (n,), float64."""
        return self.calibrations[modality].evidence(similarities, sizes)

    def _of_instance(
        self,
        instance: Instance,
        probes: ProbeSet,
        own: NDArray[np.int64],
        references: ReferenceSet,
        theirs: NDArray[np.int64],
    ) -> InstanceEvidence:
        """Evidence of the best comparison, lessened for having been the best."""
        which, rows = np.repeat(own, len(theirs)), np.tile(theirs, len(own))
        similarities = references.similarities(probes, which, rows)
        sizes = np.minimum(probes.sizes()[which], references.sizes()[rows])
        llrs = self.evidence(instance.modality, similarities, sizes)
        best = int(np.lexsort((similarities, llrs))[-1])
        return InstanceEvidence(
            instance=instance.name,
            similarity=float(similarities[best]),
            llr=float(llrs[best]) - math.log(len(llrs)),
            comparisons=len(llrs),
        )


def rows_of_person(part: SearchedPart, person: int, instances: Sequence[Instance]) -> InstanceRows:
    """A person's references of some instances that hold something to compare."""
    rows = {instance: part.rows_of(instance, person) for instance in instances}
    return {instance: each for instance, each in rows.items() if len(each)}
