"""SFace: a network that makes an embedding of an aligned face, and the recipe that made its ONNX file.

The entry point ``sface`` of group ``biocapil.models`` names this package; importing it loads nothing.
"""
