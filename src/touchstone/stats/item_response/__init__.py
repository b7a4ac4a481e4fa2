"""Item response: measures of persons from categories chosen on items, by the Rasch family."""
