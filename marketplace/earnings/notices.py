"""The words about payouts, in the reader's language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from escrow.models import SellerAccount
from marketplace.orders.notices import moment_text
from messaging.notifications import operations as notifications
from messaging.notifications.operations import Telling
from messaging.notifications.recipients import Recipient
from vendors.members import queries as members
from vendors.members import roles
from vendors.models import Vendor

CATEGORY = "orders"


def tell_of_frozen_payouts(account: SellerAccount, *, at: datetime) -> None:
    """Everybody who manages payouts, in the app and by letter: whoever did not make the change has 72 hours to say so."""
    for shop in Vendor.objects.filter(party__key=account.party):
        tellings = []
        for user in members.people_with(shop, permission=roles.MANAGE_PAYOUTS):
            to = Recipient.of_user(user)
            with override(to.language), timezone.override(ZoneInfo(user.time_zone)):
                tellings.append(_telling(to, user.reference, shop, account, at))
        if tellings:
            notifications.notify_all(tellings, category=CATEGORY, at=at)


def _telling(to: Recipient, person: str, shop: Vendor, account: SellerAccount, at: datetime) -> Telling:
    assert account.frozen_until is not None
    what = {
        "email": _("The e-mail address of somebody who manages payouts was changed."),
        "second_factor": _("The second factor of somebody who manages payouts was changed."),
    }.get(account.frozen_by, _("The bank account of your payouts was changed."))
    wait = _("Payouts of {shop} wait until {until}. If it was not you, answer this letter now.")
    return Telling(
        to=to,
        key=f"payouts:{account.party}:frozen:{at.isoformat()}:{person}",
        title=_("Payouts wait for 72 hours: {shop}").format(shop=shop.name),
        body=f"{what} {wait.format(shop=shop.name, until=moment_text(account.frozen_until, to.language))}",
        url=f"/sell/{shop.slug}/payouts/",
    )
