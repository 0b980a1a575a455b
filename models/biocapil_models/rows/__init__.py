"""Our own networks as rows of steps: written down once, run by PyTorch while they learn, then drawn as ONNX.

structure ─► network (learns) ─► training ─► weights ─► graph ─► ONNX
"""
