"""From an eye to its code, one step a file.

grey ─► network_maps ─► contour ─► confidence ─► rubber_sheet ─► mask ─► phase_code ─► IrisCode

Reference: J. Daugman, How iris recognition works, IEEE TCSVT 14(1), 2004, doi:10.1109/TCSVT.2003.818350.
"""
