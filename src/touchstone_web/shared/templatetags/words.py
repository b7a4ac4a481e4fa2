"""Words and figures in templates: `{% load words %}{% word "key" gap=value %}`."""

from decimal import Decimal
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from touchstone.reports.words import Words
from touchstone_web.shared.languages import words_for
from touchstone_web.shared.viewers import OPERATOR_ID

register = template.Library()


def words_of(context: Context) -> Words:
    """The words of the page; error pages made without a request speak the current language."""
    found = context.get("words")
    return found if isinstance(found, Words) else words_for()


@register.simple_tag(takes_context=True)
def word(context: Context, key: str, /, **gaps: Any) -> SafeString:
    """Give the sentence of a key, escaped, whatever fills its gaps."""
    return conditional_escape(words_of(context).text(key, **gaps))


@register.simple_tag(takes_context=True)
def word_or(context: Context, key: str, otherwise: object, /) -> SafeString:
    """Give the text of a key, or something else where the catalogues have none."""
    words = words_of(context)
    return conditional_escape(words.text(key) if words.knows(key) else otherwise)


@register.simple_tag(takes_context=True)
def word_part(context: Context, prefix: str, *parts: object) -> SafeString:
    """Give the text of a key put together: `{% word_part "role" person.role %}`."""
    key = ".".join([prefix, *(str(part) for part in parts)])
    return conditional_escape(words_of(context).text(key))


@register.simple_tag(takes_context=True)
def name_of(context: Context, identifier: object) -> SafeString:
    """The name behind a public identifier, with its page; the identifier where there is none.

    The page's context has `names`, made by `shared.names.names_of`.
    """
    named = context.get("names", {}).get(str(identifier))
    if identifier == OPERATOR_ID:
        return conditional_escape(words_of(context).text("journal.operator"))
    if named is None:
        return format_html('<span class="hash">{}</span>', identifier)
    if not named.address:
        return conditional_escape(named.text)
    return format_html('<a href="{}">{}</a>', named.address, named.text)


@register.simple_tag(takes_context=True)
def number(context: Context, value: Decimal | int | None, places: int | None = None) -> str:
    """Write a number with thousands marks; a dash where there is none."""
    return words_of(context).number(value, places)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """The address of this page with some parameters changed; None or "" takes one away."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value in {None, ""}:
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}"
