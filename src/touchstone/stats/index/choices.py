"""The methods of the steps of an index."""

from typing import Literal

Normalisation = Literal[
    "min_max",
    "z_score",
    "rank",
    "percentile",
    "borda",
    "goalposts",
    "distance_to_target",
    "distance_to_reference",
]
Imputation = Literal["none", "mean", "median", "group_mean", "group_median", "regression"]
Aggregating = Literal["stated", "arithmetic", "geometric", "harmonic", "copeland"]
TreatmentMethod = Literal["none", "winsorise", "winsorise_then_log", "winsorise_then_box_cox"]
Weighting = Literal["given", "equal", "pca", "pca_loadings", "entropy"]
