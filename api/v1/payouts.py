"""A shop's money: balance, payouts, and asking for one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api import serializers
from api.views import SoukViewSet
from core import clock
from core.errors import Invalid
from core.money import AmountMalformed, Money, parse
from escrow.payouts import access, daily, queries
from escrow.payouts import onboarding as provider_pages
from escrow.payouts import operations as payouts
from escrow.payouts.models import Payout, SellerAccount
from escrow.payouts.states import Schedule
from vendors.members import access as shops
from vendors.members import roles
from vendors.profiles.models import Vendor

SHOP = OpenApiParameter("vendor_slug", str, OpenApiParameter.PATH, description="The shop's slug.")


class AmountSerializer(serializers.Serializer[Any]):
    """An exact amount."""

    amount = serializers.CharField(help_text="Decimal text: 12.50")
    amount_minor = serializers.IntegerField()
    currency = serializers.CharField()


class BalanceSerializer(serializers.Serializer[Any]):
    """Where the shop's money is, after commission."""

    pending = AmountSerializer(help_text="Waits in holds until buyers confirm.")
    available = AmountSerializer(help_text="May be asked for.")
    in_transit = AmountSerializer(help_text="On its way to the bank.")
    paid_out = AmountSerializer(help_text="Reached the bank.")
    reserved = AmountSerializer(help_text="Kept back for a while, then available.")
    owed = AmountSerializer(help_text="A debt: given back to buyers after it was paid to you. Your next sales pay it; no payouts until then.")
    account_ready = serializers.BooleanField(help_text="Payouts are set up.")
    account_missing = serializers.ListField(
        child=serializers.CharField(), help_text="What the payment provider still wants to know, in its words: see `onboarding`."
    )


class PayoutSerializer(serializers.Serializer[Any]):
    """One payout."""

    reference = serializers.CharField()
    amount = serializers.SerializerMethodField(help_text="Decimal text: 12.50")
    amount_minor = serializers.IntegerField()
    currency = serializers.CharField()
    state = serializers.CharField(help_text="requested, sent, confirmed, paid, settled, returned or failed.")
    failure = serializers.CharField()
    requested_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    arrives_at = serializers.DateTimeField(allow_null=True, help_text="Null until the bank was asked, and once it returned the money.")
    paid_at = serializers.DateTimeField(allow_null=True)

    def get_amount(self, payout: Payout) -> str:
        return payout.amount.plain()


class SettingsSerializer(serializers.Serializer[Any]):
    """When the shop is paid without asking."""

    schedule = serializers.ChoiceField(choices=Schedule.choices, help_text="daily, weekly, monthly, or manual: only when you ask.")
    minimum = serializers.CharField(
        max_length=20,
        required=False,
        allow_null=True,
        help_text="Decimal text in the shop's currency: less is not paid without asking. Null: the market's own.",
    )


class SettingsAnswerSerializer(SettingsSerializer):
    """The same, with what staff and time add to it."""

    minimum_minor = serializers.IntegerField()
    currency = serializers.CharField()
    reserve_bp = serializers.IntegerField(help_text="Hundredths of a percent of what you earn that is kept back.")
    reserve_days = serializers.IntegerField(help_text="For how many days.")
    frozen_until = serializers.DateTimeField(allow_null=True, help_text="Payouts wait until then: the account or the sign-in was changed.")


def _settings(account: SellerAccount) -> dict[str, Any]:
    least = daily.least_of(account)
    return {
        "schedule": account.schedule,
        "minimum": least.plain(),
        "minimum_minor": least.amount_minor,
        "currency": account.currency,
        "reserve_bp": account.reserve_bp,
        "reserve_days": account.reserve_days,
        "frozen_until": account.frozen_until,
    }


class ProviderPageSerializer(serializers.Serializer[Any]):
    """A page at the payment provider."""

    url = serializers.CharField()


class PayoutRequestSerializer(serializers.Serializer[Any]):
    """How much; everything available when it is left out."""

    amount = serializers.CharField(max_length=20, required=False, allow_null=True, help_text="Decimal text in the shop's currency: 12.50")


def _data(payout: Payout) -> dict[str, Any]:
    return dict(PayoutSerializer(payout).data)


def amount_in(text: str | None, currency: str) -> Money | None:
    """The amount of a request."""
    if text is None:
        return None
    try:
        return parse(text, currency)
    except AmountMalformed:
        raise Invalid("amount", _("Write an amount like 25 or 25.50.")) from None


