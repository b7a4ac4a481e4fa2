"""Shortfalls: where performance is below what it should be, and matters."""
