"""One page of a list, and how long the list is, in one question."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Value

from core.together import together


def page_of(rows: QuerySet[Any, Any], *also: QuerySet[Any, Any], per_page: int, asked: str, counted: QuerySet[Any, Any] | None = None) -> Page[Any]:
    """The page with the `asked` number; the last one past the end, the first one for nonsense. `counted`: the same rows, where `rows` carries
    what would make counting dear. `also` is read with them."""
    number = max(int(asked), 1) if asked.isdecimal() and len(asked) < 7 else 1
    part = rows[(number - 1) * per_page : number * per_page]
    total = (rows if counted is None else counted).order_by().values(every=Value(1)).annotate(found=Count("pk")).values_list("found", flat=True)
    together(total, part, *also)
    paginator = Paginator(rows, per_page)
    paginator.count = total[0]
    page = paginator.get_page(number)
    if page.number == number:
        page.object_list = part
    return page
