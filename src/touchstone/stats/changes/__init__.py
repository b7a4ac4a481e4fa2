"""Changes from wave to wave, with what the same people in both tell, and breaks of a series."""
