"""Quality of a sample of an iris, one measure a file.

Reference: ISO/IEC 29794-6.
"""
