"""Changing assessments. Each command is one change and one entry of the journal."""

from touchstone_web.assessments.commands.recomputations import (
    finish_recomputation,
    request_recomputation,
)
from touchstone_web.assessments.commands.releases import publish, request_publication, sign_off
from touchstone_web.assessments.commands.requests import request_assessment, try_again
from touchstone_web.assessments.commands.results import Outcome, store_results

__all__ = [
    "Outcome",
    "finish_recomputation",
    "publish",
    "request_assessment",
    "request_publication",
    "request_recomputation",
    "sign_off",
    "store_results",
    "try_again",
]
