"""Crossed random effects: measures of ratees with the leniency of their raters taken out."""
