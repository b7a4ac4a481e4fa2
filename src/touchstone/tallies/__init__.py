"""Exact, additive sums of a snapshot's rows: equal on every engine."""
