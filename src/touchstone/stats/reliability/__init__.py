"""How reliable scales and mean ratings are, and how many items or raters are enough."""
