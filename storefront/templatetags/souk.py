"""Template tags of the house. `{% load souk %}`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_percent
from django import forms, template
from django.core.paginator import Paginator
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext
from django_countries import countries

from core import clock
from core.money import Money
from core.money_words import LOCALES, money_words
from storefront.forms import EMPTY, NOT_CHOSEN

register = template.Library()
HTML_LANGUAGES = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}
URGENT = timedelta(hours=4)


def _locale() -> str:
    return LOCALES.get(get_language() or "en", "en")


@register.filter
def money(amount: Money | str | None) -> str:
    """€1,234.50 in the reader's language; '' for nothing."""
    if not isinstance(amount, Money):  # a template asks for nothing, None or a name that is not there
        return ""
    return money_words(amount, get_language() or "en")


@register.filter
def signed(amount: Money | str | None) -> str:
    """With its sign: +€5.00, −€5.00, €0.00."""
    if not isinstance(amount, Money) or amount.is_zero:
        return money(amount)
    return ("+" if amount.amount_minor > 0 else "−") + money(Money(abs(amount.amount_minor), amount.currency))


@register.filter
def percent(basis_points: int) -> str:
    """800 → 8%, 825 → 8.25%."""
    return str(format_percent(Decimal(basis_points) / 10_000, format="#,##0.##%", locale=_locale()))


@register.filter
def html_lang(code: str | None) -> str:
    """'zh-hans' as HTML wants it: zh-Hans."""
    return HTML_LANGUAGES.get((code or "en").lower(), code or "en")


@register.filter
def initials(name: str | None) -> str:
    """Two letters of a name, or its first Chinese character."""
    words = (name or "").split()
    if not words:
        return "·"
    if "\u4e00" <= words[0][0] <= "\u9fff":
        return words[0][0]
    return "".join(word[0] for word in words[:2]).upper()


@register.filter
def at_most(number: int, most: int) -> str:
    """The number, or '99+'."""
    return f"{most}+" if number > most else str(number)  # a lazy number can only be compared this way


@register.filter
def local_time(moment: datetime | str | None, style: str = "minute") -> SafeString:
    """<time> in the reader's zone and language. Styles: minute (Sun 8 Nov, 10:42), day (Sun 8 Nov), year (8 Nov 2026)."""
    if not isinstance(moment, datetime):
        return mark_safe("")
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), _in_words(moment, style))


def _in_words(moment: datetime, style: str) -> str:
    zh = _locale().startswith("zh")
    patterns = {
        "minute": "M月d日 EEE HH:mm" if zh else "EEE d MMM, HH:mm",
        "day": "M月d日 EEE" if zh else "EEE d MMM",
        "year": "y年M月d日" if zh else "d MMM y",
    }
    return str(format_datetime(timezone.localtime(moment), patterns[style], locale=_locale()))


@register.filter
def day(moment: date, style: str = "") -> str:
    """A calendar day in the reader's language: Tue 1, or with "month" Tue 1 Dec."""
    pattern = "M月d日 EEE" if _locale().startswith("zh") else "EEE d MMM" if style else "EEE d"
    return _day(moment, pattern, _locale()) if moment else ""


@lru_cache(maxsize=2_000)
def _day(moment: date, pattern: str, locale: str) -> str:
    return str(format_date(moment, pattern, locale=locale))


