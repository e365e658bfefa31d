"""A sentence is looked up once a language, and is still the reader's."""

from django.template import Context, Template
from django.utils import translation


def test_each_reader_gets_the_own_language_however_often() -> None:
    page = Template('{% load i18n %}{% trans "Basket" %}')
    told = []
    for language in ("en", "zh-hans", "en", "zh-hans"):
        with translation.override(language):
            told.append(page.render(Context()))
    assert told == ["Basket", "购物篮", "Basket", "购物篮"]


FORMS = (
    '{% trans "100%" %}',
    '{% translate "Basket"|upper %}',
    "{% trans name %}",
    '{% trans "You" context "place" %}',
    '{% trans "Sell" as words %}{{ words }}',
)


def test_every_other_form_is_as_django_has_it() -> None:
    page = Template("{% load i18n %}" + "|".join(FORMS))
    for name, shown in (("<b>", "&lt;b&gt;"), ("Basket", "Basket")):
        assert page.render(Context({"name": name})) == f"100%|BASKET|{shown}|You|Sell"
