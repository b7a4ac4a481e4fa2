"""What was found by analyses, as plain records and as readers see it; one file for each kind."""
