"""Who may look at a case, and who answers the bank."""

from __future__ import annotations

from accounts.users.models import User
from core.errors import Forbidden, NotHere
from escrow.chargebacks import queries
from escrow.chargebacks.models import Chargeback
from escrow.holds import access as holds
from vendors.members import access as shops
from vendors.profiles.models import Vendor


def may_read(user: User) -> bool:
    """Staff who see held money."""
    return holds.may_read(user)


def for_desk(user: User, reference: str) -> Chargeback:
    """The case with its story, for staff; nothing for everybody else."""
    case = Chargeback.objects.select_related("payment").filter(reference=reference).first() if may_read(user) else None
    if case is None:
        raise NotHere
    return queries.with_story(case)


def to_answer(user: User, reference: str) -> Chargeback:
    """The same, refused to whoever is a party of it."""
    case = for_desk(user, reference)
    if any(holds.is_party(user, share.hold) for share in case.shares.all()):
        raise Forbidden
    return case


def for_shop(user: User, *, slug: str, reference: str, permission: str) -> tuple[Vendor, Chargeback]:
    """A case over this shop's holds, for its members."""
    vendor = shops.get_for(user, slug=slug, permission=permission)
    case = queries.of_seller(vendor.party.key).filter(reference=reference).first()
    if case is None:
        raise NotHere
    return vendor, case
