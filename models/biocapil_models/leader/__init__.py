"""LEADER: a network that finds minutiae in fingerprint images, and the recipe that made its ONNX file.

The entry point ``leader`` of group ``biocapil.models`` names this package; importing it loads nothing.
"""
