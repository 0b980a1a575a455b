"""What a registry of a given size will need and which errors it will make, before it is built.

    people, fingers, target ─► policy (calibration) ─► errors, load ─┐
                                measured search figures ─► capacity ─┴─► Plan

Every figure is either measured, with the machine it was measured on, or carried beyond what was measured, and
then named as such.
"""

from biocapil.planning.capacity import MEASURED, Capacity, SearchFigures, required_capacity
from biocapil.planning.outlook import Outlook, outlook_over_people
from biocapil.planning.plan import Plan, make_plan
from biocapil.planning.plan_json import plan_json

__all__ = [
    "MEASURED",
    "Capacity",
    "Outlook",
    "Plan",
    "SearchFigures",
    "make_plan",
    "outlook_over_people",
    "plan_json",
    "required_capacity",
]
