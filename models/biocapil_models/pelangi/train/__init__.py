"""The training of Pelangi, from nothing to weights, on eyes that do not exist.

    seed ─► eyes (rendered, known) ─► batches ─► network, loss ─► loop ─► weights ─► ../build ─► pelangi.onnx

    python -m biocapil_models.pelangi.train --out FOLDER

Needs PyTorch (``requirements/train.txt``), which nothing else in BioCapil does; users never run it.
"""
