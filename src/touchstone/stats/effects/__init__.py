"""Effects of actions: what changed beyond what comparable units did, with placebo checks."""
