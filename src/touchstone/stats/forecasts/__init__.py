"""Forecasts that say how sure they are, are tested on the past, kept, and scored later."""
