"""Reading the book: balances, the story of a trade, and the desk's explorer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from core.compiled import Asked, compiled
from escrow.ledger.accounts import AccountName
from escrow.ledger.models import Account, Posting, Seal, Transfer


@dataclass(frozen=True, slots=True)
class BookLine:
    """One posting with its transfer, for “where is my money”. `amount_minor`: a debit is positive."""

    key: str
    event: str
    at: datetime
    account: str
    currency: str
    amount_minor: int
    note: str


def balance(account: AccountName) -> int:
    """In minor units and on the account's own side: positive is normal. A kept balance is read, another is summed."""
    return balance_in(account_rows(account).first())


def last_line_of(account: AccountName) -> int:
    """The number of the newest line of an account: it grows with each."""
    return Posting.objects.filter(account__code=account.code).order_by("-id").values_list("id", flat=True).first() or 0


def is_posted(key: str) -> bool:
    """Whether this fact is in the book."""
    return Transfer.objects.filter(key=key).exists()


def newest_lines(account: AccountName, *, before: str, most: int) -> list[tuple[str, int]]:
    """Key and amount of the lines of an account before the entry with that key, the newest first."""
    mark = Posting.objects.filter(account__code=account.code, transfer__key=before).values_list("id", flat=True).first() or 0
    lines = Posting.objects.filter(account__code=account.code, id__lt=mark).order_by("-id")
    return list(lines.values_list("transfer__key", "amount_minor")[:most])


def codes_with_balance(prefix: str) -> list[str]:
    """Accounts that keep a balance and have one, by the beginning of their code."""
    return list(Account.objects.filter(code__startswith=prefix, balance_minor__gt=0).order_by("code").values_list("code", flat=True))


def account_rows(account: AccountName) -> QuerySet[Account]:
    """The account's row, if there is one."""
    return rows_of(account)


def rows_of(*accounts: AccountName) -> QuerySet[Account]:
    """The rows of these accounts, as far as there are any."""
    return Account.objects.filter(code__in=[account.code for account in accounts])


def balance_in(row: Account | None) -> int:
    """The same of an account that was read."""
    if row is None:
        return 0
    return row.balance_minor if row.keeps_balance else row.normal * _sum_of(row)


def _sum_of(row: Account) -> int:
    return int(row.postings.aggregate(total=Coalesce(Sum("amount_minor"), 0))["total"])


def lines_for(*, trade: str = "", hold: str = "") -> list[BookLine]:
    """Every line of a trade or of one hold, in the order they were written."""
    return book_lines(postings_for(trade=trade, hold=hold))


def lines_of_holds(references: Iterable[str]) -> list[BookLine]:
    """The lines of several holds' entries, oldest first, in one question."""
    codes = [f"{kind}:{reference}" for reference in references for kind in ("hold", "hold_frozen")]
    touching = Posting.objects.filter(account__code__in=codes).values("transfer_id")
    return book_lines(Posting.objects.filter(transfer_id__in=touching).select_related("transfer", "account").order_by("id"))


def postings_for(*, trade: str = "", hold: str = "") -> QuerySet[Posting]:
    """The rows behind `lines_for`, for a page that reads them together with others."""
    if not trade and not hold:
        return Posting.objects.none()
    transfers = Transfer.objects.all()
    if trade:
        transfers = transfers.filter(trade=trade)
    if hold:
        transfers = transfers.filter(id__in=_touching(hold))
    return Posting.objects.filter(transfer__in=transfers).select_related("transfer", "account").order_by("id")


def book_lines(postings: Iterable[Posting]) -> list[BookLine]:
    return [
        BookLine(
            key=posting.transfer.key,
            event=posting.transfer.event,
            at=posting.transfer.at,
            account=posting.account.code,
            currency=posting.currency,
            amount_minor=posting.amount_minor,
            note=posting.transfer.note,
        )
        for posting in postings
    ]


@compiled
def _story(account: str, frozen: str) -> QuerySet[Posting, tuple[Any, ...]]:
    touching = Posting.objects.filter(account__in=Account.objects.filter(code__in=(account, frozen)))
    lines = Posting.objects.filter(transfer_id__in=touching.values("transfer_id")).order_by("id")
    return lines.values_list("transfer__key", "transfer__event", "transfer__at", "account__code", "currency", "amount_minor", "transfer__note")


def asked_of_hold(hold: str) -> Asked[tuple[Any, ...]]:
    """What `lines_for` of a hold asks, for a reader who asks for more at once; `BookLine(*row)` is its answer."""
    return _story.asked(f"hold:{hold}", f"hold_frozen:{hold}")


def _touching(hold: str) -> QuerySet[Posting, int]:
    of_hold = Account.objects.filter(code__in=(f"hold:{hold}", f"hold_frozen:{hold}"))
    return Posting.objects.filter(account__in=of_hold).values_list("transfer_id", flat=True)


def accounts_matching(*, words: str = "", kind: str = "", currency: str = "") -> QuerySet[Account]:
    """For the explorer: accounts by part of their code, kind and currency, platform accounts first."""
    found = Account.objects.all()
    if words:
        found = found.filter(code__icontains=words)
    if kind:
        found = found.filter(kind=kind)
    if currency:
        found = found.filter(currency=currency)
    return found.order_by("keeps_balance", "code")


def balances_of(accounts: list[Account]) -> dict[int, int]:
    """Balances of many accounts at once, each on its own side."""
    kept = {account.pk: account.balance_minor for account in accounts if account.keeps_balance}
    summed = [account for account in accounts if not account.keeps_balance]
    sums = dict(Posting.objects.filter(account__in=summed).values_list("account_id").annotate(total=Sum("amount_minor")).order_by())
    return kept | {account.pk: account.normal * int(sums.get(account.pk, 0)) for account in summed}


def account(code: str) -> Account | None:
    return Account.objects.filter(code=code).first()


def transfer(key: str) -> Transfer | None:
    return Transfer.objects.filter(key=key).first()


def seal_of(transfer: Transfer) -> Seal | None:
    return Seal.objects.filter(transfer=transfer).first()


def transfers_matching(*, words: str = "", event: str = "", hold: str = "") -> QuerySet[Transfer]:
    """For the explorer: newest first, by key or trade, event, or the hold that they touch."""
    found = Transfer.objects.all()
    if words:
        found = found.filter(Q(trade=words.upper()) | Q(key__icontains=words))
    if event:
        found = found.filter(event=event)
    if hold:
        found = found.filter(id__in=_touching(hold))
    return found.order_by("-id")


def lines_of(transfers: list[Transfer]) -> dict[int, list[Posting]]:
    """The postings of these transfers with their accounts, in one query."""
    lines: dict[int, list[Posting]] = {transfer.pk: [] for transfer in transfers}
    for posting in Posting.objects.filter(transfer__in=transfers).select_related("account").order_by("id"):
        lines[posting.transfer_id].append(posting)
    return lines


def postings_of(account: Account) -> QuerySet[Posting]:
    """One account's statement, newest first."""
    return account.postings.select_related("transfer").order_by("-id")


def event_names() -> list[str]:
    return list(Transfer.objects.order_by("event").values_list("event", flat=True).distinct())
