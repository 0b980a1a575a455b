"""dlib's ResNet: a network that makes an embedding of an aligned face, and the recipe for its ONNX file.

The entry point ``dlib_resnet`` of group ``biocapil.models`` names this package; importing it loads nothing.
"""
