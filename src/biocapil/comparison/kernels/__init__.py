"""Numba kernels: arrays in, arrays out, no checks; the public functions of `comparison` check first."""
