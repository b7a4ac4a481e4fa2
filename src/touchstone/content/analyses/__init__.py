"""Analyses that a pack asks for beside its results, one file for each kind."""
