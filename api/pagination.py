"""Cursor pages: stable under inserts, the same cost on page 1 and page 1,000, and silent about our rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from api import cursors

CURSOR, LIMIT = "cursor", "limit"
NAMES = (CURSOR, LIMIT)


class CursorPages(BasePagination):
    """`?cursor=` from the `next` link, `?limit=` 1–100 (default 20). Newest first unless the view sets `cursor_ordering`.

    A cursor holds the last row's values of the whole order, so that a thousand rows of one moment are no obstacle.
    """

    usual = 20
    most = 100
    place: list[Any] | None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The rows of this page; one more is read to know whether there is a next one."""
        self.begin(request, view)
        order = [_turned(name) for name in self.order] if self.backwards else self.order
        return self.shown(list(_beyond(queryset, order, self.place).order_by(*order)[: self.limit + 1]))

    def begin(self, request: Request, view: Any) -> None:
        """Where the page begins, which way it goes (`backwards`) and how many it holds: for a list that asks the database by itself."""
        self.request = request
        self.order = order_of(view)
        self.limit = self._limit()
        self.cursor, self.backwards, self.place = request.query_params.get(CURSOR), False, None
        if self.cursor is not None:
            self.backwards, self.place = self._place(self.cursor)

    def shown(self, rows: list[Any]) -> list[Any]:
        """The page of the rows that were found from its beginning on, one more than it holds if there are more."""
        more, rows = len(rows) > self.limit, rows[: self.limit]
        self.rows = rows[::-1] if self.backwards else rows
        self.has_next, self.has_previous = (True, more) if self.backwards else (more, self.cursor is not None)
        return self.rows

    def get_paginated_response(self, data: Any) -> Response:
        """The page between its neighbours."""
        following = self._link(backwards=False) if self.has_next else None
        return Response({"next": following, "previous": self._link(backwards=True) if self.has_previous else None, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """For the schema."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """For the schema."""
        known = "From the `next` or `previous` link; holds for this question only. Leave it out for the first page."
        number = {"type": "integer", "minimum": 1, "maximum": self.most, "default": self.usual}
        return [
            {"name": CURSOR, "required": False, "in": "query", "description": known, "schema": {"type": "string"}},
            {"name": LIMIT, "required": False, "in": "query", "description": "How many on a page.", "schema": number},
        ]

    def _limit(self) -> int:
        asked = self.request.query_params.get(LIMIT)
        if asked is None:
            return self.usual
        if not (asked.isascii() and asked.isdigit() and len(asked) < 6 and 1 <= int(asked) <= self.most):
            raise refused(LIMIT, _("Give a whole number from 1 to {most}.").format(most=self.most))
        return int(asked)

    def _place(self, cursor: str) -> tuple[bool, list[Any]]:
        place = cursors.opened(cursor, question=self._question())
        if place is None or len(place) != len(self.order) + 1:
            raise refused(CURSOR, _("Take the cursor from the next or previous link of the same question, or leave it out for the first page."))
        return place[0], place[1:]

    def _question(self) -> str:
        """Whose list, which address, which filters, which order: a cursor fits one lock."""
        asked = sorted((name, values) for name, values in self.request.query_params.lists() if name not in NAMES)
        return f"{self.request.user.pk} {self.request.path} {asked} {self.order}"

    def _link(self, *, backwards: bool) -> str:
        row = None if not self.rows else self.rows[0] if backwards else self.rows[-1]
        values = self.place if row is None else [_plain(getattr(row, name.lstrip("-"))) for name in self.order]
        kept = [(name, value) for name, all_of in self.request.query_params.lists() for value in all_of if name != CURSOR]
        word = cursors.seal([backwards, *(values or [])], question=self._question())
        return self.request.build_absolute_uri(f"{self.request.path}?{urlencode([*kept, (CURSOR, word)])}")


def order_of(view: Any) -> list[str]:
    """The view's own order, else newest first; never the client's. It ends in the row's key, so that no two places are the same."""
    declared = getattr(view, "cursor_ordering", "-pk")
    order = [declared] if isinstance(declared, str) else list(declared)
    return order if order[-1].lstrip("-") in ("pk", "id") else [*order, "-pk"]


def refused(name: str, sentence: str, code: str = "invalid") -> ValidationError:
    """A 400 that names what in the address is wrong."""
    return ValidationError({name: [ErrorDetail(sentence, code=code)]})


def _beyond(queryset: QuerySet[Any], order: list[str], place: list[Any] | None) -> QuerySet[Any]:
    """The rows after this place: further in the first value, or equal there and further in the second, and so on."""
    if place is None:
        return queryset
    wanted, equal = Q(), Q()
    for name, value in zip(order, place, strict=True):
        field = name.lstrip("-")
        further = "lt" if name.startswith("-") else "gt"
        if not equal:
            queryset = queryset.filter(**{f"{field}__{further}e": value})  # says no more, but lets an index begin here
        wanted |= equal & Q(**{f"{field}__{further}": value})
        equal &= Q(**{field: value})
    return queryset.filter(wanted)


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    return value.isoformat() if isinstance(value, datetime) else value