@extend_schema_view(
    list=extend_schema(parameters=[SHOP], responses=PayoutSerializer(many=True)),
    retrieve=extend_schema(parameters=[SHOP], responses=PayoutSerializer),
)
class PayoutView(SoukViewSet):
    """Payouts of one shop."""

    access = "person"
    scope = "sell"
    permission = {
        "list": "Members with view_money.",
        "retrieve": "Members with view_money.",
        "create": "Members with manage_payouts.",
        "account": "Members with manage_payouts.",
        "onboarding": "Members with manage_payouts.",
        "retry": "Members with manage_payouts.",
        "rules": "Members with view_money.",
        "choose": "Members with manage_payouts.",
    }
    idempotent = ("create",)
    step_up = ("create", "account", "onboarding")
    serializer_class = PayoutSerializer
    queryset = Payout.objects.none()

    def _vendor(self, right: str) -> Vendor:
        return shops.get_for(self.request.user, slug=self.kwargs["vendor_slug"], permission=right)

    def get_queryset(self) -> QuerySet[Payout]:
        if not self.request.user.is_authenticated:
            return Payout.objects.none()
        return queries.payouts_of(self._vendor(roles.VIEW_MONEY).party.key)

    def list(self, request: Request, **kwargs: Any) -> Response:
        """Payouts of the shop, newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(PayoutSerializer(page, many=True).data)

    def retrieve(self, request: Request, vendor_slug: str, reference: str, **kwargs: Any) -> Response:
        """One payout."""
        return Response(_data(access.get_for(request.user, slug=vendor_slug, reference=reference, permission=roles.VIEW_MONEY)))

    @extend_schema(parameters=[SHOP], request=PayoutRequestSerializer, responses={201: PayoutSerializer})
    def create(self, request: Request, vendor_slug: str, **kwargs: Any) -> Response:
        """Ask for a payout of everything available, or of an amount."""
        vendor = self._vendor(roles.MANAGE_PAYOUTS)
        amount = amount_in(self.read(PayoutRequestSerializer).get("amount"), vendor.currency)

        def effect() -> dict[str, Any]:
            asked = payouts.request(seller=vendor.party.key, currency=vendor.currency, amount=amount, actor=self.actor, at=clock.now())
            return _data(asked)

        return self.once(effect, status=201)

    @extend_schema(parameters=[SHOP], request=None, responses={202: None})
    @action(detail=False, methods=["post"])
    def account(self, request: Request, vendor_slug: str, **kwargs: Any) -> Response:
        """Set up the payout account; ready a moment later."""
        vendor = self._vendor(roles.MANAGE_PAYOUTS)
        payouts.ensure_account(party=vendor.party.key, currency=vendor.currency, country=str(vendor.country), actor=self.actor, at=clock.now())
        return Response(status=202)

    @extend_schema(parameters=[SHOP], request=None, responses=ProviderPageSerializer)
    @action(detail=False, methods=["post"])
    def onboarding(self, request: Request, vendor_slug: str, **kwargs: Any) -> Response:
        """The provider's page where the shop answers what is still missing. It works once and soon ends: ask again for another."""
        vendor = self._vendor(roles.MANAGE_PAYOUTS)
        base = f"{settings.SOUK.url}/sell/{vendor.slug}/payouts/"
        address = provider_pages.link(
            party=vendor.party.key,
            currency=vendor.currency,
            country=str(vendor.country),
            return_url=f"{base}returned/",
            refresh_url=f"{base}onboarding/",
            actor=self.actor,
            at=clock.now(),
        )
        return Response({"url": address})

    @extend_schema(parameters=[SHOP], request=None, responses=PayoutSerializer)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, vendor_slug: str, reference: str, **kwargs: Any) -> Response:
        """Send a returned payout to the bank again."""
        payout = access.get_for(request.user, slug=vendor_slug, reference=reference, permission=roles.MANAGE_PAYOUTS)
        return Response(_data(payouts.try_again(payout=payout, actor=self.actor, at=clock.now())))

    @extend_schema(parameters=[SHOP], responses=SettingsAnswerSerializer)
    @action(detail=False, methods=["get"])
    def rules(self, request: Request, vendor_slug: str, **kwargs: Any) -> Response:
        """When the shop is paid without asking, what is kept back, and whether payouts wait."""
        account = queries.account_of(self._vendor(roles.VIEW_MONEY).party.key)
        if account is None:
            raise payouts.AccountNotReady
        return Response(_settings(account))

    @extend_schema(parameters=[SHOP], request=SettingsSerializer, responses=SettingsAnswerSerializer)
    @rules.mapping.put
    def choose(self, request: Request, vendor_slug: str, **kwargs: Any) -> Response:
        """Choose when the shop is paid without asking."""
        vendor = self._vendor(roles.MANAGE_PAYOUTS)
        given = self.read(SettingsSerializer)
        least = amount_in(given.get("minimum"), vendor.currency)
        account = payouts.choose(party=vendor.party.key, schedule=given["schedule"], minimum=least, actor=self.actor, at=clock.now())
        return Response(_settings(account))


class BalanceView(SoukViewSet):
    """The balance of one shop."""

    access = "person"
    scope = "sell"
    permission = "Members with view_money."
    serializer_class = BalanceSerializer
    queryset = Payout.objects.none()
    pagination_class = None

    @extend_schema(parameters=[SHOP], responses=BalanceSerializer, operation_id="vendors_balance")
    def list(self, request: Request, vendor_slug: str, **kwargs: Any) -> Response:
        """Where the shop's money is."""
        vendor = shops.get_for(request.user, slug=vendor_slug, permission=roles.VIEW_MONEY)
        balance, account = queries.balance_of(vendor.party.key, vendor.currency), queries.account_of(vendor.party.key)
        sums = {name: money_of(getattr(balance, name)) for name in ("pending", "available", "in_transit", "paid_out", "reserved", "owed")}
        return Response({**sums, "account_ready": bool(account and account.ready), "account_missing": account.missing if account else []})


def money_of(amount: Money) -> dict[str, Any]:
    """An amount as JSON."""
    return {"amount": amount.plain(), "amount_minor": amount.amount_minor, "currency": amount.currency}
