"""How series may be forecast, and what is kept of it."""

from typing import Literal

MethodOrBest = Literal["naive", "ses", "holt", "damped", "gm11", "elasticity", "best"]
Method = Literal["naive", "ses", "holt", "damped", "gm11", "elasticity"]
METHODS: tuple[Method, ...] = ("naive", "ses", "holt", "damped", "gm11", "elasticity")
# The part of a record of forecasts that is read when they are scored.
KEPT = "kept"
