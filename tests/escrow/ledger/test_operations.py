from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from core import clock
from core.actors import SYSTEM
from escrow.ledger import accounts, queries
from escrow.ledger import operations as ledger
from escrow.ledger.entries import EntryInvalid
from escrow.ledger.models import Posting, Transfer
from escrow.ledger.operations import Draft, InsufficientBalance, KeyConflict, Line, credit, debit
from tests.factories.escrow import post_fund

pytestmark = pytest.mark.django_db(transaction=True)

HOLD = accounts.hold("H", "EUR")
SELLER = accounts.seller_payable("SELLER", "EUR")
COMMISSION = accounts.commission("EUR")


def post(key: str, *lines: Line, event: str = "release") -> Transfer:
    with transaction.atomic():
        return ledger.post(key=key, event=event, lines=lines, trade="TRADE", actor=SYSTEM, at=clock.now())


def test_post_moves_balances_on_both_sides() -> None:
    post_fund("fund:P:H", "H", 1000)
    post("release:H:1", debit(HOLD, 1000), credit(SELLER, 920), credit(COMMISSION, 80))
    assert [queries.balance(name) for name in (HOLD, SELLER, COMMISSION)] == [0, 920, 80]
    assert queries.balance(accounts.psp_clearing("sandbox", "EUR")) == 1000
    assert queries.balance(accounts.reserve("NOBODY", "EUR")) == 0


def test_post_repeats_the_same_fact_once() -> None:
    first = post_fund("fund:P:H", "H", 1000)
    again = post_fund("fund:P:H", "H", 1000)
    assert again.pk == first.pk
    assert (Transfer.objects.count(), queries.balance(HOLD)) == (1, 1000)


@pytest.mark.parametrize("other", [{"amount_minor": 999}, {"hold": "OTHER"}, {"trade": "ELSE"}])
def test_post_refuses_another_body_under_a_known_key(other: dict[str, object]) -> None:
    post_fund("fund:P:H", "H", 1000)
    with pytest.raises(KeyConflict):
        post_fund(**{"key": "fund:P:H", "hold": "H", "amount_minor": 1000, **other})  # type: ignore[arg-type]
    assert (Transfer.objects.count(), queries.balance(HOLD)) == (1, 1000)


def test_post_refuses_to_overdraw_and_writes_nothing() -> None:
    post_fund("fund:P:H", "H", 1000)
    with pytest.raises(InsufficientBalance):
        post("release:H:1", debit(HOLD, 1001), credit(SELLER, 1001))
    assert (Transfer.objects.count(), queries.balance(HOLD), queries.balance(SELLER)) == (1, 1000, 0)


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (debit(HOLD, 0), credit(SELLER, 0)),
        (debit(HOLD, 5), credit(SELLER, 4)),
        (debit(HOLD, -5), credit(SELLER, -5)),
        (Line(account=HOLD, debit_minor=5, credit_minor=5), credit(SELLER, 0)),
        (debit(HOLD, 10**15), credit(SELLER, 10**15)),
        (debit(HOLD, 5), credit(accounts.seller_payable("S", "USD"), 5)),
    ],
)
def test_post_refuses_what_is_not_an_entry(lines: tuple[Line, ...]) -> None:
    with pytest.raises(EntryInvalid):
        post("nonsense", *lines)


def test_post_leaves_zero_lines_out() -> None:
    post_fund("fund:P:H", "H", 1000)
    transfer = post("release:H:1", debit(HOLD, 1000), credit(SELLER, 1000), credit(COMMISSION, 0))
    assert Posting.objects.filter(transfer=transfer).count() == 2


def test_post_belongs_into_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        ledger.post(key="k", event="e", lines=[debit(HOLD, 1), credit(SELLER, 1)], trade="", actor=SYSTEM, at=clock.now())


def test_post_many_writes_all_or_nothing() -> None:
    post_fund("fund:P:H", "H", 1000)
    drafts = [Draft(key=f"release:H:{n}", event="release", lines=(debit(HOLD, 400), credit(SELLER, 400)), trade="TRADE") for n in range(3)]
    with pytest.raises(InsufficientBalance), transaction.atomic():
        ledger.post_many(drafts, actor=SYSTEM, at=clock.now())
    assert queries.balance(HOLD) == 1000
    with transaction.atomic():
        posted = ledger.post_many(drafts[:2], actor=SYSTEM, at=clock.now())
    with transaction.atomic():
        again = ledger.post_many(drafts[:2], actor=SYSTEM, at=clock.now())
    assert [one.pk for one in posted] == [one.pk for one in again]
    assert queries.balance(HOLD) == 200


def test_post_takes_one_round_trip(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    at = clock.now()
    with transaction.atomic(), django_assert_num_queries(1):
        ledger.post(
            key="k",
            event="fund",
            lines=[debit(accounts.psp_clearing("sandbox", "EUR"), 1), credit(HOLD, 1)],
            trade="",
            actor=SYSTEM,
            at=at,
        )


def test_twins_at_the_same_time_post_once() -> None:
    post_fund("fund:P:H", "H", 1000)

    def release(_number: int) -> str:
        try:
            post("release:H:1", debit(HOLD, 1000), credit(SELLER, 920), credit(COMMISSION, 80))
        except InsufficientBalance:
            return "short"
        else:
            return "posted"
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(release, range(36)))
    assert set(answers) == {"posted"}
    assert (Transfer.objects.count(), queries.balance(HOLD), queries.balance(SELLER)) == (2, 0, 920)


def test_different_spenders_at_the_same_time_never_overdraw() -> None:
    post_fund("fund:P:H", "H", 1000)

    def take(number: int) -> bool:
        try:
            post(f"release:H:{number}", debit(HOLD, 300), credit(SELLER, 300))
        except InsufficientBalance:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(take, range(24))) == 3
    assert queries.balance(HOLD) == 100


def test_lines_for_tell_the_story_of_a_hold() -> None:
    post_fund("fund:P:H", "H", 1000)
    post_fund("fund:P:OTHER", "OTHER", 1)
    post("freeze:H:1", debit(HOLD, 1000), credit(accounts.hold_frozen("H", "EUR"), 1000), event="freeze")
    assert [line.event for line in queries.lines_for(hold="H")] == ["fund", "fund", "freeze", "freeze"]
    assert len(queries.lines_for(trade="TRADE")) == 6
    assert queries.lines_for() == []
