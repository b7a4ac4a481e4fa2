"""Packs: instruments, indicators and schemes as data, checked as a whole."""
