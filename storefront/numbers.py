"""The two numbers in the frame of every page, in one question."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery

from accounts.models import User
from accounts.users.queries import asked_once
from marketplace.cart import queries as carts
from messaging.notifications import queries as notifications


@dataclass(frozen=True, slots=True)
class Numbers:
    unread: int
    basket: int


def of(user: User) -> Numbers:
    """What a signed-in person has not read, and has in the basket."""
    return asked_once(user, "numbers", lambda: _ask(user))


def _ask(user: User) -> Numbers:
    unread = _how_many(notifications.unread_of(OuterRef("pk")), "user")
    basket = _how_many(carts.lines_in_basket_of(OuterRef("pk")), "cart__user")
    row = User.objects.filter(pk=user.pk).values_list(unread, basket).first()
    return Numbers(*(number or 0 for number in row or (0, 0)))


def _how_many(rows: QuerySet, whose: str) -> Subquery:
    return Subquery(rows.order_by().values(whose).annotate(found=Count("pk")).values("found"))
