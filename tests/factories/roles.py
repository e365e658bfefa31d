"""A life among many eyes: everybody who could knock at a door, signed in, and what each gap of the permission table stands for."""

from __future__ import annotations

from dataclasses import dataclass, field

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import Client
from django.test.client import ClientHandler

from accounts.models import ApiToken, User
from accounts.step_up import freshness
from core import clock, jobs, references
from core.actors import SYSTEM
from core.money import Money
from escrow.chargebacks import operations as chargebacks
from escrow.holds.models import Hold, Issue
from escrow.ledger import accounts
from escrow.ledger import operations as ledger
from escrow.ledger.entries import credit, debit
from escrow.ledger.models import Account, Transfer
from escrow.payments.exceptions import operations as exceptions
from escrow.payments.settlement import operations as settlement
from escrow.payouts import operations as payouts
from escrow.payouts import sending
from escrow.providers.base import ProviderDispute
from escrow.providers.sandbox import statement
from marketplace.orders.models import Order
from messaging.models import Notification
from tests.factories import people, world
from vendors.models import Vendor

STAFF = {"arbitrator": "arbitrators", "finance": "finance", "moderator": "moderators", "admin": "admins"}
IN_SHOP = ("manager", "lister", "packer", "accountant", "support")


@dataclass
class Scene:
    """Each role's cookies, and two sets of things: the buyer's and the owner's, and a stranger's."""

    cookies: dict[str, str]
    mine: dict[str, str]
    others: dict[str, str]

    handler: ClientHandler = field(default_factory=lambda: ClientHandler(enforce_csrf_checks=False))

    def client(self, role: str) -> Client:
        """A new browser with the role's cookie; the server behind it is always the same one, because starting it takes longest."""
        client = Client(raise_request_exception=False)
        client.handler = self.handler
        if role in self.cookies:
            client.cookies["sessionid"] = self.cookies[role]
        return client


def scene() -> Scene:
    mine, others = world.life("MINE"), world.life("OTHERS")
    vendor, strange = (Vendor.objects.get(slug=life.things["vendor"][0]) for life in (mine, others))
    crew = {role: people.make_member(vendor, role) for role in IN_SHOP}
    persons = {"stranger": others.seller, "buyer": mine.buyer, "owner": mine.seller, **{role: member.user for role, member in crew.items()}}
    persons |= {role: _staff(group) for role, group in STAFF.items()}
    cookies = {role: signed_in(user) for role, user in persons.items()}
    signed_in(others.buyer)
    for asking, life in ((vendor, mine), (strange, others)):
        life.things["payout"] = [_payout(asking)]
        life.things["chargeback"] = [_chargeback(life.things["hold"][1])]
    return Scene(
        cookies=cookies,
        mine=_things(mine, vendor) | _at_the_desk() | {"member": crew["packer"].reference},
        others=_things(others, strange) | {"member": people.make_member(strange, "packer").reference},
    )


def _things(life: world.Life, vendor: Vendor) -> dict[str, str]:
    """One thing of each kind: the buyer's where people own it, the shop's where shops do."""
    first = {kind: references[0] for kind, references in life.things.items() if references}
    draft, lamp = life.things["listing"]
    orders, holds = life.things["order"], life.things["hold"]
    waiting, drafted = life.things["checkout"]
    told = Notification.objects.filter(user=life.buyer).first()
    assert told is not None
    return first | {
        "draft": draft,
        "listing": lamp,
        "title": "lamp",
        "path": "photos/x.jpg",
        "category": "lighting",
        "line": life.things["line"][-1],
        "verb": "pause",
        "action": "messages",
        "sick": orders[1],
        "issue": Issue.objects.get(hold__reference=holds[1]).reference,
        "checkout": drafted,
        "waiting": waiting,
        "unpaid": Order.objects.filter(checkout=waiting)[0].reference,
        "token": ApiToken.objects.filter(user=life.buyer)[0].reference,
        "notification": told.reference,
        "party": vendor.party.key,
        "session": str(UserSession.objects.filter(user=life.buyer)[0].pk),
    }


def _at_the_desk() -> dict[str, str]:
    """What waits for a person: a payment nobody expected, and a job that failed for good."""
    unexpected = exceptions.report(provider="sandbox", kind="webhook_unknown_object", object_ref="unknown", at=clock.now())
    return {
        "account": Account.objects.filter(code__startswith="psp_clearing")[0].code,
        "transfer": Transfer.objects.order_by("id")[0].key,
        "exception": str(unexpected.pk),
        "job": str(failed_job("NOSUCHPAYMENT")),
    }


def failed_job(payment: str) -> int:
    jobs.defer("escrow.payments.jobs.start_payment", payment_reference=payment)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = (SELECT max(id) FROM procrastinate_jobs) RETURNING id")
        return int(cursor.fetchone()[0])


def _staff(group: str) -> User:
    person = people.make_user(is_staff=True)
    person.groups.set(Group.objects.filter(name=group))
    return person


def signed_in(user: User) -> str:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[freshness.STAMP] += 3_600  # walking through the whole table takes longer than a proof lasts
    session.save()
    client.get("/you/sessions/")  # it is in the list of sessions from the first page on
    return client.cookies["sessionid"].value


def _chargeback(hold: str) -> str:
    """The buyer's bank asks about an order, and has taken nothing yet."""
    payment, zero = Hold.objects.get(reference=hold).payment, Money.zero("EUR")
    said = ProviderDispute(
        ref=f"dp_{hold}", payment_ref=payment.reference, status="inquiry", reason="fraudulent", amount=Money(100, "EUR"),
        withdrawn=zero, returned=zero, livemode=False,
    )  # fmt: skip
    return chargebacks.learn(payment=payment, said=said, actor=SYSTEM, at=clock.now()).reference


def _payout(vendor: Vendor) -> str:
    """Money that was released to the shop, and is on its way out again."""
    at, party, source = clock.now(), vendor.party.key, references.new()
    payouts.ensure_account(party=party, currency="EUR", country=str(vendor.country), actor=SYSTEM, at=at)
    sending.open_account(party=party, at=at)
    statement.write(kind="other", source_ref=source, gross=Money(9_000, "EUR"), at=at)
    settlement.read_statement(provider="sandbox")
    settlement.explain_waiting(at=at)
    with transaction.atomic():
        lines = [debit(accounts.suspense("sandbox", "EUR"), 9_000), credit(accounts.seller_payable(party, "EUR"), 9_000)]
        ledger.post(key=f"earn:{source}", event="earn", lines=lines, trade="", actor=SYSTEM, at=at)
    return payouts.request(seller=party, currency="EUR", amount=Money(4_000, "EUR"), actor=SYSTEM, at=at).reference
