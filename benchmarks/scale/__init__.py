"""Parts of the proof of scale, which `bench_scale.py` puts together."""
