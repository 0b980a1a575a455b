"""Synthetic prints with one named fault each, what is measured of them, and the training of small networks.

    draw_prints ─► prints with labels ─► measure_prints ─► MeasuredPrints ─► train_network ─► Layers

Used by ``fit_finger_quality.py``, which fits, and by ``bench_finger_quality.py``, which measures on others.
"""
