"""Ask, freeze, measure, assess, act, measure again."""

__version__ = "0.1.0"
