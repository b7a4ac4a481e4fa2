"""Texts that a spreadsheet would run as a formula, made harmless."""

# The full-width forms become the plain ones in some East Asian settings.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def disarm(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula.

    Follows OWASP, CSV Injection (2023).

    >>> disarm("=HYPERLINK(1)"), disarm("Town 7")
    ("'=HYPERLINK(1)", 'Town 7')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
