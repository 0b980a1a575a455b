"""Quality of a sample of a face, one measure a file.

Reference: ISO/IEC 29794-5.
"""
