"""Pictures and pages for people: templates, comparisons, diagrams, the reports of duplicates and evaluations.

Stands above deduplication and evaluation and below the command line. Everything made here is
self-contained: SVG and HTML without a reference to anything outside.
"""

from biocapil.reporting.atomic_file import write_private
from biocapil.reporting.axes import AxisKind
from biocapil.reporting.curve_picture import Curve, CurvePoint, curve_svg
from biocapil.reporting.density_picture import density_svg
from biocapil.reporting.drawn_pair import Explain, Images, Templates
from biocapil.reporting.duplicate_page import duplicate_report_html
from biocapil.reporting.evaluation_page import Provenance, evaluation_report_html
from biocapil.reporting.evaluation_plots import Plot, evaluation_plots
from biocapil.reporting.face_picture import DrawnFace, face_pair_svg
from biocapil.reporting.forest_picture import GroupRow, forest_svg
from biocapil.reporting.histogram_picture import Threshold, alone_thresholds, histogram_svg
from biocapil.reporting.iris_picture import DrawnEye, iris_pair_svg
from biocapil.reporting.lines import Band
from biocapil.reporting.load_picture import LoadCurve, load_svg
from biocapil.reporting.pair_picture import pair_svg
from biocapil.reporting.quality_map_image import quality_map_png
from biocapil.reporting.quality_map_picture import quality_map_svg
from biocapil.reporting.quality_picture import error_over_quality_svg
from biocapil.reporting.rank_picture import RankCurve, rank_svg
from biocapil.reporting.reliability_picture import ReliabilitySeries, reliability_svg
from biocapil.reporting.template_picture import template_svg
from biocapil.reporting.tippett_picture import tippett_svg
from biocapil.reporting.traced_pair import PairSide, PairTracer

__all__ = [
    "AxisKind",
    "Band",
    "Curve",
    "CurvePoint",
    "DrawnEye",
    "DrawnFace",
    "Explain",
    "GroupRow",
    "Images",
    "LoadCurve",
    "PairSide",
    "PairTracer",
    "Plot",
    "Provenance",
    "RankCurve",
    "ReliabilitySeries",
    "Templates",
    "Threshold",
    "alone_thresholds",
    "curve_svg",
    "density_svg",
    "duplicate_report_html",
    "error_over_quality_svg",
    "evaluation_plots",
    "evaluation_report_html",
    "face_pair_svg",
    "forest_svg",
    "histogram_svg",
    "iris_pair_svg",
    "load_svg",
    "pair_svg",
    "quality_map_png",
    "quality_map_svg",
    "rank_svg",
    "reliability_svg",
    "template_svg",
    "tippett_svg",
    "write_private",
]
