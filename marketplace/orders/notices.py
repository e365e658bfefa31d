"""The words of every notice about an order, in the reader's language. Messaging carries them; it never composes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, to_locale

from core.money import Money
from core.money_words import money_words
from marketplace.orders import guest_links
from marketplace.orders.models import Order
from messaging.notifications import operations as notifications
from messaging.notifications.operations import Telling
from messaging.notifications.recipients import Recipient
from vendors.members import queries as members
from vendors.members import roles

CATEGORY = "orders"
DISPUTE = "dispute/"  # the page that its people may open
Text = str | Promise


@dataclass(frozen=True, slots=True)
class Words:
    title: Text
    body: Text


BUYER: Mapping[str, Words] = {
    "paid": Words(
        _("Paid and held: {total} for {number}"),
        _("Your {total} waits with Souk until you confirm that everything from {shop} is right. {shop} now gets it ready."),
    ),
    "ready": Words(_("Ready to be picked up: {number}"), _("{shop} has your things ready at {place}. Bring the code from your order page.")),
    "shipped": Words(_("On its way: {number}"), _("{shop} sent your parcel. Tracking number {tracking}.")),
    "carrier_trouble": Words(
        _("Your parcel {number} has a problem on the road"), _("The carrier says: {carrier_words}. We keep your {total} held meanwhile.")
    ),
    "carrier_silent": Words(
        _("No news about your parcel {number}"),
        _("The carrier has been silent for days. Your {total} stays held; report an issue whenever you want."),
    ),
    "delivered": Words(
        _("Delivered: is everything right with {number}?"),
        _("Look at it and confirm, or tell us about an issue, until {due}. If you do nothing, {shop} is paid then."),
    ),
    "remind_inspection": Words(_("Soon decided: {number}"), _("{shop} is paid on {due} unless you report an issue before.")),
    "remind_arrival": Words(
        _("Has {number} arrived?"),
        _("If it has, confirm it. If nothing is heard of it until {due}, an issue opens by itself and the money is frozen."),
    ),
    "completed": Words(_("Completed: {number}"), _("{shop} has been paid. Thank you for buying on Souk.")),
    "cancelled": Words(_("Cancelled: {number}"), _("The order was cancelled before it was handed over. {amount} goes back to you.")),
    "cancelled_late": Words(_("Cancelled, not sent in time: {number}"), _("{shop} did not hand the order over in time. {amount} goes back to you.")),
    "refunded": Words(_("Refunded: {number}"), _("{amount} goes back to you the way you paid.")),
    "part_paid": Words(_("Paid and held: {part} of {number}"), _("{amount} waits with Souk like what you paid before.")),
    "part_extended": Words(_("More time to pay: {part} of {number}"), _("{shop} gives you until {part_due} to pay {amount}.")),
    "part_handed_over": Words(
        _("Handed over: {part} of {number}"), _("{shop} says that it is done. Look at it and confirm it on your order page, or report an issue.")
    ),
    "part_released": Words(_("{shop} is paid for {part} of {number}"), _("{amount} was released.")),
    "plan_missed": Words(
        _("Ended: a part of {number} was not paid"), _("The days of grace are over. What was paid and not handed over is settled as the terms say.")
    ),
    "remind_part_before": Words(_("Due soon: {part} of {number}"), _("Please pay {amount} until {part_due} on your order page.")),
    "remind_part_on": Words(_("Due today: {part} of {number}"), _("Please pay {amount} on your order page.")),
    "remind_part_after": Words(
        _("Late: {part} of {number}"), _("{amount} was due on {part_due}. If it is not paid until {part_until}, the order ends as the terms say.")
    ),
    "part_refunded": Words(_("{shop} refunds you {amount}"), _("For {number}: {reason}")),
    "part_cancelled": Words(
        _("Not all of {number} can be delivered"),
        _("{shop} cannot deliver {what}. {amount} goes back to you; the rest comes as agreed. {shop} says: {reason}"),
    ),
    "given_back": Words(_("{shop} gives you {amount} back"), _("For {number}: {reason}")),
    "given_back_by_us": Words(_("{amount} goes back to you: {number}"), _("Our team gives it back, from what {shop} was paid: {reason}")),
    "issue": Words(_("We have your issue with {number}"), _("The {total} is frozen: no deadline runs until this is settled.")),
    "resumed": Words(_("Your issue with {number} is closed"), _("The order goes on where it stopped.")),
    "dispute_proposal": Words(
        _("{shop} proposes {amount} back: {number}"), _("Accept it or propose another amount until {until}. What both accept is done at once.")
    ),
    "dispute_note": Words(_("New message about your issue with {number}"), _("Read it and answer on the page of the dispute.")),
    "dispute_exhibit": Words(_("New evidence about your issue with {number}"), _("Look at it, and add your own while there is time.")),
    "dispute_escalate": Words(_("Our team takes up your issue with {number}"), _("Show what proves it until {until}. Then our team decides.")),
    "dispute_ruled": Words(
        _("Decided: your issue with {number}"), _("Read the decision and its reasons. You may appeal once, with something new, until {until}.")
    ),
    "dispute_appeal": Words(_("{shop} appeals: {number}"), _("Somebody else of our team looks at it. Say what you know about what is new.")),
    "dispute_object": Words(_("{shop} says that something else came back: {number}"), _("Our team looks at it. Show what you sent.")),
    "dispute_final": Words(_("Decided about the appeal: {number}"), _("Read the decision and its reasons. It is final.")),
    "dispute_late_ruling": Words(
        _("Decided about your appeal: {number}"), _("{amount} more goes back to you. Read the reasons on the page of the dispute. It is final.")
    ),
    "dispute_late_lapse": Words(
        _("Your appeal was not decided in time: {number}"), _("The decision stays as it was. We are sorry that our team did not look at it again.")
    ),
    "dispute_remind": Words(_("Only until {until}: the issue with {number}"), _("{step} If nothing happens until then: {silence}")),
    "dispute_return": Words(
        _("Send it back: {number}"), _("Send it until {until} and write the tracking number on the page of the dispute. Else {shop} is paid.")
    ),
    "expired": Words(_("Not paid in time: {number}"), _("Nothing was charged. Your basket is still there.")),
    "withdrawn": Words(_("Cancelled before paying: {number}"), _("Nothing was charged. Your basket is still there.")),
}

SELLER: Mapping[str, Words] = {
    "paid": Words(
        _("Sold: {number} for {total}"),
        _("{buyer} has paid; the money is held. Hand it over until {due}, or the order is cancelled with a full refund."),
    ),
    "remind_ship": Words(
        _("Hand over soon: {number}"), _("If it is not handed over until {due}, the order is cancelled and {buyer} gets the money back.")
    ),
    "carrier_trouble": Words(_("Parcel {number} has a problem on the road"), _("The carrier says: {carrier_words}.")),
    "delivered": Words(_("Delivered: {number}"), _("You are paid when {buyer} confirms, on {due} at the latest.")),
    "more_time": Words(_("{buyer} needs more time for {number}"), _("The new date is {due}. This can be asked once.")),
    "completed": Words(_("The money for {number} is yours"), _("{buyer}'s payment was released to your balance.")),
    "cancelled": Words(_("Cancelled: {number}"), _("The order was cancelled and {buyer} gets {amount} back. Do not send it.")),
    "cancel_asked": Words(
        _("{buyer} asks to cancel {number}"),
        _("Agree, or send it if it is too late to stop it. If you do nothing until {until}, the order is cancelled."),
    ),
    "cancel_withdrawn": Words(_("{buyer} wants {number} after all"), _("It is no longer to be cancelled: send it as agreed.")),
    "cancelled_late": Words(_("Cancelled, too late: {number}"), _("It was not handed over in time. {buyer} gets {amount} back. Do not send it.")),
    "refunded": Words(_("Refunded: {number}"), _("{amount} went back to {buyer}.")),
    "part_paid": Words(_("Paid and held: {part} of {number}"), _("{buyer} has paid {amount}; it is held for you.")),
    "part_released": Words(_("The money for {part} of {number} is yours"), _("{amount} was released to your balance, less the commission.")),
    "plan_missed": Words(
        _("Ended: a part of {number} was not paid"),
        _("{buyer} did not pay in time. What was paid and not handed over is settled as your terms say. Do not send it."),
    ),
    "remind_part_after": Words(
        _("Late: {part} of {number}"), _("{buyer} has not paid {amount}. You may give more time; else the order ends on {part_until}.")
    ),
    "given_back_by_us": Words(
        _("{amount} went back to {buyer}: {number}"), _("Our team took it from your balance, and our commission on it goes back to you: {reason}")
    ),
    "issue": Words(
        _("{buyer} has an issue with {number}"), _("The money is frozen until this is settled. Answer soon: it is the quickest way to a good end.")
    ),
    "resumed": Words(_("The issue with {number} is closed"), _("The order goes on where it stopped.")),
    "dispute_proposal": Words(
        _("{buyer} proposes {amount} back: {number}"), _("Accept it or propose another amount until {until}. What both accept is done at once.")
    ),
    "dispute_note": Words(_("New message about the issue with {number}"), _("Read it and answer on the page of the dispute.")),
    "dispute_exhibit": Words(_("New evidence about the issue with {number}"), _("Look at it, and add your own while there is time.")),
    "dispute_escalate": Words(_("Our team takes up the issue with {number}"), _("Show what proves your side until {until}. Then our team decides.")),
    "dispute_ruled": Words(
        _("Decided: the issue with {number}"), _("Read the decision and its reasons. You may appeal once, with something new, until {until}.")
    ),
    "dispute_appeal": Words(_("{buyer} appeals: {number}"), _("Somebody else of our team looks at it. Say what you know about what is new.")),
    "dispute_final": Words(_("Decided about the appeal: {number}"), _("Read the decision and its reasons. It is final.")),
    "dispute_late_appeal": Words(
        _("{buyer} appeals after you were paid: {number}"),
        _("Somebody else of our team looks at it again. Read what is new; if more goes back, it is taken from your balance."),
    ),
    "dispute_late_ruling": Words(
        _("Decided about the late appeal: {number}"), _("{amount} more goes back to {buyer}, from your balance. Read the reasons. It is final.")
    ),
    "dispute_late_lapse": Words(_("The late appeal was not granted: {number}"), _("The decision stays as it was.")),
    "dispute_remind": Words(_("Only until {until}: the issue with {number}"), _("{step} If nothing happens until then: {silence}")),
    "dispute_return": Words(_("{buyer} has to send it back: {number}"), _("It has to be on its way until {until}. If it is not, you are paid.")),
    "dispute_ship_back": Words(
        _("On its way back to you: {number}"), _("Confirm when it is there, or say what else came, until {until}. Else {buyer} gets the money back.")
    ),
    "chargeback_opened": Words(
        _("A bank asks {amount} back: {number}"),
        _("The bank of {buyer} takes this payment back and examines it. The money stands still. Add what proves the delivery, on your payouts page."),
    ),
    "chargeback_reminder_due": Words(_("Three days left to answer the bank: {number}"), _("Add what proves the delivery, on your payouts page.")),
    "chargeback_won": Words(_("The bank decided for you: {number}"), _("{amount} is back, and the order goes on where it stopped.")),
    "chargeback_lost": Words(
        _("The bank decided for the buyer: {number}"),
        _("{amount} stays with {buyer}. Your payouts page says who bears it, and what your balance is."),
    ),
}


def tell(*, order: Order, event: str, facts: Mapping[str, Any], at: datetime, page: str = "", to: Collection[str] = ("buyer", "seller")) -> None:
    """Tell these sides about the event, each in their words; events without words tell nobody. `page` lies below the order's."""
    tellings = []
    if "buyer" in to and (words := BUYER.get(event)):
        tellings.append(_telling(_buyer(order), words, order, event, facts, url=buyer_url(order, page), side="buyer", at=at))
    if "seller" in to and (words := SELLER.get(event)):
        url = f"/sell/{order.vendor.slug}/orders/{order.reference}/{page}"
        tellings += [_telling(person, words, order, event, facts, url=url, side="seller", at=at) for person in _sellers(order, page)]
    if tellings:
        notifications.notify_all(tellings, category=CATEGORY, at=at)


