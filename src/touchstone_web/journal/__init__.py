"""What was done, by whom and when, as a log to which one can only add."""
