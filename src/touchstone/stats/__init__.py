"""Estimates with their uncertainty: every figure is a function of tallies."""
