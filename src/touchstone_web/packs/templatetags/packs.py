"""Words of packs in templates of lists, where each row may be of another pack."""

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from touchstone_web.shared.installed_packs import words_of_pack

register = template.Library()


@register.simple_tag
def word_of_pack(pack: str, key: str) -> SafeString:
    """Give a pack's own text; the pack's name where it is no longer installed."""
    words = words_of_pack(pack)
    return conditional_escape(words.text(key) if words.knows(key) else pack)
