"""How much waits, for the bar over every page of the desk."""

from __future__ import annotations

from django.http import HttpRequest

from escrow.holds import access, queries


def desk_counts(request: HttpRequest) -> dict[str, object]:
    """Context processor: open issues, on the desk's own pages only."""
    if not request.path.startswith("/desk/") or not access.may_decide(request.user):
        return {}
    return {"desk_counts": {"issues": queries.open_issues().count()}}
