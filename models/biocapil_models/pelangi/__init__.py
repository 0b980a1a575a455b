"""Pelangi: BioCapil's own network for eyes, trained on synthetic eyes alone.

The entry point ``pelangi`` of group ``biocapil.models`` names this package; importing it loads nothing.
"""
