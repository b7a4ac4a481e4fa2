"""Ground that every other part stands on: errors, outcomes, canonical bytes."""
