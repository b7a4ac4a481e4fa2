"""Changing who may see and do what. Each command is one change and one entry of the journal."""

from touchstone_web.people.commands.accounts import (
    accept_invitation,
    change_password,
    choose_language,
    close_account,
    invite_person,
    open_account,
)
from touchstone_web.people.commands.remits import end_remit, grant_remit

__all__ = [
    "accept_invitation",
    "change_password",
    "choose_language",
    "close_account",
    "end_remit",
    "grant_remit",
    "invite_person",
    "open_account",
]
