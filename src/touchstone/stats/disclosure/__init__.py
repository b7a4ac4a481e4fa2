"""Disclosure control: what is told of groups must not give a small group away."""
