"""What all parts of the web side use: clock, languages, words, layout, background jobs."""
