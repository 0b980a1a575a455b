"""How far an error rate can be trusted: intervals for trials that depend on each other.

    similarities, subjects ─► dependence ─┐
    events, subjects ─────────────────────┴─► rate_with_interval ─► ErrorRate ─► largest_supported_claim
    subjects ─► draw_subjects ─► replicates of any figure ─► bootstrap_interval

Comparisons of a set share its subjects. Counted as independent, 2,880 comparisons of ten fingers seem to
prove ten times what they do. Everything here is plain numpy and takes its random numbers from the caller.
"""

from biocapil.uncertainty.bootstrap import (
    SubjectBootstrap,
    bootstrap_interval,
    draw_subjects,
    shrunken,
    widened,
)
from biocapil.uncertainty.claims import (
    SupportedClaim,
    largest_supported_claim,
    rule_of_thirty,
    rule_of_three,
    trials_for_claim,
)
from biocapil.uncertainty.clusters import PairClusters, Shared, single_clusters
from biocapil.uncertainty.dependence import Dependence, assumed_dependence, measure_dependence
from biocapil.uncertainty.rates import rate_variance, rate_with_interval

__all__ = [
    "Dependence",
    "PairClusters",
    "Shared",
    "SubjectBootstrap",
    "SupportedClaim",
    "assumed_dependence",
    "bootstrap_interval",
    "draw_subjects",
    "largest_supported_claim",
    "measure_dependence",
    "rate_variance",
    "rate_with_interval",
    "rule_of_thirty",
    "rule_of_three",
    "shrunken",
    "single_clusters",
    "trials_for_claim",
    "widened",
]
