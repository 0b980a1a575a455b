"""How well and how fast a set of samples is told apart: ISO/IEC 19795-1 figures of one data set."""
