"""People who do not exist, as templates: for proofs at the size of a nation.

    draw_people ─► batches of records: packed fingers, iris codes, embeddings, and who is who
    planted_duplicates ─► the truth

No image is made. What is drawn are minutiae, iris textures and vectors, from models that were fitted to score
distributions of real samples; `bench_population.py` says how well they fit, and `scores` fits calibrations
that speak of the drawn people only.
"""

from population.people import EVERYTHING, EYES, FINGERS, DrawnPeople, draw_people, planted_duplicates

__all__ = ["EVERYTHING", "EYES", "FINGERS", "DrawnPeople", "draw_people", "planted_duplicates"]
