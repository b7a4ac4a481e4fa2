"""How series may be forecast."""

from typing import Literal

MethodOrBest = Literal["naive", "ses", "holt", "damped", "gm11", "elasticity", "best"]
Method = Literal["naive", "ses", "holt", "damped", "gm11", "elasticity"]
METHODS: tuple[Method, ...] = ("naive", "ses", "holt", "damped", "gm11", "elasticity")
KEPT = "kept"
