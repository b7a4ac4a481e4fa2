"""Whose thresholds a rating scale may have."""

from typing import Literal

ScaleOf = Literal["common", "item", "rater"]
