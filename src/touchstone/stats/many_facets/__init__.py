"""Many facets: measures of ratees from forms of items, with the severity of raters taken out."""
