"""Sidik: BioCapil's own network for minutiae, trained on synthetic prints alone.

The entry point ``sidik`` of group ``biocapil.models`` names this package; importing it loads nothing.
"""
