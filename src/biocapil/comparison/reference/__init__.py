"""The kernels said again in plain numpy, as simply as possible: tests hold each kernel to its twin."""
