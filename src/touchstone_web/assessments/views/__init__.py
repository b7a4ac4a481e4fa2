"""Pages about assessments."""
