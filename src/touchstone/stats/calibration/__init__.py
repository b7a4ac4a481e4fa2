"""Calibration: weights changed as little as possible so that known totals are met."""
