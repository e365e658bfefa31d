"""What the database itself refuses, tried with plain SQL past all of our code."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import Error

from escrow.ledger.models import Account, Posting, Transfer
from tests.factories.escrow import post_fund

pytestmark = pytest.mark.django_db(transaction=True)

TRANSFER = """INSERT INTO escrow_transfer (key, event, at, trade, body_hash, actor, note)
              VALUES ('raw', 'raw', now(), '', '', 'system', '') RETURNING id"""


def run(sql: str, *parameters: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0] if cursor.description else None


def write(*postings: tuple[str, str, int]) -> None:
    with transaction.atomic():
        transfer = run(TRANSFER)
        for code, currency, amount in postings:
            run(
                "INSERT INTO escrow_posting (transfer_id, account_id, currency, amount_minor)"
                " SELECT %s, id, %s, %s FROM escrow_account WHERE code = %s",
                transfer, currency, amount, code,
            )  # fmt: skip


@pytest.fixture
def book() -> Transfer:
    return post_fund("fund:P:H", "H", 1000)


CLEARING, HOLD = "psp_clearing:sandbox:EUR", "hold:H"


@pytest.mark.parametrize("table", ["escrow_transfer", "escrow_posting", "escrow_account", "escrow_seal"])
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_history_refuses_removal(book: Transfer, table: str, verb: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        run(verb.format(table))
    assert Posting.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE escrow_posting SET amount_minor = amount_minor * 2",
        "UPDATE escrow_posting SET account_id = account_id WHERE false",
        "UPDATE escrow_transfer SET note = 'another story'",
        "UPDATE escrow_transfer SET xact = 0",
        "UPDATE escrow_account SET balance_minor = 999999 WHERE code = 'hold:H'",
        "UPDATE escrow_account SET balance_minor = balance_minor WHERE code = 'hold:H'",
        "UPDATE escrow_account SET guarded = false",
        "UPDATE escrow_account SET currency = 'USD'",
    ],
)
def test_history_refuses_change(book: Transfer, change: str) -> None:
    with pytest.raises(IntegrityError, match=r"append-only|only postings change"):
        run(change)


def test_commit_refuses_an_unbalanced_transfer(book: Transfer) -> None:
    with pytest.raises(IntegrityError, match="does not balance"):
        write((CLEARING, "EUR", 100), (HOLD, "EUR", -99))
    assert Transfer.objects.count() == 1


def test_commit_refuses_a_transfer_with_one_or_no_posting(book: Transfer) -> None:
    with pytest.raises(IntegrityError, match="does not balance"):
        write()
    with pytest.raises(IntegrityError, match="posting_moves_something"):
        write((CLEARING, "EUR", 0), (HOLD, "EUR", 0))
    with pytest.raises(IntegrityError, match="does not balance"):
        write((CLEARING, "EUR", 5))


def test_commit_refuses_balance_only_across_currencies(book: Transfer) -> None:
    post_fund("fund:P:U", "U", 1000, "USD")
    with pytest.raises(IntegrityError, match="does not balance"):
        write((CLEARING, "EUR", 100), ("hold:U", "USD", -100))


def test_posting_refuses_another_currency_than_its_account(book: Transfer) -> None:
    with pytest.raises(IntegrityError, match="posting_in_its_accounts_currency"):
        write((CLEARING, "USD", 100), (HOLD, "USD", -100))


def test_posting_refuses_to_join_a_sealed_transfer(book: Transfer) -> None:
    with pytest.raises(IntegrityError, match="takes no further postings"):
        run(
            "INSERT INTO escrow_posting (transfer_id, account_id, currency, amount_minor)"
            " SELECT %s, id, 'EUR', CASE code WHEN 'hold:H' THEN -7 ELSE 7 END FROM escrow_account",
            book.pk,
        )


def test_guarded_account_refuses_to_be_negative(book: Transfer) -> None:
    with pytest.raises(IntegrityError, match="account_never_negative"):
        write((HOLD, "EUR", 1001), (CLEARING, "EUR", -1001))
    assert Account.objects.get(code=HOLD).balance_minor == 1000


def test_account_opens_empty_whatever_is_asked(book: Transfer) -> None:
    run(
        "INSERT INTO escrow_account (code, kind, currency, normal, keeps_balance, guarded, balance_minor)"
        " VALUES ('hold:GIFT', 'liability', 'EUR', -1, true, true, 5000)"
    )
    assert Account.objects.get(code="hold:GIFT").balance_minor == 0


def test_transfer_key_is_unique(book: Transfer) -> None:
    with pytest.raises(IntegrityError, match="transfer_key_once"):
        run(TRANSFER.replace("'raw', 'raw'", "'fund:P:H', 'raw'"))


def test_stamp_cannot_be_forged(book: Transfer) -> None:
    """A transfer that claims to be of another transaction would stay open for postings."""
    with pytest.raises(Error), transaction.atomic():
        run(TRANSFER.replace("note)", "note, xact)").replace("'')", "'', 999999999)"))
        run("SET CONSTRAINTS ALL IMMEDIATE")
    with transaction.atomic():
        transfer = run(TRANSFER.replace("note)", "note, xact)").replace("'')", "'', 999999999)"))
        assert run("SELECT xact FROM escrow_transfer WHERE id = %s", transfer) != 999999999
        transaction.set_rollback(True)
