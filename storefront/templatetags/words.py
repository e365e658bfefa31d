"""Django's `i18n` tags under their own name (settings say so), but `{% trans "words" %}` looks a sentence up once a language, not on every page.

A page says forty to sixty sentences, and to look them up anew took a seventh of its time. The dictionaries do not change while a process lives.
"""

from __future__ import annotations

from django import template
from django.template.base import FilterExpression, Parser, Token
from django.template.context import Context
from django.templatetags import i18n
from django.utils.translation import get_language

register = template.Library()
register.tags |= i18n.register.tags
register.filters |= i18n.register.filters


class KnownWords(i18n.TranslateNode):
    """Words that stand in the template itself, so that the answer hangs on the language alone."""

    def __init__(self, words: FilterExpression) -> None:
        super().__init__(words, noop=False)
        self._kept: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        """As Django's tag, from memory."""
        language = get_language()
        if language not in self._kept:
            self._kept[language] = super().render(context)
        return self._kept[language]


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> i18n.TranslateNode:
    """`{% trans "words" %}`; with a variable, a filter, a context or `as` it is Django's own."""
    node = i18n.do_translate(parser, token)
    _tag, words, *more = token.split_contents()
    is_fixed = words[0] in "\"'" and not more and not node.filter_expression.filters
    return KnownWords(node.filter_expression) if is_fixed else node
