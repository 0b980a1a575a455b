"""The training of Sidik, from nothing to weights, on prints of fingers that do not exist.

    seed ─► prints (rendered, labelled) ─► crops ─► network, loss ─► loop ─► weights ─► ../build ─► sidik.onnx

    python -m biocapil_models.sidik.train --out FOLDER

Needs PyTorch (``requirements/train.txt``), which nothing else in BioCapil does; users never run it.
"""
