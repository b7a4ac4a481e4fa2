"""Drivers: how much of an outcome each of several predictors accounts for."""
