"""Remits in words: `{% load people %}{% remit_over remit %}`."""

from datetime import date

from django import template
from django.template.context import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from touchstone_web.people.models import Remit
from touchstone_web.shared.templatetags.words import words_of

register = template.Library()


@register.simple_tag(takes_context=True)
def remit_over(context: Context, remit: Remit) -> SafeString:
    """What a remit reaches: a unit, a whole tree, or everything."""
    if remit.unit is not None:
        return conditional_escape(f"{remit.unit.name} ({remit.unit.identifier})")
    words = words_of(context)
    if remit.tree is not None:
        return conditional_escape(words.text("remit.whole_tree", tree=remit.tree.name))
    return conditional_escape(words.text("remit.everything"))


@register.simple_tag
def remit_state(remit: Remit, today: date) -> str:
    """Holds, coming, over or ended."""
    return remit.state_on(today)
