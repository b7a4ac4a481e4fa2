"""How weights may be calibrated."""

from typing import Literal

Method = Literal["rake", "linear", "logit", "poststratify"]
METHODS: tuple[Method, ...] = ("rake", "linear", "logit", "poststratify")
