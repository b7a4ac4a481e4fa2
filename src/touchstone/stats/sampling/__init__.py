"""Sampling errors of statistics that are not sums: by linearisation and by replicate weights."""
