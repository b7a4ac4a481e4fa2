"""Charts, words and pages made from results."""
