"""Cursor pages: stable under inserts, the same cost on page 1 and page 1,000."""

from __future__ import annotations

from rest_framework.pagination import CursorPagination


class CursorPages(CursorPagination):
    """`?cursor=` from the `next` link, `?limit=` 1–100 (default 20). Newest first unless the view sets `cursor_ordering`."""

    page_size = 20
    max_page_size = 100
    page_size_query_param = "limit"
    ordering = "-pk"

    def get_ordering(self, request, queryset, view):  # type: ignore[no-untyped-def]
        """The view's own stable order, else newest first; never the client's."""
        ordering = getattr(view, "cursor_ordering", self.ordering)
        return (ordering,) if isinstance(ordering, str) else tuple(ordering)
