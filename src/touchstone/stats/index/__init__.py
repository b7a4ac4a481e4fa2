"""Composite indices, step by step as the OECD and JRC handbook (Nardo and others 2008) has them.

screen → denominate → impute → treat → normalise → weigh → aggregate. Every step takes an array
[units, indicators], in which NaN stands for a cell without a value, and gives one back.
"""
