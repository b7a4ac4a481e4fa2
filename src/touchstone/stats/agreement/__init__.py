"""How far raters agree: kappa, Krippendorff's alpha, and correlations within ratees."""
