"""The web side: Django apps, one a stage."""
