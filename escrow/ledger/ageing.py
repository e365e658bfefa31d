"""How long money has been on its way: what lies in the accounts that should empty themselves, by age. What came first leaves first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from core.money import Money

WATCHED = ("psp_clearing", "refund_pending", "transfer_transit", "buyer_owed", "suspense")
AGES = (timedelta(days=1), timedelta(days=3), timedelta(days=7))

BY_AGE = """
    WITH lines AS (
        SELECT split_part(account.code, ':', 1) AS name, posting.currency, posting.id, transfer.at, posting.amount_minor * account.normal AS amount
        FROM escrow_posting posting JOIN escrow_account account ON account.id = posting.account_id
        JOIN escrow_transfer transfer ON transfer.id = posting.transfer_id
        WHERE account.code LIKE ANY (%s::text[])),
    totals AS (SELECT name, currency, sum(amount) AS total FROM lines GROUP BY 1, 2 HAVING sum(amount) <> 0),
    arrivals AS (
        SELECT name, currency, at, sign(total) AS side, abs(total) AS total, abs(amount) AS amount,
            sum(abs(amount)) OVER (PARTITION BY name, currency ORDER BY at DESC, id DESC) AS reached
        FROM lines JOIN totals USING (name, currency) WHERE sign(amount) = sign(total)),
    left_over AS (
        SELECT name, currency, at, side * least(amount, total - (reached - amount)) AS amount FROM arrivals WHERE reached - amount < total)
    SELECT name, currency,
        coalesce(sum(amount) FILTER (WHERE at > %s), 0), coalesce(sum(amount) FILTER (WHERE at <= %s AND at > %s), 0),
        coalesce(sum(amount) FILTER (WHERE at <= %s AND at > %s), 0), coalesce(sum(amount) FILTER (WHERE at <= %s), 0), min(at)
    FROM left_over GROUP BY name, currency ORDER BY name, currency
"""


@dataclass(frozen=True, slots=True)
class Aged:
    """One kind of account in one currency; `ages`: younger than a day, than three, than a week, and older."""

    name: str
    total: Money
    ages: tuple[Money, Money, Money, Money]
    oldest_at: datetime


def by_age(*, at: datetime) -> list[Aged]:
    """Only what is not empty, in a fixed order."""
    day, three, week = (at - age for age in AGES)
    with connection.cursor() as cursor:
        cursor.execute(BY_AGE, [[f"{name}:%" for name in WATCHED], day, day, three, three, week, week])
        rows = cursor.fetchall()
    found = [_aged(*row) for row in rows]
    return sorted(found, key=lambda one: (WATCHED.index(one.name), one.total.currency))


def _aged(name: str, currency: str, day: int, three: int, week: int, older: int, oldest_at: datetime) -> Aged:
    ages = tuple(Money(int(amount), currency) for amount in (day, three, week, older))
    return Aged(name, Money(int(day + three + week + older), currency), ages, oldest_at)  # type: ignore[arg-type]
