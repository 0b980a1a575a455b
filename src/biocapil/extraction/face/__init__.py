"""From a sample of a face to its embedding: detection, alignment by five points, network.

sample ─► looks ─► cells ─► boxes ─► one face ─► aligned picture ─► embedding
"""