def time_left(due: datetime, now: datetime) -> str:
    """'2 d 4 h left', '4 h 10 min left', '10 min left'."""
    minutes = max(0, int((due - now).total_seconds() // 60))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return gettext("{days} d {hours} h left").format(days=days, hours=hours)
    if hours:
        return gettext("{hours} h {minutes} min left").format(hours=hours, minutes=minutes)
    return gettext("{minutes} min left").format(minutes=minutes)


@register.inclusion_tag("_parts/deadline.html")
def deadline(due: datetime, since: datetime | None = None, now: datetime | None = None) -> dict[str, Any]:
    """The chip with ring, time left and date. `since`: when the wait began (for the ring); `now`: the door's clock reading."""
    moment = now or clock.now()
    whole = (due - (since or due - timedelta(days=14))).total_seconds() or 1
    share = max(0, min(100, round(100 * (due - moment).total_seconds() / whole)))
    return {
        "left": time_left(due, moment),
        "late": due - moment < URGENT,
        "share": share,
        "machine": due.isoformat(),
        "words": _in_words(due, "minute"),
    }


@register.simple_tag
def icon(name: str, small: bool = False, label: str = "") -> SafeString:
    """One of our icons; decorative unless it has a `label`."""
    return _icon(name, small, str(label))


@lru_cache(maxsize=2_000)
def _icon(name: str, small: bool, label: str) -> SafeString:
    hidden = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="icon{}" {}><use href="{}#i-{}"/></svg>', " icon--s" if small else "", hidden, static("img/icons.svg"), name)


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The current query string with some values replaced (None removes one)."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            parameters.pop(name, None)
        else:
            parameters[name] = value
    return str(parameters.urlencode())


@register.filter
def page_numbers(paginator: Paginator[Any], current: int) -> list[int]:
    """1 … 4 5 6 … 20, with 0 for each gap."""
    return [number if isinstance(number, int) else 0 for number in paginator.get_elided_page_range(current, on_each_side=1, on_ends=1)]


@dataclass(frozen=True)
class Segment:
    """One piece of the split bar, in thousandths of its width."""

    x: int
    width: int


@register.simple_tag
def split_segments(amounts: list[Money]) -> list[Segment]:
    """Widths of one payment's holds for an SVG of 1000 units, with gaps of 12."""
    total = sum(amount.amount_minor for amount in amounts) or 1
    room, x, found = 1000 - 12 * (len(amounts) - 1), 0, []
    for amount in amounts:
        width = max(6, round(room * amount.amount_minor / total))
        found.append(Segment(x, width))
        x += width + 12
    return found


# ── forms ─────────────────────────────────────────────────────────────────────────────────────────


@register.filter
def is_choice_list(field: BoundField) -> bool:
    """Radio buttons or several ticks: drawn as a list of choices."""
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def is_tick(field: BoundField) -> bool:
    """A single check box."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.simple_tag
def dressed(field: BoundField) -> SafeString:
    """The input with the house's class, its hint and its error wired up for screen readers."""
    described = [f"{field.auto_id}_hint"] if field.help_text else []
    described += [f"{field.auto_id}_error"] if field.errors else []
    classes = ["input", *str(field.field.widget.attrs.get("class", "")).split()]
    attributes: dict[str, Any] = {"class": " ".join(dict.fromkeys(classes))}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if field.errors:
        attributes["aria-invalid"] = "true"
    if str(field.field.widget.attrs.get("placeholder", "")).lower().startswith(str(field.label).lower()):
        attributes["placeholder"] = ""  # the label says it already, and stays
    return field.as_widget(attrs=attributes)


@dataclass(frozen=True)
class Problem:
    """One line of the error summary."""

    sentence: str
    href: str


@register.simple_tag
def summary_of(form: Any = None, several: Any = None) -> list[Problem]:
    """Every error of a form (or of several), each with the field it links to."""
    every = [*(several or []), *([form] if form else [])]
    return [problem for one in every for problem in _problems(one)]


def _problems(form: forms.BaseForm) -> Iterator[Problem]:
    if not form.is_bound:
        return
    for name, errors in form.errors.as_data().items():
        field = form[name] if name in form.fields else None
        for error in errors:
            sentence = " ".join(error.messages)
            if field is not None and sentence in (str(EMPTY), str(NOT_CHOSEN)):  # away from its field, "Please fill this in" needs its name
                sentence = gettext("{label}: {sentence}").format(label=field.label, sentence=sentence)
            yield Problem(sentence, str(field.auto_id) if field is not None else "")


@register.simple_tag
def keeps_typed(form: Any = None, several: Any = None) -> bool:
    """Whether a refused form shows something else that was typed: not when it asks one thing, nor when a password has to be typed again."""
    bound = [one for one in [*(several or []), *([form] if form else [])] if one.is_bound]
    fields = [field for one in bound for field in one.visible_fields()]
    if any(isinstance(field.field.widget, forms.PasswordInput) for field in fields):
        return False
    return any(field.value() not in (None, "", [], False) and not field.errors and not isinstance(field.field, forms.FileField) for field in fields)


@register.filter
def country_names(codes: Iterable[str]) -> str:
    """["FR", "DE"] as people call them, in the reader's language."""
    return pgettext("between things in a list", ", ").join(str(countries.name(code)) or code for code in codes)
