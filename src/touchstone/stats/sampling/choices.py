"""What may be chosen of figures of a sample."""

from typing import Literal

QuantileRule = Literal["math", "school"]
QUANTILE_RULES = ("math", "school")
ShareInterval = Literal["wilson", "logit", "beta", "t"]
SHARE_INTERVALS = ("wilson", "logit", "beta", "t")
LoneUnits = Literal["fail", "remove", "certainty", "adjust", "average"]
LONE_UNITS = ("fail", "remove", "certainty", "adjust", "average")
