"""Pictures and pages for people: templates, comparisons, histograms, error curves, the duplicate report.

Stands above deduplication and evaluation and below the command line. Everything made here is
self-contained: SVG and HTML without a reference to anything outside.
"""

from biocapil.reporting.atomic_file import write_private
from biocapil.reporting.curve_picture import Curve, curve_svg
from biocapil.reporting.duplicate_page import duplicate_report_html
from biocapil.reporting.figures import Explain, Images, Templates
from biocapil.reporting.histogram_picture import Threshold, alone_thresholds, histogram_svg
from biocapil.reporting.pair_picture import pair_svg
from biocapil.reporting.template_picture import template_svg

__all__ = [
    "Curve",
    "Explain",
    "Images",
    "Templates",
    "Threshold",
    "alone_thresholds",
    "curve_svg",
    "duplicate_report_html",
    "histogram_svg",
    "pair_svg",
    "template_svg",
    "write_private",
]
