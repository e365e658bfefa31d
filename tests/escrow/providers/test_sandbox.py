"""The sandbox keeps a real provider's manners: one key one effect, its own balance, faults that can be repeated."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from core import clock
from core.money import Money
from escrow.payments import sandbox_bank
from escrow.providers import registry
from escrow.providers.base import PaymentProvider, PaymentRequest, ProviderRejected, ProviderUnavailable
from escrow.providers.sandbox import sellers, switches
from escrow.providers.sandbox.models import SandboxEvent, SandboxTransfer

pytestmark = pytest.mark.django_db(transaction=True)


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.fixture
def bank() -> PaymentProvider:
    return registry.get("sandbox")


def paid(bank: PaymentProvider, minor: int = 10_000, key: str = "payment") -> str:
    request = PaymentRequest(
        key=key, amount=euros(minor), description="", return_url="/", expires_at=clock.now() + timedelta(hours=1), metadata={"a": "b"}
    )
    ref = bank.create_payment(request).ref
    sandbox_bank.pay(ref, method="card", at=clock.now())
    return ref


def seller(bank: PaymentProvider) -> str:
    return bank.open_account(key="account", currency="EUR", country="FR", metadata={}).ref


Write = Callable[[PaymentProvider, str, str], object]
WRITES: dict[str, Write] = {
    "refund": lambda bank, payment, account: bank.refund(key="k", payment_ref=payment, amount=euros(100), metadata={}),
    "transfer": lambda bank, payment, account: bank.transfer(key="k", account_ref=account, amount=euros(100), metadata={}),
    "account": lambda bank, payment, account: bank.open_account(key="k", currency="EUR", country="FR", metadata={}),
    "payout": lambda bank, payment, account: bank.payout(key="k", account_ref=account, amount=euros(100), metadata={}),
    "reverse": lambda bank, payment, account: bank.reverse(key="k", transfer_ref=SandboxTransfer.objects.get(key="t").ref, amount=euros(100)),
}


@pytest.fixture
def scene(bank: PaymentProvider) -> tuple[PaymentProvider, str, str]:
    payment, account = paid(bank), seller(bank)
    bank.transfer(key="t", account_ref=account, amount=euros(500), metadata={})
    return bank, payment, account


@pytest.mark.parametrize("name", WRITES)
def test_same_key_acts_once(name: str, scene: tuple[PaymentProvider, str, str]) -> None:
    bank = scene[0]
    first = WRITES[name](*scene)
    balance = bank.balance("EUR")
    assert WRITES[name](*scene) == first
    assert bank.balance("EUR") == balance


@pytest.mark.parametrize("name", WRITES)
def test_lost_answer_has_acted_and_asking_again_tells(name: str, scene: tuple[PaymentProvider, str, str]) -> None:
    bank = scene[0]
    sandbox_bank.configure(error_after_success=1000)
    with pytest.raises(ProviderUnavailable):
        WRITES[name](*scene)
    balance = bank.balance("EUR")
    sandbox_bank.configure(error_after_success=0)
    WRITES[name](*scene)
    assert bank.balance("EUR") == balance


@pytest.mark.parametrize("name", WRITES)
def test_nothing_happens_inside_a_callers_transaction(name: str, scene: tuple[PaymentProvider, str, str]) -> None:
    balance = scene[0].balance("EUR")
    with pytest.raises(RuntimeError), transaction.atomic():
        WRITES[name](*scene)
    assert scene[0].balance("EUR") == balance


@pytest.mark.parametrize("name", ["refund", "transfer", "payout"])
def test_same_key_with_another_amount_is_rejected(name: str, scene: tuple[PaymentProvider, str, str]) -> None:
    bank, payment, account = scene
    WRITES[name](*scene)
    others: dict[str, Callable[[], object]] = {
        "refund": lambda: bank.refund(key="k", payment_ref=payment, amount=euros(101), metadata={}),
        "transfer": lambda: bank.transfer(key="k", account_ref=account, amount=euros(101), metadata={}),
        "payout": lambda: bank.payout(key="k", account_ref=account, amount=euros(101), metadata={}),
    }
    with pytest.raises(ProviderRejected, match="key_reused"):
        others[name]()


def test_balance_is_the_sum_of_the_statement(scene: tuple[PaymentProvider, str, str]) -> None:
    bank = scene[0]
    for write in WRITES.values():
        write(*scene)
        SandboxTransfer.objects.filter(key="k").update(key="k-transfer")
    lines = bank.list_balance_transactions(since=clock.now() - timedelta(days=1))
    assert sum(line.net.amount_minor for line in lines) == bank.balance("EUR").total.amount_minor
    assert lines[0].fee == euros(175)
    second = bank.list_balance_transactions(since=clock.now() - timedelta(days=1), after=lines[0].ref)
    assert second == lines[1:]


def test_money_is_available_only_after_its_settlement(bank: PaymentProvider) -> None:
    sandbox_bank.configure(settlement_seconds=3600, fee_bp=0, fee_fixed_minor=0)
    paid(bank, 1000)
    account = seller(bank)
    assert (bank.balance("EUR").available, bank.balance("EUR").pending) == (euros(0), euros(1000))
    with pytest.raises(ProviderRejected, match="balance_insufficient"):
        bank.transfer(key="t", account_ref=account, amount=euros(1), metadata={})
    clock.travel(timedelta(seconds=3601))
    assert bank.transfer(key="t", account_ref=account, amount=euros(1000), metadata={}).status == "paid"


def test_transfers_at_once_never_spend_more_than_there_is(bank: PaymentProvider) -> None:
    sandbox_bank.configure(fee_bp=0, fee_fixed_minor=0)
    paid(bank, 1000)
    account = seller(bank)

    def move(number: int) -> bool:
        try:
            bank.transfer(key=f"t{number}", account_ref=account, amount=euros(300), metadata={})
        except ProviderRejected:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(move, range(12))) == 3
    assert bank.balance("EUR").total == euros(100)


@pytest.mark.parametrize(("minor", "code"), [(0, "more_than_paid"), (-1, "more_than_paid"), (10_001, "more_than_paid")])
def test_refund_stays_within_the_payment(bank: PaymentProvider, minor: int, code: str) -> None:
    payment = paid(bank)
    with pytest.raises(ProviderRejected, match=code):
        bank.refund(key="r", payment_ref=payment, amount=euros(minor), metadata={})


def test_payout_arrives_later_and_may_fail_even_after_it_was_paid(scene: tuple[PaymentProvider, str, str]) -> None:
    bank, _payment, account = scene
    ref = bank.payout(key="p", account_ref=account, amount=euros(500), metadata={}).ref
    sandbox_bank.land_due_payouts()
    assert bank.retrieve_payout(ref).status == "pending"
    clock.travel(timedelta(minutes=2))
    sandbox_bank.land_due_payouts()
    assert bank.retrieve_payout(ref).status == "paid"
    sellers.bounce_payout(ref, at=clock.now())
    assert bank.retrieve_payout(ref).status == "failed"
    bank.payout(key="p2", account_ref=account, amount=euros(500), metadata={})


def test_unknown_things_are_rejected_by_name(bank: PaymentProvider) -> None:
    for read in (bank.retrieve_payment, bank.retrieve_refund, bank.retrieve_transfer, bank.retrieve_payout, bank.retrieve_account):
        with pytest.raises(ProviderRejected, match="no_such"):
            read("none")


def test_same_seed_has_the_same_faults() -> None:
    def draw(seed: int) -> list[bool]:
        switches.configure(seed=seed, draws=0, drop=500)
        return [switches.strikes("drop") for _ in range(40)]

    first, again, other = draw(7), draw(7), draw(8)
    assert first == again
    assert first != other
    assert 5 < sum(first) < 35


def test_switches_decide_about_messages(bank: PaymentProvider) -> None:
    sandbox_bank.configure(drop=1000)
    paid(bank, key="lost")
    sandbox_bank.configure(drop=0, duplicate=1000, delay=1000)
    paid(bank, key="twice")
    lost, twice = SandboxEvent.objects.order_by("id")
    assert (lost.lost, twice.lost, twice.times) == (True, False, 2)
    assert twice.deliver_at > twice.created_at


def test_declining_bank_takes_nothing(bank: PaymentProvider) -> None:
    sandbox_bank.configure(decline=1000)
    ref = paid(bank)
    assert (bank.retrieve_payment(ref).status, bank.retrieve_payment(ref).tries_failed) == ("open", 1)
    assert bank.balance("EUR").total == euros(0)
