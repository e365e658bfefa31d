"""The words of every notice about a return, in the reader's language. Who made a move is not told about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from marketplace.orders.notices import CATEGORY, buyer_url, moment_text, money_text
from marketplace.returns.models import Return
from messaging.notifications import operations as notifications
from messaging.notifications.operations import Telling
from messaging.notifications.recipients import Recipient
from vendors.members import queries as members
from vendors.members import roles

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Words:
    title: Text
    body: Text


BUYER: Mapping[str, Words] = {
    "approve": Words(_("Send it back: {number}"), _("{shop} takes it back. Send it until {due} and write the tracking number there.")),
    "decline": Words(_("Your return is refused: {number}"), _("Read why. While your money is held you can report an issue.")),
    "waive": Words(_("Keep it, {amount} comes back: {number}"), _("{shop} does not need it back. The money goes the way you paid.")),
    "lapse": Words(_("Your return has ended: {number}"), _("It was not sent in time. The order goes on where it stopped.")),
    "accept": Words(_("Your return arrived, {amount} comes back: {number}"), _("The money goes the way you paid.")),
    "deduct": Words(
        _("{shop} wants to keep {deduction}: {number}"),
        _("Read why, and accept or object until {due}. If you do nothing, {agreed} comes back to you."),
    ),
    "settle": Words(_("{amount} comes back: {number}"), _("Your return is settled. The money goes the way you paid.")),
    "rule": Words(_("Decided, {amount} comes back: {number}"), _("Our team has decided about your return.")),
    "replace": Words(_("Your return arrived: {number}"), _("{shop} sends the replacement until {due}, or you get the money.")),
    "ship": Words(
        _("Your replacement is on its way: {number}"), _("Tracking number {tracking}. Confirm on the page of the return when it is there.")
    ),
    "fall_back": Words(_("{amount} comes back instead: {number}"), _("There is no replacement. The money goes the way you paid.")),
    "finish": Words(_("Exchanged: {number}"), _("The exchange is done.")),
}
SELLER: Mapping[str, Words] = {
    "ask": Words(_("{buyer} wants to return something: {number}"), _("It is about {total}. Answer until {due}.")),
    "approve": Words(_("The return is on: {number}"), _("You have not answered, and {buyer} has a right to it. It comes to your shop's address.")),
    "waive": Words(
        _("{amount} went back to {buyer}: {number}"),
        _("You have not said where to send it, so {buyer} keeps it. Add an address to your shop's settings."),
    ),
    "withdraw": Words(_("{buyer} keeps it after all: {number}"), _("The return has ended.")),
    "lapse": Words(_("It was never sent back: {number}"), _("The return has ended, and the order goes on where it stopped.")),
    "send": Words(
        _("On its way back to you: {number}"), _("Tracking number {tracking}. Say until {due} what came back, or {buyer} gets the money by itself.")
    ),
    "arrive": Words(_("It is back: {number}"), _("Look at it, and say until {due} whether it is right. If you do nothing, {buyer} gets the money.")),
    "accept": Words(_("{amount} went back to {buyer}: {number}"), _("You have not said anything about what came back.")),
    "settle": Words(_("{buyer} accepts what you keep: {number}"), _("{amount} went back.")),
    "object": Words(_("{buyer} objects: {number}"), _("Our team looks at it.")),
    "rule": Words(_("Decided about the return: {number}"), _("{amount} went back to {buyer}.")),
    "fall_back": Words(_("{amount} went back to {buyer}: {number}"), _("The replacement was not sent in time.")),
    "finish": Words(_("The exchange is done: {number}"), _("{buyer} has the replacement.")),
}


def tell(asked: Return, move: str, *, by: str, at: datetime) -> None:
    """Tell those who did not do it themselves."""
    order = asked.order
    tellings = []
    if by != "buyer" and (words := BUYER.get(move)):
        to = Recipient.of_user(order.user) if order.user else Recipient.of_guest(order.email, order.language)
        tellings.append(_telling(asked, to, words, move, url=buyer_url(order, f"returns/{asked.reference}/"), side="buyer"))
    if by != "seller" and (words := SELLER.get(move)):
        url = f"/sell/{order.vendor.slug}/returns/{asked.reference}/"
        for user in members.people_with(order.vendor, permission=roles.REFUND_ORDERS):
            tellings.append(_telling(asked, Recipient.of_user(user), words, move, url=url, side="seller"))
    if tellings:
        notifications.notify_all(tellings, category=CATEGORY, at=at)


def _telling(asked: Return, to: Recipient, words: Words, move: str, *, url: str, side: str) -> Telling:
    person = to.user.reference if to.user else "guest"
    zone = ZoneInfo(to.user.time_zone) if to.user else None
    with override(to.language), timezone.override(zone):
        params = {
            "number": asked.order.number,
            "shop": asked.order.vendor.name,
            "buyer": asked.order.buyer_name,
            "total": money_text(asked.amount, to.language),
            "amount": money_text(asked.refunded, to.language),
            "deduction": money_text(asked.deduction, to.language),
            "agreed": money_text(asked.agreed, to.language),
            "tracking": asked.new_tracking_number or asked.tracking_number,
            "due": moment_text(asked.due_at, to.language) if asked.due_at else "",
        }
        key = f"return:{asked.reference}:{move}:{side}:{person}"
        return Telling(to=to, key=key, title=str(words.title).format_map(params), body=str(words.body).format_map(params), url=url)
