"""How many placebos are drawn."""

DRAWS = 9999
