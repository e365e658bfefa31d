"""Amounts and days as people type them. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.money import AmountMalformed, Money, exponent, parse


def read_amount(text: str, currency: str) -> Money:
    """ "12.50", "12,50", "1,234.50", "1.234,50", "€ 12" → Money; AmountMalformed otherwise."""
    plain = "".join(char for char in text if char not in " \u00a0\u202f'’€$£¥")
    comma, dot = plain.rfind(","), plain.rfind(".")
    decimal = max(comma, dot)
    if decimal >= 0:
        part = plain[decimal + 1 :]
        only_kind = (plain.count(",") if decimal == comma else plain.count(".")) == 1
        is_point = only_kind and (len(part) <= exponent(currency) or (comma >= 0 and dot >= 0))
        whole = plain[:decimal].replace(",", "").replace(".", "")
        plain = f"{whole}.{part}" if is_point else f"{whole}{part}"
        if not is_point and len(part) != 3:
            raise AmountMalformed(text)
    return parse(plain, currency)


def first_moment(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)


def after_last_moment(day: date, zone: ZoneInfo) -> datetime:
    """A period until a day includes that day."""
    return datetime.combine(day + timedelta(days=1), time.min, zone)


def day_of_end(moment: datetime, zone: ZoneInfo) -> date:
    return (moment.astimezone(zone) - timedelta(microseconds=1)).date()
