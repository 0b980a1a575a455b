"""Quality of a sample of a finger, one measure a file.

sample ─► picture at 500 ppi ─► foreground ─► measures ─► fit ─► score, components, reasons

What turns measures into a score from 0 to 100 and into coded reasons was fitted to synthetic prints alone;
the score foretells similarity, so that fewer samples of a high score fail to match their mates.

Reference: ISO/IEC 29794-1:2024, ISO/IEC 29794-4:2024. This is not NIST's fingerprint image quality.
"""
