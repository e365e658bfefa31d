"""Fetching papers for a person: the buyer's own, or the shop's for members who see its money."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import User
from core.errors import NotHere
from marketplace.papers.models import Paper
from vendors.members import access as members
from vendors.members import roles
from vendors.models import Vendor


def among(papers: QuerySet[Paper], *, reference: str) -> Paper:
    """One of the papers that the caller may see."""
    found = papers.filter(reference=reference).first()
    if found is None:
        raise NotHere
    return found


def shop_for(user: User, *, slug: str) -> Vendor:
    """The shop, for a member who sees its money."""
    return members.get_for(user, slug=slug, permission=roles.VIEW_MONEY)
