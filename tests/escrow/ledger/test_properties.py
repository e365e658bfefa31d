"""A random life of the book against a plain-Python model; after every step all invariants hold."""

from collections import defaultdict

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core import clock
from core.actors import SYSTEM
from escrow.ledger import accounts, checks, queries
from escrow.ledger import operations as ledger
from escrow.ledger.accounts import AccountName
from escrow.ledger.models import Account, Posting, Transfer
from escrow.ledger.operations import InsufficientBalance, KeyConflict, Line, credit, debit

CURRENCIES = ("EUR", "JPY")
NAMES = st.sampled_from(
    [
        make(*arguments, currency)
        for currency in CURRENCIES
        for make, arguments in (
            (accounts.reserve, ("S",)),  # a hold of the book alone would be missed by the checks of the holds
            (accounts.seller_payable, ("S",)),
            (accounts.commission, ()),
            (accounts.psp_clearing, ("sandbox",)),
            (accounts.tax_payable, ()),
        )
    ]
)
AMOUNTS = st.integers(min_value=1, max_value=10**6)


class Book(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("TRUNCATE escrow_seal, escrow_posting, escrow_transfer, escrow_account")
            cursor.execute("SET session_replication_role = origin")
        self.sums: defaultdict[AccountName, int] = defaultdict(int)
        self.bodies: dict[str, set[tuple[AccountName, int]]] = {}

    @rule(key=st.integers(0, 30), one=NAMES, other=NAMES, amount=AMOUNTS)
    def post_pair(self, key: int, one: AccountName, other: AccountName, amount: int) -> None:
        if one.currency == other.currency and one != other:
            self._post(f"k{key}", [debit(one, amount), credit(other, amount)])

    @rule(key=st.integers(31, 60), source=NAMES, sinks=st.lists(st.tuples(NAMES, AMOUNTS), min_size=1, max_size=4, unique_by=lambda s: s[0].code))
    def post_split(self, key: int, source: AccountName, sinks: list[tuple[AccountName, int]]) -> None:
        same = [(name, amount) for name, amount in sinks if name.currency == source.currency and name != source]
        if same:
            lines = [credit(name, amount) for name, amount in same]
            self._post(f"k{key}", [debit(source, sum(amount for _name, amount in same)), *lines])

    def _post(self, key: str, lines: list[Line]) -> None:
        body = {(line.account, line.amount_minor) for line in lines}
        expected = self._expected(key, body, lines)
        try:
            with transaction.atomic():
                ledger.post(key=key, event="e", lines=lines, trade="", actor=SYSTEM, at=clock.now())
            outcome = "posted"
        except KeyConflict:
            outcome = "conflict"
        except InsufficientBalance:
            outcome = "short"
        assert outcome == expected
        if outcome == "posted" and key not in self.bodies:
            self.bodies[key] = body
            for line in lines:
                self.sums[line.account] += line.amount_minor

    def _expected(self, key: str, body: set[tuple[AccountName, int]], lines: list[Line]) -> str:
        if key in self.bodies:
            return "posted" if self.bodies[key] == body else "conflict"
        left = (line.account.normal * (self.sums[line.account] + line.amount_minor) for line in lines if line.account.guarded)
        return "short" if any(amount < 0 for amount in left) else "posted"

    @invariant()
    def book_equals_model(self) -> None:
        assert Transfer.objects.count() == len(self.bodies)
        for name, total in self.sums.items():
            assert queries.balance(name) == name.normal * total
        assert checks.violations() == []
        assert Account.objects.filter(guarded=True, balance_minor__lt=0).count() == 0
        assert sum(Posting.objects.values_list("amount_minor", flat=True)) == 0


@pytest.mark.django_db(transaction=True)
def test_book_equals_its_model() -> None:
    run_state_machine_as_test(
        Book,
        settings=settings(
            max_examples=10,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
        ),
    )
