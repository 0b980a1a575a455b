"""YuNet: a network that finds faces and five points of each, and the recipe that made its ONNX file.

The entry point ``yunet`` of group ``biocapil.models`` names this package; importing it loads nothing.
"""
