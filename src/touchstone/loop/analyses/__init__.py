"""Analyses of evidence beside its assessment, one file for each kind."""
