"""Models, one folder each: weights, manifest, card, licence, and the recipe that built them.

A folder is found by entry point ``biocapil.models`` and read only when its model is asked for.
"""