def buyer_url(order: Order, page: str = "") -> str:
    path = f"/orders/{order.reference}/{page}"
    return f"{path}?key={guest_links.key_of(secret=settings.SECRET_KEY, order=order.reference)}" if order.is_guest else path


def _buyer(order: Order) -> Recipient:
    return Recipient.of_user(order.user) if order.user else Recipient.of_guest(order.email, order.language)


def _sellers(order: Order, page: str = "") -> Iterable[Recipient]:
    for user in members.people_with(order.vendor, permission=roles.REFUND_ORDERS if page == DISPUTE else "view_orders"):
        yield Recipient.of_user(user)


def _telling(to: Recipient, words: Words, order: Order, event: str, facts: Mapping[str, Any], *, url: str, side: str, at: datetime) -> Telling:
    person = to.user.reference if to.user else "guest"
    zone = ZoneInfo(to.user.time_zone) if to.user else None  # the same clock as on this person's pages
    with override(to.language), timezone.override(zone):
        params = _Params(order, facts, to.language)
        return Telling(
            to=to,
            key=f"order:{order.reference}:{event}:{facts.get('once', at.isoformat())}:{side}:{person}",
            title=str(words.title).format_map(params),
            body=str(words.body).format_map(params),
            url=url,
        )


class _Params(dict[str, str]):
    """What the words may name. Amounts and dates take their time, so they are written when they are named."""

    def __init__(self, order: Order, facts: Mapping[str, Any], language: str) -> None:
        amount = Money(facts.get("amount_minor", order.total_minor), order.currency)
        super().__init__(
            number=order.number,
            shop=order.vendor.name,
            buyer=order.buyer_name,
            reason=str(facts.get("reason", "")),
            what=str(facts.get("what", "")),
            tracking=str(facts.get("tracking_number", "")),
            carrier_words=str(facts.get("words", "")),
            place=str(order.delivery.get("name", "")),
            step=str(facts.get("step", "")),
            silence=str(facts.get("silence", "")),
        )
        self._later: Mapping[str, Callable[[], str]] = {
            "total": lambda: money_text(order.total if order.plan_id is None else order.hold.gross, language),
            "amount": lambda: money_text(amount, language),
            "part": lambda: str(facts.get("name") or _("Part {number}").format(number=facts.get("part", ""))),
            "until": lambda: moment_text(datetime.fromisoformat(facts["until"]), language),
            "part_due": lambda: moment_text(datetime.fromisoformat(facts["due"]), language),
            "part_until": lambda: moment_text(datetime.fromisoformat(facts["until"]), language),
            "due": lambda: moment_text(order.hold.due_at, language) if order.hold.due_at else str(_("the date on the order page")),
        }

    def __missing__(self, name: str) -> str:
        return self._later[name]()


def money_text(amount: Money, language: str) -> str:
    return money_words(amount, language)


def moment_text(moment: datetime, language: str) -> str:
    return str(format_datetime(localtime(moment), "EEE d MMM, HH:mm" if language == "en" else "M月d日 EEE HH:mm", locale=to_locale(language)))
